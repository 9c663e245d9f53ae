import { expect, it } from 'vitest';
import type { ToolRecord } from '../action/index.ts';
import { allowAll, denyAll, type Guard } from '../guard/index.ts';
import { begun, call, codeOf, kindsAfter, put } from './fixtures/undo-world.ts';
import { undo } from './undo.ts';

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

it('ends the wait for a person when it is aborted, and is finished later', async () => {
  const guard: Guard = { judge: () => ({ verdict: 'ask', rule: 'all', reason: 'Everything is asked for.' }) };
  const { agent, make, run, shelf } = await begun([put('a', 1), 'Done.'], { guard: allowAll() });
  const stop = new AbortController();
  const onApproval = () => {
    stop.abort();
    return new Promise<never>(() => {});
  };
  const undone = make({ guard }).undo(run, { to: 1, signal: stop.signal, onApproval });
  expect(await codeOf(undone)).toMatchObject({ code: 'cancelled' });
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
