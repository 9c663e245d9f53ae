import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, tool } from '../action/index.ts';
import { allowAll, denyAll } from '../guard/index.ts';
import { codeAct, react } from '../policy/index.ts';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { viewHash } from './compare.ts';
import { diffRuns } from './diff.ts';
import { memoryStore } from './memory-store.ts';
import type { RunStore } from './run.ts';
import { sqliteStore } from './sqlite-store.ts';
import { approvalsOf } from './waits.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-fork-'));
const said: string[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (said.length > 0) console.log(said.join('\n'));
});

const program = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
const action = actionController({ review: { types: false, answers: false }, propose: { log: false, variable: false } });

/** Replies by how many programs the prompt holds already, so that a fork goes on where it is. */
const inTurn = (replies: readonly ScriptedReply[]) =>
  scriptedModel(({ messages }) => replies[messages.filter(({ role }) => role === 'assistant').length] as string);

function world(replies: readonly ScriptedReply[], given: Partial<AgentOptions> = {}) {
  const store = (given.store as RunStore) ?? memoryStore();
  const shelf = new Map<string, number>();
  const input = z.object({ key: z.string(), n: z.number() });
  const agent = createAgent({
    model: inTurn(replies),
    policy: codeAct(),
    action,
    tools: {
      look: tool({ description: 'Looks', input: z.object({ n: z.number() }), effect: 'read', run: ({ n }) => n * 10 }),
      put: tool({
        description: 'Puts',
        input,
        run: ({ key, n }) => void shelf.set(key, n),
        undo: ({ key }) => void shelf.delete(key),
      }),
      send: tool({
        description: 'Sends',
        input: z.object({ n: z.number() }),
        effect: 'irreversible',
        needsApproval: true,
        run: ({ n }) => n,
      }),
    },
    limits: { steps: 100, repeats: 100 },
    ...given,
    store,
  });
  return { store, shelf, agent };
}

it('makes a hundred forks of a run that waits: quick, small, and none sees what another holds', async () => {
  const path = join(folder, 'forks.db');
  const store = sqliteStore(path);
  const { agent } = world(
    [
      program("let mine = 'nobody'; const seen = []; for (let n = 0; n < 200; n++) seen.push(await look({ n }));"),
      program(
        'mine = await send({ n: -1 }); seen.push(mine); globalThis.own = mine; answer([mine, own, seen.length, seen.at(-1)])',
      ),
    ],
    { store },
  );
  const { run, log } = await agent.run('Go.');
  const [wait] = await approvalsOf(store, run);
  const bytes = () => statSync(path).size + statSync(`${path}-wal`).size;
  const [before, started] = [bytes(), performance.now()];
  const forks: string[] = [];
  for (let n = 0; n < 100; n++) forks.push((await agent.fork(run, log.length)).run);
  const forkMs = performance.now() - started;
  const forkBytes = bytes() - before;
  for (const [n, fork] of forks.entries()) {
    const { id: call = '', digest = '' } = wait ?? {};
    expect(await approvalsOf(store, fork)).toHaveLength(1);
    await store.post(fork, { kind: 'approval', call, digest, verdict: 'edit', args: { n } });
  }
  const results = await Promise.all(forks.map((fork) => agent.resume(fork)));
  expect(results.map(({ answer }) => answer)).toEqual(forks.map((_, n) => [n, n, 201, n]));
  const allBytes = bytes() - before;
  expect(allBytes / 100).toBeLessThan(1_000_000);
  expect(await approvalsOf(store, run)).toHaveLength(1);
  said.push(
    `100 forks of a suspended run: ${forkMs.toFixed(0)} ms; on disk ${(forkBytes / 1e5).toFixed(1)} KB each, ${(allBytes / 1e5).toFixed(1)} KB each when they have ended.`,
  );
  await store.close();
});

it('replays to the same view hash, forked at any step of fifty', async () => {
  const steps = 50;
  const replies = Array.from({ length: steps }, (_, n) =>
    n === 0
      ? program('let sum = await look({ n: 1 }); const all = [sum];')
      : program(`sum += await look({ n: ${n} }); all.push(sum);${n === steps - 1 ? ' answer([sum, all.length])' : ''}`),
  );
  const { agent, store } = world(replies);
  const { run, log, answer } = await agent.run('Go.');
  const whole = viewHash(log);
  const started = performance.now();
  for (let step = 1; step <= steps; step++) {
    const at = log.findIndex((event) => event.step === step);
    const fork = await agent.fork(run, at);
    const replayed = await agent.replay(fork.run);
    expect(replayed, `step ${step}`).toMatchObject({ same: true, hash: { replayed: viewHash(log.slice(0, at)) } });
    if (step % 10 !== 0) continue;
    expect((await fork.resume()).answer).toEqual(answer);
    expect(await diffRuns(store, run, fork.run)).toMatchObject({ differ: false });
    expect(viewHash(await store.read(fork.run))).toBe(whole);
    expect(await agent.replay(fork.run)).toMatchObject({ same: true });
    expect(await diffRuns(store, run, fork.run)).toMatchObject({ differ: false });
  }
  said.push(`50 forks of a 50-step run, each replayed: ${(performance.now() - started).toFixed(0)} ms.`);
});

it('forks at any event, also within a step, and comes to the same', async () => {
  const { agent } = world([
    program('const got = await Promise.all([look({ n: 1 }), look({ n: 2 })]);'),
    program('answer(got.concat(await look({ n: 3 })))'),
  ]);
  const { run, log, answer } = await agent.run('Go.');
  for (let at = 2; at <= log.length; at++) {
    const fork = await agent.fork(run, at);
    expect(await agent.replay(fork.run), `at ${at}`).toMatchObject({ same: true });
    if (at < log.length) expect(await fork.resume(), `at ${at}`).toMatchObject({ status: 'answered', answer });
  }
});

it.each([
  ['a decision', 'decision', { decision: { kind: 'act', code: 'answer(await look({ n: 4 }))' } }, 40],
  ['a result', 'call-result', { value: 5 }, [5]],
  ['a reply', 'model-call', { reply: { text: program('answer(1)'), finish: 'stop' } }, 1],
] as const)('tells an event otherwise: %s', async (_title, kind, edit, answer) => {
  const { agent, store } = world([program('answer([await look({ n: 1 })])')]);
  const { run, log } = await agent.run('Go.');
  const at = log.find((event) => event.kind === kind)?.seq ?? -1;
  const fork = await agent.fork(run, at, { edit: edit as never });
  expect(await fork.resume()).toMatchObject({ status: 'answered', answer });
  const difference = await diffRuns(store, run, fork.run);
  expect(difference).toMatchObject({ differ: true, a: { event: { kind } }, b: { event: { kind, by: 'user' } } });
  expect((await store.read(run)).length).toBe(log.length);
});

it.each([
  ['what is found and not decided', 'observation', { value: 1 }, /only these/],
  ['a field that it has not', 'decision', { colour: 'red' }, /no field colour/],
  ['something that does not fit', 'decision', { decision: { kind: 'fly' } }, /decision/],
  ['nothing', 'call-result', { ok: true }, /changes nothing/],
] as const)('refuses to tell an event otherwise: %s', async (_title, kind, edit, why) => {
  const { agent, store } = world([program('answer([await look({ n: 1 })])')]);
  const { run, log } = await agent.run('Go.');
  const at = log.find((event) => event.kind === kind)?.seq ?? -1;
  await expect(agent.fork(run, at, { edit: edit as never })).rejects.toMatchObject({
    code: 'option-invalid',
    message: expect.stringMatching(why),
  });
  expect(await store.list()).toHaveLength(1);
});

it('refuses a fork into a world that has what the run did later, and says how to go on', async () => {
  const { agent, shelf, store } = world([
    program("await put({ key: 'a', n: 1 })"),
    program("await put({ key: 'b', n: 2 })"),
    program("answer('done')"),
  ]);
  const { run, log } = await agent.run('Go.');
  const at = log.find((event) => event.step === 2)?.seq ?? 0;
  await expect(agent.fork(run, at)).rejects.toMatchObject({
    code: 'run-not-forkable',
    message: expect.stringContaining('put (call'),
    facts: { at, standing: [{ tool: 'put', effect: 'reversible', state: 'done' }] },
  });
  expect(await store.list()).toHaveLength(1);
  const kept = await agent.fork(run, at, { effects: 'keep' });
  expect(await kept.resume()).toMatchObject({ answer: 'done' });

  await agent.undo(run, { to: at - 1 });
  expect([...shelf.keys()]).toEqual(['a']);
  const fork = await agent.fork(run, at);
  expect(await fork.resume()).toMatchObject({ answer: 'done' });
  expect([...shelf.keys()]).toEqual(['a', 'b']);
  // What was done before the place is gone now: the end is no place to fork at either.
  await expect(agent.fork(run, log.length)).rejects.toMatchObject({ facts: { standing: [{ state: 'undone' }] } });
});

it('goes on with another model, policy or guard, again and again, and compares', async () => {
  const { agent, store } = world([
    program('const price = await look({ n: 2 });'),
    program('answer(await send({ n: price }).catch((error) => error.message))'),
  ]);
  const { run, log } = await agent.run('Go.');
  const at = log.find((event) => event.step === 2)?.seq ?? 0;
  const said = await agent.fork(run, at, {
    policy: react(),
    model: scriptedModel(['Twenty.'], { id: 'scripted/other' }),
  });
  expect(await said.resume()).toMatchObject({ answer: 'Twenty.' });
  const free = await agent.fork(run, at, { guard: allowAll() });
  expect(await free.resume()).toMatchObject({ answer: 20 });
  const bound = await agent.fork(run, at, { guard: denyAll() });
  expect(await bound.resume()).toMatchObject({ answer: expect.stringContaining('may be') });

  const difference = await diffRuns(store, said.run, free.run);
  expect(difference).toMatchObject({
    a: { status: 'answered', answer: 'Twenty.', since: { toolCalls: 0, modelCalls: 1 } },
    b: { status: 'answered', answer: 20, since: { toolCalls: 1, modelCalls: 1 } },
  });
  expect(difference.a.total.toolCalls).toBe(1);
  // Each agent replays its own part; the other's is refused.
  expect(await said.agent.replay(said.run)).toMatchObject({ same: true, from: at + 1 });
  await expect(agent.replay(said.run)).rejects.toMatchObject({ code: 'run-changed' });
});

it('resumes a changed fork again without being asked to accept the change once more', async () => {
  const { agent } = world([
    program('const price = await look({ n: 2 });'),
    program('answer(await send({ n: price }))'),
  ]);
  const { run, log } = await agent.run('Go.');
  const fork = await agent.fork(run, log.find((event) => event.step === 2)?.seq ?? 0, {
    model: scriptedModel(() => program('answer(await send({ n: 9 }))'), { id: 'scripted/other' }),
  });
  expect(await fork.resume()).toMatchObject({ status: 'suspended' });
  expect(await fork.resume({ onApproval: async () => ({ verdict: 'approve' }) })).toMatchObject({ answer: 9 });
});
