import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { actionController } from '../action/index.ts';
import { codeAct } from '../policy/index.ts';
import { type Migration, parseEvent, type RunEvent, type StoredEvent, upgradeEvent } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { finish, labOf, SCENES, sandbox } from './fixtures/parked-scenes.ts';
import { importJsonl } from './jsonl.ts';
import { memoryStore } from './memory-store.ts';
import type { NamedBlob, RunStore } from './run.ts';
import { sqliteStore } from './sqlite-store.ts';
import { approvalsOf, respond } from './waits.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-parked-'));
afterAll(() => rmSync(folder, { recursive: true }));

const textOf = (name: string, ending: string) =>
  readFileSync(new URL(`./fixtures/parked/${name}.${ending}`, import.meta.url), 'utf8');

const logOf = (name: string) => importJsonl(textOf(name, 'jsonl')).events;

function blobsOf(name: string): NamedBlob[] {
  return textOf(name, 'blobs')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ') as [string, string])
    .map(([blob, base64]) => ({ name: blob, content: new Uint8Array(Buffer.from(base64, 'base64')) }));
}

async function put(store: RunStore, run: string, events: readonly RunEvent[], blobs: readonly NamedBlob[]) {
  const { fence } = await store.lease(run, 'parking', 1_000);
  await store.append(run, events, { expectedSeq: 0, fence, blobs });
  await store.release(run, fence);
}

const snapshotsOf = (log: readonly RunEvent[]) => log.filter((event) => event.kind === 'snapshot');
const refusalsOf = (log: readonly RunEvent[]) =>
  log.flatMap((event) => (event.kind === 'note' && event.name === 'snapshot-refused' ? [event.value] : []));

/** What becomes of the snapshots: of their blobs, and of their events; and what is said of it. */
interface Fate {
  blob?(blob: NamedBlob): NamedBlob[];
  event?(event: RunEvent<'snapshot'>): RunEvent<'snapshot'>;
  problem?: string;
}
const FATES: { [fate: string]: Fate } = {
  'as it is': {},
  'with its snapshots taken away': { blob: () => [], problem: 'missing' },
  'with its snapshots cut short': {
    blob: ({ name, content }) => [{ name, content: content.slice(0, content.length / 2) }],
    problem: 'damaged',
  },
  'with snapshots of another build of the engine': {
    event: (event) => ({ ...event, engine: 'quickjs-wasi 3.6.1/1' }),
    problem: 'engine',
  },
};

it.each(SCENES.flatMap((scene) => Object.keys(FATES).map((fate) => [scene.name, fate] as const)))(
  'goes on with the parked run %s, %s, and nothing is done twice',
  async (name, fate) => {
    const { diesAfter: _alive, ...scene } = SCENES.find((one) => one.name === name)!;
    const { blob: becomes = (blob: NamedBlob) => [blob], event: told, problem } = FATES[fate] as Fate;
    const log = logOf(name).map((event) => (event.kind === 'snapshot' && told !== undefined ? told(event) : event));
    const snapshots = new Set(snapshotsOf(log).map(({ blob }) => blob));
    const blobs = blobsOf(name).flatMap((blob) => (snapshots.has(blob.name) ? becomes(blob) : [blob]));
    const store = memoryStore();
    await put(store, 'parked', log, blobs);
    const lab = labOf(scene, store, 'parked');
    const { status, why, answer, log: whole } = await (scene.finish ?? finish)(lab);
    expect({ status, answer }, why).toEqual({ status: 'answered', answer: scene.answer });
    expect(lab.did).toEqual(scene.did);
    expect(whole.slice(0, log.length)).toEqual(log);
    const [refusal] = refusalsOf(whole);
    if (problem !== undefined && snapshots.size > 0) expect(refusal).toMatchObject({ problem });
    // A later build of the engine passes them over.
    if (problem === undefined && refusal !== undefined) expect(refusal).toMatchObject({ problem: 'engine' });
  },
);

it('goes on with the run of several snapshots where one below the last is lost', async () => {
  const scene = SCENES.find(({ name }) => name === 'several-snapshots')!;
  const log = logOf(scene.name);
  const [first] = snapshotsOf(log).at(-1)?.below ?? [];
  expect(first).toBeDefined();
  const store = memoryStore();
  const left = blobsOf(scene.name).filter(({ name }) => name !== first);
  await put(store, 'parked', log, left);
  const lab = labOf(scene, store, 'parked');
  const { answer, log: whole } = await finish(lab);
  expect([answer, lab.did]).toEqual([scene.answer, scene.did]);
  expect(refusalsOf(whole)[0]).toMatchObject({ problem: 'missing', why: expect.stringContaining(first as string) });
});

it('goes on with a run whose tools are others now, when that is accepted, and says why its snapshot was not used', async () => {
  const store = memoryStore();
  const model = scriptedModel([
    '```ts\nconst seen = await look({ n: 1 });\nanswer(seen + (await send({ n: 2 })));\n```',
  ]);
  const output = { type: 'number' } as const;
  const input = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } as const;
  const ran: string[] = [];
  const run =
    (tool: string) =>
    ({ n }: { n: number }) => {
      ran.push(tool);
      return n * 10;
    };
  const send = {
    description: 'Sends',
    input,
    output,
    effect: 'irreversible',
    needsApproval: true,
    run: run('send'),
  } as const;
  const look = { description: 'Looks', input, output, effect: 'read', run: run('look') } as const;
  const action = actionController({ sandbox, review: { types: false, answers: false } });
  const make = (tools: object) =>
    createAgent({ model, store, policy: codeAct(), action, tools: tools as { send: typeof send } });
  const parked = await make({ look, send }).run('Go.');
  const [wait] = await approvalsOf(store, parked.run);
  const { id: call = '', digest = '' } = wait ?? {};
  await respond(store, parked.run, { kind: 'approval', call, digest, verdict: 'approve' });
  const other = make({ look, send, more: { ...look, description: 'Looks again' } });
  await expect(other.resume(parked.run)).rejects.toMatchObject({ code: 'run-changed' });
  const { answer, log } = await other.resume(parked.run, { acceptChanges: true });
  expect([answer, ran]).toEqual([30, ['look', 'send']]);
  expect(refusalsOf(log)).toMatchObject([{ problem: 'tools', why: expect.stringContaining('another set of tools') }]);
});

it('says where a run diverged that cannot be gone on with: program, call, what was recorded, what came', async () => {
  const scene = SCENES.find(({ name }) => name === 'promise-all')!;
  const store = memoryStore();
  const log = logOf(scene.name).map((event): RunEvent => {
    if (event.kind !== 'call' || !event.id.endsWith('.7')) return event;
    return { ...event, args: { n: 99 } };
  });
  await put(store, 'parked', log, []);
  const { status, log: whole } = await labOf(scene, store, 'parked')
    .agent.resume('parked')
    .then(async (result) => {
      const waits = await approvalsOf(store, 'parked');
      return waits.length === 0 ? result : finish(labOf(scene, store, 'parked'));
    });
  const program = log.findLast(({ kind }) => kind === 'decision')?.seq;
  expect(status).toBe('failed');
  const end = whole.at(-1);
  expect(end?.kind === 'run-end' && end.error).toMatchObject({
    code: 'run-diverged',
    facts: { program, call: `${program}.7`, recorded: 'look({"n":99})', came: 'look({"n":6})' },
  });
});

/** As if version 1 had called values of results `output`. */
const STEP: Migration = ({ output, ...event }) =>
  event.kind === 'call-result' && output !== undefined ? { ...event, value: output } : event;

it('goes on with a run that an older version of the log holds', async () => {
  const scene = SCENES.find(({ name }) => name === 'promise-all')!;
  const lines = textOf('older', 'jsonl').trim().split('\n');
  const log = lines.map((line) => parseEvent(upgradeEvent(JSON.parse(line) as StoredEvent, [STEP])));
  expect(log).toEqual(logOf(scene.name));
  const store = memoryStore();
  await put(store, 'parked', log, []);
  const lab = labOf(scene, store, 'parked');
  expect([(await finish(lab)).answer, lab.did]).toEqual([scene.answer, scene.did]);
});

it('refuses a log that lacks an event, by its number', async () => {
  const path = join(folder, 'gap.db');
  const [scene] = SCENES as [(typeof SCENES)[number]];
  const store = sqliteStore(path);
  await put(store, 'parked', logOf(scene.name), blobsOf(scene.name));
  await store.close();
  const file = new DatabaseSync(path);
  file.exec('DELETE FROM events WHERE place % (1 << 28) = 17');
  file.close();
  const damaged = sqliteStore(path);
  const refusal = { code: 'log-invalid', message: expect.stringContaining('lacks event 17'), facts: { seq: 17 } };
  await expect(labOf(scene, damaged, 'parked').agent.resume('parked')).rejects.toMatchObject(refusal);
  await damaged.close();
  const text = textOf(scene.name, 'jsonl').split('\n').toSpliced(17, 1).join('\n');
  expect(importJsonl(text)).toMatchObject({ cut: 'line 18 has event 18 where 17 is due.' });
});

it('refuses the database of another program', () => {
  const path = join(folder, 'foreign.db');
  const file = new DatabaseSync(path);
  file.exec('CREATE TABLE cities (name TEXT)');
  file.close();
  const refusal = { code: 'store-failed', facts: { path, problem: 'foreign' } };
  expect(() => sqliteStore(path)).toThrow(expect.objectContaining(refusal));
});
