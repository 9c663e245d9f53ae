import { expect, it } from 'vitest';
import { CancelledError, viewOf } from '../record/index.ts';
import { fakeClock, scriptedModel } from '../testing/index.ts';
import { begun, call, codeOf, put } from './fixtures/undo-world.ts';
import { activeMsInTurn } from './spent.ts';

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

it('counts neither as calls nor as time at work', async () => {
  const clock = fakeClock({ auto: true });
  const { agent, run } = await begun([put('a', 1), 'Done.', 'Again.'], { clock });
  await clock.sleep(1_000_000);
  await agent.undo(run, { to: 1 });
  const { usage, log } = await agent.resume(run);
  expect(usage.toolCalls).toBe(1);
  expect(activeMsInTurn(viewOf(run, log))).toBeLessThan(1_000_000);
});

it('undoes a run whose process died, once it is known what happened', async () => {
  for (const happened of [false, true]) {
    const { make, agent, run, shelf, store } = await begun([put('a', 1), put('b', 2), 'Done.']);
    const dying = make({
      model: scriptedModel([put('c', 3), 'Done.']),
      failpoint: (name) => {
        if (name === 'effect.after') throw new CancelledError('died');
      },
    });
    const controller = new AbortController();
    const more = dying.continue(run, 'More.', {
      signal: controller.signal,
      on: (event) => event.kind === 'call' && controller.abort(),
    });
    expect((await more).status).toBe('cancelled');
    const refused = await codeOf(agent.undo(run, { to: 1 }));
    expect(refused).toMatchObject({ code: 'undo-blocked', facts: { cannot: [{ tool: 'put', state: 'doubt' }] } });
    const call = (await agent.undo(run, { to: 1, dryRun: true })).cannot[0]?.call as string;
    const value = { before: null };
    await store.post(run, { kind: 'doubt', call, happened, ...(happened && { value }) });
    if (!happened) shelf.delete('c');
    expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone' });
    expect(shelf.size).toBe(0);
  }
});

it('names runs within the run that changed something, until they are undone', async () => {
  const { agent, run, shelf, store } = await begun([put('a', 1), 'Done.', put('b', 2), 'Done too.']);
  const child = await agent.run('A part of it.');
  const { fence } = await store.lease(run, 'test', 1_000);
  const { length } = await store.read(run);
  const envelope = { seq: length, at: new Date().toISOString(), run, step: 2, by: 'action' };
  const event = { ...envelope, kind: 'child', child: child.run, state: 'started' } as const;
  await store.append(run, [event], { expectedSeq: length, fence });
  await store.release(run, fence);
  expect((await agent.effects(run)).children).toEqual([child.run]);
  expect(await codeOf(agent.undo(run, { to: 1 }))).toMatchObject({
    code: 'undo-blocked',
    message: expect.stringContaining(`Undo it there: poact undo ${child.run}`),
  });
  expect(shelf.size).toBe(2);
  await agent.undo(child.run, { to: 1 });
  expect(await agent.undo(run, { to: 1 })).toMatchObject({ status: 'undone' });
  expect(shelf.size).toBe(0);
});

it('knows no run that is not there, and leaves alone one that another process has', async () => {
  const { agent, run, store, shelf } = await begun([put('a', 1), 'Done.']);
  expect(await codeOf(agent.undo('none', { to: 1 }))).toMatchObject({ code: 'run-unknown' });
  expect(await codeOf(agent.undo('none', { to: 1, dryRun: true }))).toMatchObject({ code: 'run-unknown' });
  await store.lease(run, 'another', 60_000);
  expect(await codeOf(agent.undo(run, { to: 1 }))).toMatchObject({ code: 'run-busy' });
  expect((await agent.undo(run, { to: 1, dryRun: true })).steps).toHaveLength(1);
  expect(shelf.size).toBe(1);
});
