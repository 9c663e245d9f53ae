/**
 * How fast the sandbox is: a warm program with two tool calls, pausing and resuming inside code, forking.
 *
 * `node bench/sandbox.ts [--json] [--quick]`
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { median, quantile } from '../src/eval/index.ts';
import { quickjs, type Session, type Snapshot, type Turn } from '../src/sandbox/index.ts';
import { type Measured, printRows, timed } from './rows.ts';

const PROGRAM = "const lamp = await price({ item: 'lamp' });\nconst mug = await price({ item: 'mug' });\nlamp + mug";
const READS = 1_000;
const PROGRAMS = 20;
const tools = ['price'];

/** Measures; `rounds` of each. */
export async function measureSandbox(rounds: number): Promise<Measured[]> {
  const sandbox = quickjs();
  const cold = await timed(async () => (await sandbox.open({ tools })).close());
  const opened: number[] = [];
  for (let round = 0; round < Math.min(rounds, 30); round++) {
    opened.push(await timed(async () => (await sandbox.open({ tools })).close()));
  }

  const session = await sandbox.open({ tools });
  const programs: number[] = [];
  for (let round = 0; round < rounds + 10; round++) programs.push(await timed(() => runTwoCalls(session)));
  programs.splice(0, 10);

  // A session as it is after long work: a thousand awaited reads, then one call that waits for a person.
  const long = await sandbox.open({ tools });
  const source = `let total = 0;\nfor (let n = 0; n < ${READS}; n++) total += await price({ item: String(n) });\nconst last = await price({ item: 'gated' });\ntotal + last`;
  let turn = await long.start({ source, now: 0 });
  for (let read = 0; read < READS; read++) turn = await long.settle([{ id: callId(turn), value: 1 }], 0);
  const gated = callId(turn);
  const snapshots: number[] = [];
  const restores: number[] = [];
  const resumes: number[] = [];
  const forks: number[] = [];
  let bytes = 0;
  for (let round = 0; round < Math.min(rounds, 50); round++) {
    let taken = await long.snapshot();
    snapshots.push(await timed(async () => (taken = await long.snapshot())));
    bytes = taken.bytes.byteLength;
    let back: Session | undefined;
    restores.push(await timed(async () => (back = await sandbox.restore(taken, { tools }))));
    let end: Turn | undefined;
    const settling = await timed(async () => (end = await back?.settle([{ id: gated, value: 1 }], 0)));
    if (end?.state !== 'done' || end.value?.json !== READS + 1) throw new Error('The restored session went wrong.');
    resumes.push((restores.at(-1) ?? 0) + settling);
    back?.close();
    forks.push(await timed(async () => (back = await long.fork())));
    back?.close();
  }
  long.close();

  // One run that is kept after each program, as one that waits for a person again and again.
  const next: number[] = [];
  let over: readonly string[] = [];
  let kept = 0;
  for (let program = 0; program < PROGRAMS; program++) {
    await runTwoCalls(session);
    let taken: Snapshot | undefined;
    next.push(await timed(async () => (taken = await session.snapshot({ over }))));
    const { bytes: own = new Uint8Array(), below = [] } = taken ?? {};
    over = [...below, createHash('sha256').update(own).digest('hex')];
    kept += own.byteLength;
  }
  const whole = (await session.snapshot()).bytes.byteLength;
  session.close();

  const row = (what: string, times: number[], goalMs?: number): Measured => ({
    what,
    value: median(times),
    unit: 'ms',
    ...(goalMs === undefined ? {} : { goal: `≤ ${goalMs} ms`, holds: median(times) <= goalMs }),
    how: `median of ${times.length}; p95 ${quantile(times, 0.95).toFixed(2)} ms`,
  });
  return [
    { what: 'first session of a process', value: cold, unit: 'ms', how: 'once: compile the engine, start a worker' },
    row('another session', opened),
    row('warm program with two tool calls', programs, 1),
    row(`snapshot after ${READS.toLocaleString('en-US')} reads, a call pending`, snapshots),
    { what: 'the same, size', value: bytes / 1000, unit: 'KB' },
    row('snapshot after each program of a run', next, 2),
    {
      what: `${PROGRAMS} of them, size`,
      value: kept / 1000,
      unit: 'KB',
      how: `each whole: ${((whole * PROGRAMS) / 1000).toFixed(0)} KB`,
    },
    row('restore it, warm process', restores),
    row('resume: restore, settle, run to the end', resumes, 5),
    row('fork it', forks),
  ];
}

async function runTwoCalls(session: Session): Promise<void> {
  const first = await session.start({ source: PROGRAM, now: 0 });
  const second = await session.settle([{ id: callId(first), value: 20 }], 0);
  const end = await session.settle([{ id: callId(second), value: 3 }], 0);
  if (end.state !== 'done' || end.value?.json !== 23) throw new Error('The program went wrong.');
}

function callId(turn: Turn): number {
  const call = turn.state === 'waiting' ? turn.calls[0] : undefined;
  if (call === undefined) throw new Error(`No call waits: ${JSON.stringify(turn)}`);
  return call.id;
}

if (import.meta.main) {
  printRows(await measureSandbox(process.argv.includes('--quick') ? 20 : 300));
  process.exit(0);
}
