import { expect, it } from 'vitest';
import { z } from 'zod';
import { type RunContext, type Solve, tool } from '../action/index.ts';
import { type Budget, type RunEvent, type RunResult, secret } from '../record/index.ts';
import { fakeClock, type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { memoryStore } from './memory-store.ts';
import { solved } from './solve.ts';
import { approvalsOf, respond } from './waits.ts';

const delegate = { calls: [{ tool: 'delegate', args: { what: 'Count the mugs.' } }] };

/** An agent whose tool has something solved within the run. */
function delegating(solve: Solve, given: Partial<AgentOptions> = {}, budget?: Budget, more: object = {}) {
  return createAgent({
    model: scriptedModel(({ messages }) => (messages.some(({ role }) => role === 'tool') ? 'Done.' : delegate)),
    policy: 'react',
    tools: {
      delegate: tool({
        description: 'Has a task solved',
        input: z.object({ what: z.string() }),
        idempotent: true,
        run: async ({ what }, { child }) => {
          const { status, answer = null } = await child(what, solve, budget);
          return { status, answer };
        },
        ...more,
      }),
    },
    ...given,
  });
}

const helper = (replies: readonly ScriptedReply[], given: Partial<AgentOptions> = {}) =>
  createAgent({ model: scriptedModel(replies), policy: 'react', name: 'helper', ...given });

const children = ({ log }: RunResult) => log.filter((event): event is RunEvent<'child'> => event.kind === 'child');
const resultIn = ({ log }: RunResult) => log.find((event) => event.kind === 'call-result');

it('solves a task in a run of its own, whose log names the run around it', async () => {
  const store = memoryStore();
  const result = await delegating(helper(['Twelve.']).solve, { store }).run('How many mugs?');
  expect(result).toMatchObject({ status: 'answered', answer: 'Done.' });
  expect(resultIn(result)).toMatchObject({ value: { status: 'answered', answer: 'Twelve.' } });
  const [started, ended] = children(result);
  expect(started).toMatchObject({ state: 'started', task: 'Count the mugs.', child: `${result.run}.${started?.seq}` });
  expect(ended).toMatchObject({ state: 'ended', status: 'answered', answer: 'Twelve.', cause: started?.seq });
  const log = await store.read(started?.child ?? '');
  expect(log[0]).toMatchObject({ kind: 'run-start', policy: 'react', parent: { run: result.run, seq: started?.seq } });
  expect(log.at(-1)).toMatchObject({ kind: 'run-end', status: 'answered' });
  expect(result.usage).toMatchObject({ modelCalls: 3, steps: 3 });
});

it('has a plain function as a solver, with the model and the tools of the run around it', async () => {
  const solve: Solve = async (_task, context) => {
    const { text } = await context.generate({ messages: [{ role: 'user', parts: [{ text: 'Say.' }] }], maxTokens: 10 });
    return solved(context, `${text}!`);
  };
  const agent = delegating(solve);
  const result = await agent.run('Go.');
  expect(children(result).at(-1)).toMatchObject({ status: 'answered', usage: { modelCalls: 1 } });
  expect(await agent.replay(result.run)).toMatchObject({ same: true });
});

it('says in the result what goes wrong in it', async () => {
  const result = await delegating(async () => {
    throw new Error('No mugs.');
  }).run('Go.');
  expect(children(result).at(-1)).toMatchObject({ state: 'ended', status: 'failed' });
  expect(result.status).toBe('answered');
});

it('waits where the run within it waits, and goes on where that one was answered', async () => {
  const store = memoryStore();
  const paid: number[] = [];
  const pay = tool({
    description: 'Pays',
    input: z.object({ euros: z.number() }),
    effect: 'irreversible',
    needsApproval: true,
    run: ({ euros }) => void paid.push(euros),
  });
  const payer = helper([{ calls: [{ tool: 'pay', args: { euros: 5 } }] }, 'Paid.'], { tools: { pay } });
  const agent = delegating(payer.solve, { store });
  const first = await agent.run('Pay.');
  const [started] = children(first);
  expect(first).toMatchObject({ status: 'suspended', why: `It waits for run ${started?.child} within it.` });
  expect(await agent.resume(first.run)).toMatchObject({ status: 'suspended' });
  const [wait, ...more] = await approvalsOf(store);
  expect(more).toEqual([]);
  expect(wait).toMatchObject({ run: started?.child, tool: 'pay' });
  if (wait?.digest === undefined) throw new Error('no digest');
  await respond(store, wait.run, { kind: 'approval', call: wait.id, digest: wait.digest, verdict: 'approve' });
  await expect(payer.resume(wait.run, { store })).rejects.toMatchObject({ code: 'run-busy' });
  const second = await agent.resume(first.run);
  expect(second).toMatchObject({ status: 'answered', answer: 'Done.' });
  expect(paid).toEqual([5]);
  expect(children(second).map(({ state }) => state)).toEqual(['started', 'ended']);
  expect(await agent.replay(second.run)).toMatchObject({ same: true });
});

it('asks who is there about what a run within it would do', async () => {
  const asked: string[] = [];
  const ask = tool({ description: 'Asks', input: z.object({}), needsApproval: true, run: () => 1 });
  const inner = helper([{ calls: [{ tool: 'ask', args: {} }] }, 'Yes.'], { tools: { ask } });
  const result = await delegating(inner.solve).run('Go.', {
    onApproval: async ({ tool: name }) => {
      asked.push(name);
      return { verdict: 'approve' };
    },
  });
  expect(result.status).toBe('answered');
  expect(asked).toEqual(['ask']);
});

it('refuses runs of a tool that may not be called again', async () => {
  const result = await delegating(helper(['Twelve.']).solve, {}, undefined, { idempotent: false }).run('Go.');
  expect(resultIn(result)).toMatchObject({ ok: false, error: { code: 'option-invalid' } });
  expect(children(result)).toEqual([]);
});

it('ends what a tool left behind when its time was over', async () => {
  const model = scriptedModel([]);
  model.generate = ({ signal }) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const result = await delegating(helper([], { model }).solve, {}, undefined, { timeoutMs: 20 }).run('Go.');
  expect(resultIn(result)).toMatchObject({ ok: false, error: { code: 'tool-timeout' } });
  expect(children(result).at(-1)).toMatchObject({ state: 'ended', status: 'cancelled' });
});

it('goes on with a run that was stopped with the one around it', async () => {
  const store = memoryStore();
  const abort = new AbortController();
  const solve: Solve = async (_task, context) => {
    await context.memo('once', async () => 1);
    if (!abort.signal.aborted) {
      abort.abort(new Error('Enough.'));
      context.signal.throwIfAborted();
    }
    return solved(context, 'Late.');
  };
  const agent = delegating(solve, { store });
  const first = await agent.run('Go.', { signal: abort.signal });
  expect(first).toMatchObject({ status: 'cancelled', why: 'Enough.' });
  expect(children(first).map(({ state }) => state)).toEqual(['started']);
  const second = await agent.resume(first.run);
  expect(second).toMatchObject({ status: 'answered' });
  expect(children(second).at(-1)).toMatchObject({ status: 'answered', answer: 'Late.' });
});

it('keeps several with the same task apart by their order, and others by their keys', async () => {
  const store = memoryStore();
  let made = 0;
  const leaf: Solve = async (_task, context) => solved(context, ++made);
  const solve: Solve = async (_task, { child, ...context }) => {
    const all = await Promise.all([child('One.', leaf), child('One.', leaf), child('One.', leaf, {}, 'mine')]);
    const again = await child('One.', leaf, {}, 'mine');
    return solved(
      context,
      [...all, again].map(({ answer = null }) => answer),
    );
  };
  const result = await delegating(solve, { store }).run('Go.');
  expect(children(result).at(-1)?.answer).toEqual([1, 2, 3, 3]);
});

it('does not take the run of another for its own: a fork begins it anew', async () => {
  const store = memoryStore();
  const ask = tool({ description: 'Asks', input: z.object({}), needsApproval: true, run: () => 1 });
  const make = () =>
    delegating(
      helper([{ calls: [{ tool: 'ask', args: {} }] }, 'Yes.', { calls: [{ tool: 'ask', args: {} }] }], {
        tools: { ask },
      }).solve,
      { store },
    );
  const agent = make();
  const first = await agent.run('Go.');
  const forked = await agent.fork(first.run, first.log.length, { effects: 'keep' });
  const second = await make().resume(forked.run);
  const started = children(second).map(({ child }) => child);
  expect(started).toHaveLength(2);
  expect(started[1]).toContain(forked.run);
});

it('counts what a run within it took before a crash, also before that run goes on', async () => {
  const store = memoryStore();
  const abort = new AbortController();
  const taken: number[] = [];
  const asking =
    (then: (context: RunContext) => void): Solve =>
    async (_task, context) => {
      const messages = [{ role: 'user' as const, parts: [{ text: 'Say it.' }] }];
      const { usage } = await context.generate({ messages, maxTokens: 1_000 });
      taken.push(usage.sent + usage.written);
      then(context);
      return solved(context, null);
    };
  const first: Solve = async (_task, context) => {
    const stop = () => {
      if (abort.signal.aborted) return;
      abort.abort(new Error('Enough.'));
      context.signal.throwIfAborted();
    };
    // After the crash the other one is first.
    if (abort.signal.aborted)
      await context.child(
        'b',
        asking(() => {}),
        {},
        'b',
      );
    await context.child('a', asking(stop), {}, 'a');
    return solved(context, null);
  };
  const model = scriptedModel(({ messages, tools }) => {
    if (tools === undefined) return 'x'.repeat(4_000);
    return messages.some(({ role }) => role === 'tool') ? 'Done.' : delegate;
  });
  const agent = delegating(first, { store, limits: { tokens: 2_000 }, model });
  const { run } = await agent.run('Go.', { signal: abort.signal });
  const { usage } = await agent.resume(run);
  expect(taken[0]).toBeGreaterThan(900);
  expect(taken[1]).toBeLessThan(1_000);
  expect(usage.sent + usage.written).toBeLessThanOrEqual(2_000);
});

it('keeps the secrets of the agent that solves out of both logs', async () => {
  const store = memoryStore();
  const look = tool({
    description: 'Looks',
    input: z.object({}),
    effect: 'read',
    secrets: { key: secret('INNER_KEY') },
    run: () => 'ok',
  });
  const inner = helper([{ calls: [{ tool: 'look', args: {} }] }, 'The key is hunter2-hunter2.'], {
    tools: { look },
    secrets: () => 'hunter2-hunter2',
  });
  const result = await delegating(inner.solve, { store }).run('Go.');
  const logs = [result.log, await store.read(children(result)[0]?.child ?? '')];
  expect(JSON.stringify(logs)).toContain('The key is');
  expect(JSON.stringify(logs)).not.toContain('hunter2');
});

// Their check came after what was set aside for them was written: they stayed open, and it was gone.
it.each([
  [{ steps: 0 }, 'budget.steps'],
  [{ steps: 2.5, toolCalls: 8 }, 'budget.steps'],
  [{ tokens: -1 }, 'budget.tokens'],
  [{ tokens: Number.NaN }, 'budget.tokens'],
])('begins no run on the budget %j', async (budget, option) => {
  const result = await delegating(helper(['Twelve.']).solve, { limits: { toolCalls: 10 } }, budget).run('Go.');
  expect(resultIn(result)).toMatchObject({ ok: false, error: { message: expect.stringContaining(option) } });
  expect(children(result)).toEqual([]);
});

it('sets nothing aside any more for a run that a broken off turn left behind', async () => {
  const store = memoryStore();
  const stop = new AbortController();
  const hangs: Solve = async (_task, context) => {
    stop.abort();
    context.signal.throwIfAborted();
    return solved(context, null);
  };
  let solve = hangs;
  const agent = delegating(
    (task, context) => solve(task, context),
    { store, limits: { toolCalls: 10 } },
    { toolCalls: 9 },
  );
  const broken = await agent.run('Go.', { signal: stop.signal });
  expect(broken.status).toBe('cancelled');
  solve = async (_task, context) => solved(context, 'Twelve.');
  const next = await agent.continue(broken.run, 'Once more.');
  expect(next.status).toBe('answered');
  const [, second] = children(next).filter(({ state }) => state === 'started');
  expect(children(next).at(-1)).toMatchObject({ state: 'ended', child: second?.child, answer: 'Twelve.' });
});

// `job.7` was somebody's own, and its answer was taken for that of the run within.
it('does not take a stranger’s run for the one that it begins', async () => {
  const store = memoryStore();
  const make = () =>
    delegating(helper(['Twelve.'], { store }).solve, { store, limits: { toolCalls: 10 } }, { toolCalls: 9 });
  const [{ seq } = { seq: -1 }] = children(await make().run('Go.', { run: 'probe' }));
  await helper(['Somebody else’s.'], { store }).run('Other.', { run: `job.${seq}` });
  const result = await make().run('Go.', { run: 'job' });
  expect(resultIn(result)).toMatchObject({ error: { message: expect.stringContaining('was not begun by run job') } });
  expect(children(result).at(-1)).toMatchObject({ state: 'ended', status: 'failed' });
  expect((await store.read(`job.${seq}`)).at(-1)).toMatchObject({ answer: 'Somebody else’s.' });
});

it('does what is remembered once, also when it is asked for twice at the same time', async () => {
  let done = 0;
  const solve: Solve = async (_task, context) => {
    const work = async () => {
      await Promise.resolve();
      return ++done;
    };
    return solved(context, await Promise.all([context.memo('k', work), context.memo('k', work)]));
  };
  const result = await delegating(solve).run('Go.');
  expect(children(result).at(-1)).toMatchObject({ answer: [1, 1] });
});

it('ends a wait within it that took too long, once the run around it is resumed', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const pay = tool({ description: 'Pays', input: z.object({}), needsApproval: true, run: () => 'paid' });
  const replies = [{ calls: [{ tool: 'pay', args: {} }] }, 'Not paid.'];
  const inner = helper(replies, { tools: { pay }, store, clock, limits: { waitMs: 60_000 } });
  const agent = delegating(inner.solve, { store, clock });
  const { run, status } = await agent.run('Go.');
  expect(status).toBe('suspended');
  await clock.advance(61_000);
  const result = await agent.resume(run);
  expect(children(result).at(-1)).toMatchObject({ status: 'answered', answer: 'Not paid.' });
  const log = await store.read(children(result)[0]?.child ?? '');
  expect(log.find((event) => event.kind === 'approval')).toMatchObject({ by: 'loop', verdict: 'deny' });
});
