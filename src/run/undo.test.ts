import { expect, it } from 'vitest';
import { z } from 'zod';
import { type ToolRecord, tool } from '../action/index.ts';
import { allowAll, denyAll, type Guard } from '../guard/index.ts';
import { isPoactError, type Json, type RunEvent, ToolError, viewOf } from '../record/index.ts';
import { fakeClock, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import type { AgentOptions } from './agent-options.ts';
import { memoryStore } from './memory-store.ts';
import { spentInTurn } from './spent.ts';
import { undo } from './undo.ts';

/** A shelf of numbers by name: `put` can be undone, `order` made good, `pay` neither. */
function world() {
  const shelf = new Map<string, number>();
  const did: string[] = [];
  const input = z.object({ name: z.string(), n: z.number() });
  const put = tool({
    description: 'Puts a number',
    input,
    output: z.object({ before: z.number().nullable() }),
    idempotentUndo: true,
    run({ name, n }) {
      if (n < 0) throw new ToolError('tool-refused', 'No negative numbers.');
      const before = shelf.get(name) ?? null;
      shelf.set(name, n);
      return { before };
    },
    undo({ name, n }, { before }, { call, idempotencyKey }) {
      did.push(`undo ${name} ${call} ${idempotencyKey.replace(/^.*?\./, '')}`);
      if (shelf.get(name) !== n && shelf.get(name) !== (before ?? undefined))
        throw new ToolError('tool-conflict', `${name} was changed since; it is left as it is.`);
      if (before === null) shelf.delete(name);
      else shelf.set(name, before);
    },
  });
  const order = tool({
    description: 'Orders',
    input,
    output: z.string(),
    run: ({ name }) => `o-${name}`,
    compensate: (_args, id) => void did.push(`cancel ${id}`),
  });
  const pay = tool({ description: 'Pays', input, effect: 'irreversible', run: () => null });
  const fail = tool({
    description: 'Fails',
    input,
    effect: 'reversible',
    run: () => {
      throw new Error('half done');
    },
    undo: () => {},
  });
  const look = tool({ description: 'Looks', input: z.object({}), effect: 'read', run: () => [...shelf] });
  return { shelf, did, tools: { put, order, pay, fail, look } };
}

const call = (name: string, args: Json = {}) => ({ calls: [{ tool: name, args }] });
const put = (name: string, n: number) => call('put', { name, n });

async function begun(replies: Parameters<typeof scriptedModel>[0], more: Partial<AgentOptions> = {}) {
  const { shelf, did, tools } = world();
  const store = memoryStore();
  const model = scriptedModel(replies);
  const make = (other: Partial<AgentOptions> = {}) =>
    createAgent({ model, tools: tools as ToolRecord, policy: 'react', store, ...more, ...other });
  const agent = make();
  const result = await agent.run('Go.');
  const { run, log } = result;
  const ends = log.filter(({ kind }) => kind === 'observation').map(({ seq }) => seq);
  return { shelf, did, tools, store, agent, make, model, run, log, result, ends, task: 1 };
}

const codeOf = async (work: Promise<unknown>) => {
  try {
    await work;
    return 'nothing was thrown';
  } catch (error) {
    if (isPoactError(error)) return { code: error.code, facts: error.facts, message: error.message };
    throw error;
  }
};
const kindsAfter = (log: readonly RunEvent[], seq: number) => log.slice(seq).map(({ kind }) => kind);

it('takes back latest first, each with intent and result, and the run stands where it stood', async () => {
  const { agent, run, shelf, did, log, ends, store } = await begun([put('a', 1), put('a', 2), put('b', 3), 'Done.']);
  const result = await agent.undo(run, { to: ends[0] as number });
  expect(result).toMatchObject({ status: 'undone', to: ends[0], cannot: [] });
  expect([...shelf]).toEqual([['a', 1]]);
  const begunAt = log.length + 1;
  expect(did.map((line) => line.split(' ')[1])).toEqual(['b', 'a']);
  expect(did[0]).toContain(`u${begunAt}.1`);
  expect(kindsAfter(await store.read(run), log.length)).toEqual([
    'resume',
    'note',
    'call',
    'call-result',
    'call',
    'call-result',
    'undo',
    'run-end',
  ]);
  expect((await store.list())[0]).toMatchObject({ status: 'stopped' });
});

it('plans without touching anything, also what it cannot', async () => {
  const replies = [put('a', 1), call('order', { name: 'x', n: 1 }), call('pay', { name: 'x', n: 1 }), 'Done.'];
  const { agent, run, shelf, did, log, store } = await begun(replies);
  const { status, steps, cannot } = await agent.undo(run, { to: 1, dryRun: true });
  expect(status).toBe('planned');
  expect(steps.map(({ tool, takenBackBy }) => [tool, takenBackBy])).toEqual([
    ['order', 'compensate'],
    ['put', 'undo'],
  ]);
  expect(cannot.map(({ tool, why }) => [tool, why])).toEqual([['pay', 'pay is irreversible.']]);
  expect([shelf.size, did.length, (await store.read(run)).length]).toEqual([1, 0, log.length]);
});

it('names what is in the way before anything is touched, unless it is to be left as it is', async () => {
  const replies = [put('a', 1), call('pay', { name: 'x', n: 1 }), call('fail', { name: 'y', n: 1 }), 'Done.'];
  const { agent, run, shelf, log, store, did } = await begun(replies);
  const refused = await codeOf(agent.undo(run, { to: 1 }));
  expect(refused).toMatchObject({
    code: 'undo-blocked',
    facts: {
      cannot: [
        { tool: 'fail', state: 'failed' },
        { tool: 'pay', effect: 'irreversible' },
      ],
    },
  });
  expect([shelf.get('a'), did.length, (await store.read(run)).length]).toEqual([1, 0, log.length]);
  const [fail, pay] = (await agent.undo(run, { to: 1, dryRun: true })).cannot;
  expect(await codeOf(agent.undo(run, { to: 1, skip: [fail?.call as string] }))).toMatchObject({
    code: 'undo-blocked',
  });
  const done = await agent.undo(run, { to: 1, skip: [fail?.call as string, pay?.call as string] });
  expect(done).toMatchObject({ status: 'undone' });
  expect(shelf.size).toBe(0);
  // What was left once is not in the way of a second undo.
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone', undone: [] });
});

it('does not stumble over calls that never happened', async () => {
  const { agent, run, shelf } = await begun([put('a', -1), call('put', { name: 1 }), put('a', 1), 'Done.']);
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone', cannot: [] });
  expect(shelf.size).toBe(0);
});

it('makes good what cannot be undone', async () => {
  const { agent, run, did } = await begun([call('order', { name: 'x', n: 1 }), 'Done.']);
  await agent.undo(run, { to: 1 });
  expect(did).toEqual(['cancel o-x']);
  expect((await agent.effects(run)).effects).toMatchObject([{ tool: 'order', state: 'compensated' }]);
});

it('undone twice, does nothing the second time', async () => {
  const { agent, run, store, did } = await begun([put('a', 1), 'Done.']);
  await agent.undo(run, { to: 1 });
  const { length } = await store.read(run);
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone', undone: [], steps: [] });
  expect([did.length, (await store.read(run)).length]).toEqual([1, length]);
});

it('refuses to undo an undo, and places that are none, and says which are', async () => {
  const { agent, run, ends } = await begun([put('a', 1), put('b', 2), 'Done.']);
  await agent.undo(run, { to: 1 });
  expect(await codeOf(agent.undo(run, { to: ends[0] as number }))).toMatchObject({
    code: 'undo-place',
    message: expect.stringContaining('was itself undone'),
  });
  for (const to of [0, -1, 999]) expect(await codeOf(agent.undo(run, { to }))).toMatchObject({ code: 'undo-place' });
  expect(await codeOf(agent.undo(run, { to: 1.5 }))).toMatchObject({ code: 'option-invalid' });
  expect(await codeOf(agent.undo(run, { to: 1, skip: 'x' as never }))).toMatchObject({ code: 'option-invalid' });
});

it('refuses a place within a program of which a part would stand', async () => {
  const program = "```ts\nawait put({ name: 'a', n: 1 });\nawait put({ name: 'b', n: 2 });\nanswer('ok')\n```";
  const { agent, run, log, shelf } = await begun([program], { policy: 'codeAct' });
  const [first, second] = log.filter(({ kind }) => kind === 'call-result');
  expect(await codeOf(agent.undo(run, { to: first?.seq as number }))).toMatchObject({
    code: 'undo-place',
    message: expect.stringContaining('within a program'),
  });
  const decision = log.find(({ kind }) => kind === 'decision')?.seq as number;
  // Between the decision and its first effect nothing would stand: it goes back before the decision.
  expect(await agent.undo(run, { to: decision + 1 })).toMatchObject({ to: decision - 1 });
  expect([shelf.size, second?.kind]).toEqual([0, 'call-result']);
});

it('goes on from there: the model does not see what was undone, and the program does not either', async () => {
  const programs = [
    "let seen = ['one'];\nawait put({ name: 'a', n: 1 });",
    "seen.push('mistake');\nawait put({ name: 'a', n: 2 });\nanswer(seen)",
    'answer(seen)',
  ];
  const { agent, run, shelf, ends, model, result } = await begun(
    programs.map((code) => `\`\`\`ts\n${code}\n\`\`\``),
    { policy: 'codeAct' },
  );
  expect(result.answer).toEqual(['one', 'mistake']);
  await agent.undo(run, { to: ends[0] as number });
  expect(shelf.get('a')).toBe(1);
  const again = await agent.resume(run);
  expect(again).toMatchObject({ status: 'answered', answer: ['one'] });
  expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('mistake');
});

it('gives the run the end it had there: a second turn undone leaves the first one answered', async () => {
  const { agent, run, log, shelf } = await begun([put('a', 1), 'One.', put('a', 2), 'Two.', 'Three.']);
  const first = log.length - 1;
  await agent.continue(run, 'And now two.');
  await agent.undo(run, { to: first });
  expect(await agent.resume(run)).toMatchObject({ status: 'answered', answer: 'One.' });
  expect(shelf.get('a')).toBe(1);
  expect(await agent.continue(run, 'And now three.')).toMatchObject({ answer: 'Three.' });
});

it('undoes a run that waits for a person; what it waited for is void', async () => {
  const { agent, run, result, shelf, store } = await begun([put('a', 1), call('pay', { name: 'x', n: 1 }), 'Fine.'], {
    guard: {
      judge: ({ tool: name }) => ({ verdict: name === 'pay' ? 'ask' : 'allow', rule: 'test', reason: 'A test.' }),
    },
  });
  expect(result.status).toBe('suspended');
  const request = result.log.find((event) => event.kind === 'approval-request');
  await agent.undo(run, { to: 1 });
  expect(shelf.size).toBe(0);
  if (request?.kind !== 'approval-request') throw new Error('It was not asked.');
  await store.post(run, { kind: 'approval', call: request.call, digest: request.digest, verdict: 'approve' });
  expect(await agent.resume(run)).toMatchObject({ status: 'answered', answer: 'Fine.' });
  expect((await agent.effects(run)).standing).toMatchObject({ irreversible: 0 });
});

it('stops where the world was changed since, names it, and is finished when that is mended', async () => {
  const { agent, run, shelf, store, did } = await begun([put('a', 1), put('b', 2), put('c', 3), 'Done.']);
  shelf.set('b', 99);
  const failed = await codeOf(agent.undo(run, { to: 1 }));
  expect(failed).toMatchObject({ code: 'undo-failed', facts: { code: 'tool-conflict' } });
  expect([...shelf]).toEqual([
    ['a', 1],
    ['b', 99],
  ]);
  expect(await codeOf(agent.resume(run))).toMatchObject({ code: 'undo-unfinished', facts: { to: 1 } });
  expect(await codeOf(agent.continue(run, 'More.'))).toMatchObject({ code: 'undo-unfinished' });
  expect((await store.list())[0]).toMatchObject({ status: 'failed' });
  shelf.set('b', 2);
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone', cannot: [] });
  expect(shelf.size).toBe(0);
  expect(did.filter((line) => line.startsWith('undo c'))).toHaveLength(1);
});

it('leaves a conflict as it is where that is meant', async () => {
  const { agent, run, shelf, log } = await begun([put('a', 1), put('b', 2), 'Done.']);
  shelf.set('b', 99);
  await codeOf(agent.undo(run, { to: 1 }));
  const b = log.findLast((event) => event.kind === 'call');
  const done = await agent.undo(run, { to: 1, skip: [b?.kind === 'call' ? b.id : ''] });
  expect(done.status).toBe('undone');
  expect([...shelf]).toEqual([['b', 99]]);
  const { shelf: other, agent: another, run: second } = await begun([put('a', 1), put('b', 2), 'Done.']);
  other.set('b', 99);
  expect(await another.undo(second, { to: 1, skip: true })).toMatchObject({ status: 'undone' });
  expect([...other]).toEqual([['b', 99]]);
});

it('asks where the guard wants a person, and goes on with what was posted', async () => {
  const guard: Guard = {
    judge: (_call, { undoes }) => ({
      verdict: undoes === undefined ? 'allow' : 'ask',
      rule: 'ask-undo',
      reason: 'Undo is asked for.',
    }),
  };
  const { agent, run, shelf, store } = await begun([put('a', 1), 'Done.'], { guard });
  const waits = await agent.undo(run, { to: 1 });
  expect(waits).toMatchObject({ status: 'suspended', waiting: [{ for: 'approval' }] });
  expect((await store.list())[0]).toMatchObject({ status: 'suspended' });
  const id = waits.waiting[0]?.id as string;
  const request = (await store.read(run)).find((event) => event.kind === 'approval-request');
  if (request?.kind !== 'approval-request') throw new Error('It was not asked.');
  expect(request).toMatchObject({ call: id, tool: 'put', rule: 'ask-undo' });
  await store.post(run, { kind: 'approval', call: id, digest: request.digest, verdict: 'approve' });
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone' });
  expect(shelf.size).toBe(0);
});

it('takes a denial by a person as a step that failed', async () => {
  const guard: Guard = { judge: () => ({ verdict: 'ask', rule: 'all', reason: 'Everything is asked for.' }) };
  const { agent, make, run, shelf } = await begun([put('a', 1), 'Done.'], { guard: allowAll() });
  const asking = make({ guard });
  const onApproval = async () => ({ verdict: 'deny', reason: 'Keep it.' }) as const;
  expect(await codeOf(asking.undo(run, { to: 1, onApproval }))).toMatchObject({
    code: 'undo-failed',
    message: expect.stringContaining('Keep it.'),
  });
  expect(shelf.size).toBe(1);
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone' });
});

it('counts what the guard denies among what cannot be undone', async () => {
  const { make, run, shelf, log, store } = await begun([put('a', 1), 'Done.']);
  expect(await codeOf(make({ guard: denyAll() }).undo(run, { to: 1 }))).toMatchObject({
    code: 'undo-blocked',
    message: expect.stringContaining('The guard denies it'),
  });
  expect([shelf.size, (await store.read(run)).length]).toEqual([1, log.length]);
});

it('cannot undo with tools that are gone or have changed, unless the change is accepted', async () => {
  const { make, tools, run, shelf } = await begun([put('a', 1), 'Done.']);
  const { put: _put, ...others } = tools;
  expect(await codeOf(make({ tools: others as ToolRecord }).undo(run, { to: 1 }))).toMatchObject({
    message: expect.stringContaining('The agent has no tool put.'),
  });
  const changed = make({ tools: { ...others, put: { ...tools.put, description: 'Another' } } as ToolRecord });
  expect(await codeOf(changed.undo(run, { to: 1 }))).toMatchObject({ code: 'undo-blocked' });
  await changed.undo(run, { to: 1, acceptChanges: true });
  expect(shelf.size).toBe(0);
});

it('does not reach past a fork: what was shared is undone in the run that did it', async () => {
  const { agent, run, ends, shelf } = await begun([put('a', 1), 'Done.', put('b', 2), 'Done too.']);
  const { run: fork } = await agent.fork(run, (ends[0] as number) + 1);
  await agent.resume(fork);
  expect(shelf.get('b')).toBe(2);
  expect(await codeOf(agent.undo(fork, { to: 1 }))).toMatchObject({
    code: 'undo-blocked',
    message: expect.stringContaining(`It was made in run ${run}`),
  });
  expect(await agent.undo(fork, { to: ends[0] as number })).toMatchObject({ status: 'undone' });
  expect([...shelf.keys()]).toEqual(['a']);
  await agent.undo(run, { to: 1 });
  expect(shelf.size).toBe(0);
});

it('forks a run that was undone, at the place it was undone to and after', async () => {
  const { agent, run, ends, store } = await begun([put('a', 1), put('b', 2), 'Done.', 'Again.', 'And again.']);
  await agent.undo(run, { to: ends[0] as number });
  const { run: early } = await agent.fork(run, (ends[0] as number) + 1);
  expect(await agent.resume(early)).toMatchObject({ status: 'answered', answer: 'Again.' });
  const { run: late } = await agent.fork(run, (await store.read(run)).length);
  expect(await agent.resume(late)).toMatchObject({ status: 'answered', answer: 'And again.' });
});

it('undoes what a run did after an undo, too', async () => {
  const { agent, run, shelf, ends } = await begun([put('a', 1), put('b', 2), 'Done.', put('c', 3), 'Done again.']);
  await agent.undo(run, { to: ends[0] as number });
  await agent.resume(run);
  expect([...shelf.keys()]).toEqual(['a', 'c']);
  const { undone } = await agent.undo(run, { to: 1 });
  expect([undone.length, shelf.size]).toEqual([2, 0]);
});

it('waits for word on an undo in doubt, and asks an idempotent one again', async () => {
  for (const idempotentUndo of [false, true]) {
    const { make, tools, run, shelf, store, did } = await begun([put('a', 1), 'Done.']);
    const one = { ...tools, put: { ...tools.put, idempotentUndo } } as ToolRecord;
    const dying = make({
      tools: one,
      failpoint: (name) => {
        if (name === 'undo.after') throw new Error('died');
      },
    });
    await expect(dying.undo(run, { to: 1 })).rejects.toThrow('died');
    const again = await make({ tools: one }).undo(run, { to: 1 });
    if (idempotentUndo) expect([again.status, did.length]).toEqual(['undone', 2]);
    else {
      expect(again).toMatchObject({ status: 'suspended', waiting: [{ for: 'doubt' }] });
      const id = again.waiting[0]?.id as string;
      await store.post(run, { kind: 'doubt', call: id, happened: true });
      expect(await make({ tools: one }).undo(run, { to: 1 })).toMatchObject({ status: 'undone' });
      expect(did).toHaveLength(1);
    }
    expect(shelf.size).toBe(0);
  }
});

it('finishes an undo to the place it began with, and to no other', async () => {
  const { make, agent, run, shelf, ends } = await begun([put('a', 1), put('b', 2), 'Done.']);
  const dying = make({
    failpoint: (name) => {
      if (name === 'undo.begun') throw new Error('died');
    },
  });
  await expect(dying.undo(run, { to: 1 })).rejects.toThrow('died');
  expect(await codeOf(agent.undo(run, { to: ends[0] as number }))).toMatchObject({ code: 'undo-unfinished' });
  expect(await agent.undo(run, { to: 1, dryRun: true })).toMatchObject({ steps: [{ tool: 'put' }, { tool: 'put' }] });
  await agent.undo(run, { to: 1 });
  expect(shelf.size).toBe(0);
});

it('is cancelled by its signal, and finished later', async () => {
  const { agent, run, shelf } = await begun([put('a', 1), 'Done.']);
  expect(await codeOf(agent.undo(run, { to: 1, signal: AbortSignal.abort() }))).toMatchObject({ code: 'cancelled' });
  expect(shelf.size).toBe(1);
  await agent.undo(run, { to: 1 });
  expect(shelf.size).toBe(0);
});

it('needs no agent: the store and the tools will do', async () => {
  const { store, tools, run, shelf } = await begun([put('a', 1), 'Done.']);
  await undo(store, run, { to: 1, tools: tools as ToolRecord });
  expect(shelf.size).toBe(0);
});

it('counts neither as calls nor as time at work', async () => {
  const clock = fakeClock({ auto: true });
  const { agent, run } = await begun([put('a', 1), 'Done.', 'Again.'], { clock });
  await clock.sleep(1_000_000);
  await agent.undo(run, { to: 1 });
  const { usage, log } = await agent.resume(run);
  expect(usage.toolCalls).toBe(1);
  expect(spentInTurn(viewOf(run, log)).activeMs).toBeLessThan(1_000_000);
});

it('lists what a run may at most have changed, and where to undo each to', async () => {
  const replies = [
    put('a', 1),
    call('look'),
    call('order', { name: 'x', n: 1 }),
    call('pay', { name: 'x', n: 1 }),
    'Ok.',
  ];
  const { agent, run, log } = await begun(replies);
  const { effects, standing } = await agent.effects(run);
  expect(standing).toEqual({ reversible: 1, compensable: 1, irreversible: 1, unknown: 0 });
  expect(effects.map(({ tool, state, takenBackBy = 'nothing' }) => `${tool} ${state} ${takenBackBy}`)).toEqual([
    'put done undo',
    'order done compensate',
    'pay done nothing',
  ]);
  const decisions = log.filter(({ kind }) => kind === 'decision').map(({ seq }) => seq - 1);
  expect(effects.map(({ to }) => to)).toEqual([decisions[0], decisions[2], decisions[3]]);
  expect(effects[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
});
