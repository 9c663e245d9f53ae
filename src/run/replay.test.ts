import { expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, later, tool } from '../action/index.ts';
import { cache } from '../model/index.ts';
import { codeAct, react } from '../policy/index.ts';
import type { RunEvent } from '../record/index.ts';
import { fakeClock, type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { viewHash } from './compare.ts';
import { openLog } from './log.ts';
import { memoryStore } from './memory-store.ts';
import type { RunStore } from './run.ts';
import { approvalsOf, cancelRun, respond } from './waits.ts';

const program = (code: string): ScriptedReply => `\`\`\`ts\n${code}\n\`\`\``;

function world(replies: readonly ScriptedReply[], given: Partial<AgentOptions> = {}) {
  const store = (given.store as RunStore) ?? memoryStore();
  const calls: string[] = [];
  const model = scriptedModel(replies);
  const count = (name: string, n: number) => {
    calls.push(`${name} ${n}`);
    return n * 10;
  };
  const input = z.object({ n: z.number() });
  const agent = createAgent({
    model,
    policy: codeAct(),
    action: actionController({ review: { types: false, answers: false }, propose: { log: false, variable: false } }),
    clock: fakeClock({ auto: true }),
    tools: {
      look: tool({
        description: 'Looks',
        input,
        output: z.number(),
        effect: 'read',
        run: async ({ n }) => {
          for (let turn = n % 3; turn > 0; turn--) await null;
          return count('look', n);
        },
      }),
      send: tool({ description: 'Sends', input, needsApproval: true, run: ({ n }) => count('send', n) }),
      scan: tool({ description: 'Scans', input, effect: 'read', run: () => later('the scanner') }),
    },
    ...given,
    store,
  });
  return { store, calls, model, agent };
}

/** Replays, and says that nothing was called. */
async function replayed({ agent, calls, model }: ReturnType<typeof world>, run: string) {
  const before = [calls.length, model.requests.length];
  const result = await agent.replay(run);
  expect([calls.length, model.requests.length]).toEqual(before);
  return result;
}

const SCENES: readonly [string, readonly ScriptedReply[]][] = [
  ['programs that build on each other', [program('let sum = await look({ n: 1 });'), program('answer(sum + 1)')]],
  [
    'calls at once, whose results come in another order',
    [program('answer(await Promise.all([5, 4, 3, 2].map((n) => look({ n }))))')],
  ],
  [
    'timers, chance and the time of day',
    [
      program(
        `const late = new Promise((done) => { globalThis.timer = setTimeout(() => done('late'), 60000) });
        const got = await Promise.race([look({ n: 2 }), late]);
        clearTimeout(timer);
        await new Promise((done) => setTimeout(done, 500));
        answer([got, Math.random(), Date.now()])`,
      ),
    ],
  ],
  [
    'failures, in the program and in the form of a reply',
    [
      program('null.x'),
      program('a(}'),
      'Two blocks:\n```ts\n1\n```\n```ts\n2\n```',
      program('answer(await nothing())'),
      program('answer(1)'),
    ],
  ],
];

it.each(SCENES)('replays %s, with no call', async (_title, replies) => {
  const lab = world(replies);
  const { run, log, status } = await lab.agent.run('Go.');
  expect(status).toBe('answered');
  const result = await replayed(lab, run);
  expect(result).toMatchObject({ same: true, events: log.length });
  expect(result.hash.replayed).toBe(viewHash(log));
  expect(result.compared).toBeGreaterThan(log.length / 2 - 3);
});

it('replays calls made as data', async () => {
  const calls = [1, 2].map((n) => ({ tool: 'look', args: { n } }));
  const lab = world([{ calls }, 'Thirty.'], { policy: react(), action: actionController({ format: 'json' }) });
  const { run } = await lab.agent.run('Go.');
  expect(await replayed(lab, run)).toMatchObject({ same: true, replies: 2, results: 2 });
});

it('replays suspensions, approvals in any order, edits, denials and what had no effect', async () => {
  const lab = world([
    program(
      'const all = [1, 2, 3].map((n) => send({ n }).catch((error) => error.message));\nanswer(await Promise.all(all))',
    ),
    program('answer(await scan({ n: 1 }))'),
  ]);
  const { store, agent } = lab;
  const { run } = await agent.run('Go.');
  const waits = await approvalsOf(store, run);
  const say = async (at: number, more: object) => {
    const { id, digest = '' } = waits[at] ?? { id: '' };
    await store.post(run, { kind: 'approval', call: id, digest, verdict: 'approve', ...more });
    return agent.resume(run);
  };
  await say(2, {});
  await say(1, { digest: 'another' });
  await say(1, { verdict: 'edit', args: { n: 9 } });
  expect(await replayed(lab, run)).toMatchObject({ same: true });
  await say(0, { verdict: 'deny', reason: 'No.' });
  expect(await replayed(lab, run)).toMatchObject({ same: true });
  await agent.continue(run, 'And now?');
  const [wait] = await approvalsOf(store, run);
  await respond(store, run, { kind: 'result', call: wait?.id ?? '', value: 5 });
  expect(await agent.resume(run)).toMatchObject({ answer: 5 });
  expect(await replayed(lab, run)).toMatchObject({ same: true });
});

it('replays what was cancelled, stopped by a limit, or failed, and what came after', async () => {
  const failing = new Error('The model is away.');
  const lab = world([
    program('const a = await look({ n: 1 });'),
    () => {
      throw failing;
    },
    program('const b = await send({ n: 2 });'),
    program('answer(a)'),
  ]);
  const { store, agent } = lab;
  const { run } = await agent.run('Go.', { limits: { steps: 1 } });
  expect(await agent.resume(run)).toMatchObject({ status: 'failed' });
  expect(await agent.resume(run)).toMatchObject({ status: 'suspended' });
  await cancelRun(store, run, 'Enough.');
  expect((await replayed(lab, run)).divergence).toBeUndefined();
  await agent.resume(run, { onApproval: async () => ({ verdict: 'deny' }) });
  expect((await store.list())[0]?.status).toBe('answered');
  expect(await replayed(lab, run)).toMatchObject({ same: true });
});

it('replays a run that was killed at any event', async () => {
  const lab = world([
    program('let got = await Promise.all([look({ n: 1 }), look({ n: 2 })]);'),
    program('got.push(await look({ n: 3 }));'),
    program('answer(got)'),
  ]);
  const { run, log } = await lab.agent.run('Go.');
  for (let length = 2; length < log.length; length++) {
    const store = memoryStore();
    const { fence } = await store.lease(run, 'dead', 1_000);
    await store.append(run, log.slice(0, length), { expectedSeq: 0, fence });
    await store.release(run, fence);
    expect(await lab.agent.replay(run, { store }), `killed after ${length}`).toMatchObject({ same: true });
  }
});

const forged = (log: readonly RunEvent[], seq: number, change: object) =>
  log.map((event) => (event.seq === seq ? ({ ...event, ...change } as RunEvent) : event));

it.each([
  ['a reply', 'model-call', { reply: { text: '```ts\nanswer(7)\n```', finish: 'stop' } }, 'decision'],
  ['a result', 'call-result', { value: 77 }, 'observation'],
  ['the arguments of a call', 'call', { args: { n: 5 } }, 'call'],
  ['an observation', 'observation', { parts: [{ text: 'Something else.' }] }, 'observation'],
  ['a decision', 'decision', { decision: { kind: 'act', code: 'answer(8)' } }, 'decision'],
  ['a review', 'review', { verdict: 'block', rule: 'forged' }, 'review'],
])('finds where a log was changed: %s', async (_title, kind, change, foundAt) => {
  const lab = world([program('const a = await look({ n: 1 }); answer(a)')]);
  const { run, log } = await lab.agent.run('Go.');
  const at = log.find((event) => event.kind === kind)?.seq ?? -1;
  const store = memoryStore();
  const { fence } = await store.lease(run, 'forger', 1_000);
  await store.append(run, forged(log, at, change), { expectedSeq: 0, fence });
  const { divergence, same } = await lab.agent.replay(run, { store });
  expect(same).toBe(false);
  expect(divergence).toMatchObject({ kind: foundAt });
  expect(divergence?.seq).toBeGreaterThanOrEqual(at);
  expect(divergence?.expected).not.toEqual(divergence?.got);
});

it('finds an event that is missing', async () => {
  const lab = world([program('const a = await Promise.all([look({ n: 1 }), look({ n: 2 })]); answer(a)')]);
  const { run, log } = await lab.agent.run('Go.');
  const without = log.filter((event) => !(event.kind === 'call' && (event.args as { n: number }).n === 2));
  const store = memoryStore();
  const { fence } = await store.lease(run, 'forger', 1_000);
  await store.append(
    run,
    without.map((event, seq) => ({ ...event, seq })),
    { expectedSeq: 0, fence },
  );
  expect((await lab.agent.replay(run, { store })).same).toBe(false);
});

it('is refused to another agent than the run last went on with', async () => {
  const lab = world(['One.'], { policy: 'react' });
  const { run } = await lab.agent.run('Go.');
  const other = world([], { store: lab.store });
  await expect(other.agent.replay(run)).rejects.toMatchObject({ code: 'run-changed' });
});

it('replays a run whose replies came from a record, and that was scored after its end', async () => {
  const shared = cache(scriptedModel([program('answer(await look({ n: 1 }))')]), { mode: 'share' });
  await world([], { model: shared }).agent.run('Go.');
  const scene = world([], { model: shared });
  const { run, log: past } = await scene.agent.run('Go.');
  expect(past.find((event) => event.kind === 'model-call')).toMatchObject({ cached: true });
  const log = await openLog({ store: scene.store, run, holder: 'eval', clock: fakeClock() }, false);
  log.append<'reward'>({
    kind: 'reward',
    by: 'eval',
    of: past.length - 1,
    value: 1,
    from: 'environment',
    assertions: [{ name: 'answer', verdict: 'pass', reason: 'It is 10.' }],
  });
  await log.close();
  expect(await replayed(scene, run)).toMatchObject({ same: true, events: past.length + 1 });
});
