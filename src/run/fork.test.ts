import { expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, later, tool } from '../action/index.ts';
import { allowAll, denyAll } from '../guard/index.ts';
import { codeAct, react } from '../policy/index.ts';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { diffRuns } from './diff.ts';
import { testStore } from './fixtures/test-store.ts';
import type { RunStore } from './run.ts';

const program = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;
const action = actionController({ review: { types: false, answers: false }, propose: { log: false, variable: false } });

/** Replies by how many programs the prompt holds already, so that a fork goes on where it is. */
const inTurn = (replies: readonly ScriptedReply[]) =>
  scriptedModel(({ messages }) => replies[messages.filter(({ role }) => role === 'assistant').length] as string);

function world(replies: readonly ScriptedReply[], given: Partial<AgentOptions> = {}) {
  const store = (given.store as RunStore) ?? testStore();
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
    limits: { steps: 100, loops: { same: 100 } },
    ...given,
    store,
  });
  return { store, shelf, agent };
}

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
  expect(await agent.replay(run)).toMatchObject({ same: true });
  // What was done before the place is gone now: the end is no place to fork at either.
  await expect(agent.fork(run, log.length)).rejects.toMatchObject({ facts: { standing: [{ state: 'undone' }] } });
  expect(await agent.resume(run)).toMatchObject({ answer: 'done' });
  expect(await agent.replay(run)).toMatchObject({ same: true });
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

// The result stood in a blob, which was read instead of what the fork was told.
it('tells a large result otherwise', async () => {
  const { agent } = world([program('answer((await read({})).length)')], {
    tools: { read: tool({ description: 'Reads', input: z.object({}), effect: 'read', run: () => 'a'.repeat(9_000) }) },
  });
  const { run, log, answer } = await agent.run('Go.');
  const at = log.find(({ kind }) => kind === 'call-result')?.seq ?? -1;
  const fork = await agent.fork(run, at, { edit: { value: 'bbb' } });
  expect([answer, (await fork.resume()).answer]).toEqual([9_000, 3]);
});

it('refuses a fork before a call put its result off: what it asked for is under way', async () => {
  const order = tool({
    description: 'Orders',
    input: z.object({}),
    effect: 'irreversible',
    run: () => later('the shop'),
  });
  const { agent } = world([program('answer(await order({}))')], { tools: { order }, guard: allowAll() });
  const { run, log } = await agent.run('Go.');
  const at = log.findLast((event) => event.kind === 'note' && event.name === 'later')?.seq ?? -1;
  await expect(agent.fork(run, at)).rejects.toMatchObject({
    code: 'run-not-forkable',
    facts: { standing: [{ tool: 'order', state: 'begun' }] },
  });
  expect(await (await agent.fork(run, at + 1)).resume()).toMatchObject({ status: 'suspended' });
});

// A fork made while a call was in doubt asked for the same payment under another key, so it was made twice.
it('asks an idempotent call again under the key that it began with', async () => {
  const keys: string[] = [];
  let dies = true;
  const pay = tool({
    description: 'Pays',
    input: z.object({}),
    effect: 'irreversible',
    idempotent: true,
    run: (_args, { idempotencyKey }) => void keys.push(idempotencyKey),
  });
  const { agent, store } = world([program("await pay({}); answer('paid')")], {
    tools: { pay },
    guard: allowAll(),
    failpoint: (name) => {
      if (name === 'effect.after' && dies) throw new Error('The process died.');
    },
  });
  const { run, log } = await agent.run('Go.');
  dies = false;
  const intent = log.find(({ kind }) => kind === 'call')?.seq ?? -1;
  const fork = await agent.fork(run, intent + 1, { effects: 'keep' });
  expect(await fork.resume()).toMatchObject({ answer: 'paid' });
  expect(await store.read(fork.run)).toContainEqual(expect.objectContaining({ kind: 'call', run }));
  expect(keys).toEqual([keys[0], keys[0]]);
});
