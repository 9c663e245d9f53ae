/**
 * The run's session: held while this process holds the run, and in another process built again from the last snapshot
 * and the programs after it, with the results that the log recorded.
 *
 * @module
 */
import {
  type GuestError,
  isPoactError,
  type Json,
  RunError,
  type RunEvent,
  type RunView,
  SandboxError,
} from '../record/index.ts';
import type { Sandbox, SandboxLimits } from '../sandbox/index.ts';
import type { RunContext } from './action.ts';
import { drive, highestId } from './drive.ts';
import { type History, history, type PastProgram, REFUSED_NOTE } from './history.ts';
import { readJson } from './read-blob.ts';
import { type Facts, type LiveSession, noFacts } from './session-state.ts';
import { hasSqlWord, SQL_WORD } from './sql-data.ts';
import type { NamedTool } from './tool.ts';

export interface SessionParts {
  sandbox: Sandbox;
  tools: readonly NamedTool[];
  limits?: SandboxLimits;
}

const KEY = 'session';

/** The run's session, as it stands before the decision `of`. */
export async function liveSession(parts: SessionParts, of: number, run: RunContext): Promise<LiveSession> {
  const open = () => run.hold(KEY, async () => held(await openSession(parts, of, run)));
  let live = await open();
  if (live.undone !== run.view.project(history).undone) {
    run.letGo(KEY);
    live = await open();
  }
  await catchUp(live, of, run);
  return live;
}

/** Puts another session in the place of the run's. */
export function keepSession(live: LiveSession, run: RunContext): void {
  run.keep(KEY, held(live));
}

/** Drops the run's session: the next step builds it again from the log. */
export function dropSession(run: RunContext): void {
  run.letGo(KEY);
}

const held = (live: LiveSession) => ({ value: live, close: () => live.session.close() });

async function openSession(
  { sandbox, tools, limits }: SessionParts,
  of: number,
  run: RunContext,
): Promise<LiveSession> {
  const past = run.view.project(history);
  const names = tools.map(({ name }) => name);
  const asks = hasSqlWord(tools);
  const options = { tools: names, ...(limits === undefined ? {} : { limits }) };
  let refused: { snapshot: number; problem: Json; why: string } | undefined;
  for (const snapshot of past.snapshots.filter((candidate) => candidate.of <= of).reverse()) {
    const { engine, tools: digest, blob, below = [], seq } = snapshot;
    try {
      const bytes = await run.blobs.get(blob);
      if (bytes === undefined) throw lacks(blob);
      const kept = { engine, tools: digest, bytes, below };
      const session = await sandbox.restore(kept, { ...options, read: (name) => run.blobs.get(name) });
      if (refused !== undefined) run.note(REFUSED_NOTE, refused);
      return await standWhere(snapshot, { session, asks }, past, run);
    } catch (error) {
      // One that does not fit is passed over: the log can rebuild what it held.
      if (!isPoactError(error) || error.code !== 'snapshot-refused') throw error;
      refused ??= { snapshot: seq, problem: error.facts.problem ?? null, why: error.message };
    }
  }
  if (refused !== undefined) run.note(REFUSED_NOTE, refused);
  const seed = run.view.last('run-start')?.seed ?? 1;
  const session = await sandbox.open({ ...options, ...(asks && { words: [SQL_WORD] }), seed });
  return { session, asks, reflects: -1, msSinceSnapshot: 0, undone: past.undone };
}

function lacks(blob: string): SandboxError {
  const message = `The store lacks the snapshot ${blob}.`;
  return new SandboxError('snapshot-refused', message, { problem: 'missing', name: blob });
}

/** A restored session with the program that was waiting in it, if one was. */
async function standWhere(
  snapshot: RunEvent<'snapshot'>,
  { session, asks }: Pick<LiveSession, 'session' | 'asks'>,
  past: History,
  run: RunContext,
): Promise<LiveSession> {
  const live: LiveSession = { session, asks, reflects: snapshot.after, msSinceSnapshot: 0, undone: past.undone };
  const program = past.programs.get(snapshot.of);
  const finished = program?.observation !== undefined && program.observation.seq <= snapshot.after;
  if (program === undefined || finished) return live;
  const given = (past.settled.get(program.prefix) ?? []).filter(({ seq }) => seq <= snapshot.after);
  const partial = past.partial.get(snapshot.of);
  const facts = partial === undefined ? noFacts() : ((await readJson(run, partial)) as unknown as Facts);
  const turn = await session.settle([], Date.parse(given.at(-1)?.at ?? program.at));
  live.standing = { prefix: program.prefix, facts, turn, given: given.length, seenId: highestId(turn) };
  return live;
}

/** Brings a session to where it stood before the decision `of`: data of tasks, and programs that ended. */
async function catchUp(live: LiveSession, of: number, run: RunContext): Promise<void> {
  const past = run.view.project(history);
  for (const event of run.view.events().slice(live.reflects + 1, of)) {
    if (event.kind === 'task' && past.tasks.includes(event)) await defineData(live, event.data ?? [], run);
    if (event.kind !== 'observation' || event.state === 'skipped') continue;
    const program = past.programs.get(event.of);
    if (program?.observation !== event || !program.inSession || leftNothing(event)) continue;
    await driveAgain(live, program, event, run);
  }
  live.reflects = Math.max(live.reflects, of - 1);
}

/** What the sandbox ended by force left the session as it was; how long that took, another machine would not repeat. */
const leftNothing = ({ error }: RunEvent<'observation'>) =>
  error?.message.includes('variables are as before it') === true;

async function defineData(
  { session }: LiveSession,
  data: readonly { name: string; blob?: string | undefined }[],
  run: RunContext,
): Promise<void> {
  const globals: Record<string, Json> = {};
  for (const { name, blob } of data) if (blob !== undefined) globals[name] = await readJson(run, blob);
  if (Object.keys(globals).length > 0) await session.define(globals);
}

/** Runs a program of the log once more, with recorded results only. */
async function driveAgain(
  live: LiveSession,
  { of, code, at, prefix, scope }: PastProgram,
  observation: RunEvent<'observation'>,
  run: RunContext,
): Promise<void> {
  const driven = await drive(
    live,
    { of, code, at, prefix, recorded: true, ...(scope === undefined ? {} : { scope }) },
    run,
  );
  if (driven.state !== 'ended' || (driven.facts.error === undefined) !== (observation.state === 'done')) {
    const recorded = ending(observation.state, observation.error);
    const came = driven.state === 'ended' ? ending('done', driven.facts.error) : 'it waits for a call';
    throw new RunError(
      'run-diverged',
      `Driving program ${of} again ended otherwise than recorded. Recorded: ${recorded}. Now: ${came}. Its session cannot be rebuilt.`,
      { program: of, recorded, came },
    );
  }
  await defineData(live, variableOf(observation), run);
}

const ending = (state: string, error: GuestError | undefined) =>
  error === undefined ? state : `failed, ${error.name}: ${error.message}`;

/** The variable that keeps an observation's whole value, if there is one. */
export function variableOf({ variable, blob }: { variable?: string | undefined; blob?: string | undefined }) {
  return variable === undefined || blob === undefined ? [] : [{ name: variable, blob }];
}

/**
 * Appends a snapshot of a session.
 * `after` is the `seq` of the last event it reflects.
 */
export async function takeSnapshot(live: LiveSession, of: number, run: RunContext): Promise<void> {
  run.failpoint('snapshot.before');
  const last = run.view.project(history).snapshots.at(-1);
  const over = last === undefined ? [] : [...(last.below ?? []), last.blob];
  const { engine, tools, bytes, below } = await live.session.snapshot({ over });
  const blob = await run.blobs.put(bytes);
  run.append({
    kind: 'snapshot',
    by: 'action',
    of,
    after: lastSeq(run.view),
    blob,
    ...(below.length > 0 && { below: [...below] }),
    bytes: bytes.byteLength,
    engine,
    tools,
  });
  live.msSinceSnapshot = 0;
  run.failpoint('snapshot.after');
}

const lastSeq = (view: RunView) => view.length - 1;
