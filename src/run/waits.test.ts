import { expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, later, tool } from '../action/index.ts';
import { codeAct } from '../policy/index.ts';
import { digestOf, viewOf } from '../record/index.ts';
import { fakeClock, type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';
import type { InboxMessage, RunLimits } from './run.ts';
import { activeMs } from './spent.ts';
import { approvalsOf, cancelRun, respond, type Wait } from './waits.ts';

const program = (code: string): ScriptedReply => `\`\`\`ts\n${code}\n\`\`\``;
const PAYS = program(
  'const pay = (n: number) => send({ n }).catch((error) => error.message);\nanswer(await Promise.all([pay(1), pay(2), pay(3)]))',
);

function world(replies: readonly ScriptedReply[] = [PAYS], limits: RunLimits = {}) {
  const clock = fakeClock({ auto: true });
  const store = memoryStore({ clock });
  const sent: number[] = [];
  const make = () =>
    createAgent({
      model: scriptedModel(replies),
      store,
      clock,
      limits,
      policy: codeAct(),
      action: actionController({ review: { types: false, answers: false }, propose: { log: false, variable: false } }),
      tools: {
        send: tool({
          description: 'Sends',
          input: z.object({ n: z.number().max(100) }),
          output: z.number(),
          needsApproval: true,
          run: ({ n }) => {
            sent.push(n);
            return n * 10;
          },
        }),
        scan: tool({
          description: 'Scans',
          input: z.object({}),
          output: z.number(),
          run: (_args, { call }) => later(`the scanner, as ${call}`),
        }),
      },
    });
  return { store, clock, sent, make };
}

const approval = ({ id, digest = '' }: Wait, more: Partial<Extract<InboxMessage, { kind: 'approval' }>> = {}) =>
  ({ kind: 'approval', call: id, digest, verdict: 'approve', ...more }) as InboxMessage;

it('lists what waits: the call as it was asked for, why, and since when', async () => {
  const { store, make } = world();
  const { run, status } = await make().run('Go.');
  expect(status).toBe('suspended');
  const waits = await approvalsOf(store);
  expect(waits.map(({ args }) => args)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  expect(waits[0]).toMatchObject({
    run,
    for: 'approval',
    tool: 'send',
    rule: 'needs-approval',
    reason: 'send says that a person must allow it.',
    digest: digestOf({ tool: 'send', args: { n: 1 } }),
    since: expect.stringMatching(/^\d{4}-/),
  });
});

it('takes approvals in any order, one at a time: allowed, with other arguments, denied', async () => {
  const { store, sent, make } = world();
  const { run } = await make().run('Go.');
  const [first, second, third] = (await approvalsOf(store, run)) as [Wait, Wait, Wait];
  await respond(store, run, approval(third));
  expect((await approvalsOf(store, run)).map(({ posted }) => posted?.kind)).toEqual([undefined, undefined, 'approval']);
  expect(await make().resume(run)).toMatchObject({ status: 'suspended' });
  expect(sent).toEqual([3]);
  await respond(store, run, approval(second, { verdict: 'edit', args: { n: 7 } }));
  await make().resume(run);
  await respond(store, run, approval(first, { verdict: 'deny', reason: 'Not that one.' }));
  const done = await make().resume(run);
  expect(done).toMatchObject({ status: 'answered', answer: ['Not that one.', 70, 30] });
  expect(sent).toEqual([3, 7]);
  const edited = done.log.find((event) => event.kind === 'call' && event.id === second.id);
  expect(edited).toMatchObject({ args: { n: 7 }, digest: digestOf({ tool: 'send', args: { n: 7 } }) });
  expect(await approvalsOf(store)).toEqual([]);
});

it('refuses an answer that fits nothing, and says what waits', async () => {
  const { store, make } = world();
  const { run } = await make().run('Go.');
  const [wait] = (await approvalsOf(store, run)) as [Wait];
  const refused = (message: InboxMessage) => expect(respond(store, run, message)).rejects;
  const code = 'run-not-suspended';
  await refused(approval(wait, { digest: digestOf({ tool: 'send', args: { n: 11 } }) })).toMatchObject({
    code,
    message: expect.stringContaining('another digest'),
  });
  await refused(approval({ ...wait, id: '9.9' })).toMatchObject({ code, facts: { id: '9.9' } });
  await refused({ kind: 'reply', to: 'q1', text: 'yes' }).toMatchObject({ code });
  await refused({ kind: 'result', call: wait.id, value: 1 }).toMatchObject({ code });
  await respond(store, run, approval(wait));
  await refused(approval(wait, { verdict: 'deny' })).toMatchObject({
    code,
    message: expect.stringContaining('already'),
  });
  await expect(respond(store, 'nobody', approval(wait))).rejects.toMatchObject({ code: 'run-unknown' });
});

it.each([
  ['one byte of the arguments differs', { digest: digestOf({ tool: 'send', args: { n: 2.5 } }) }, /another digest/],
  ['the tool refuses what it was edited to', { verdict: 'edit', args: { n: 101 } }, /100/],
  ['an edit has no arguments', { verdict: 'edit' }, /needs arguments/],
] as const)('lets an approval have no effect, and notes why, where %s', async (_title, more, why) => {
  const { store, sent, make } = world();
  const { run } = await make().run('Go.');
  const [, second] = (await approvalsOf(store, run)) as Wait[];
  // Posted past the check, as a hasty or hostile process would.
  await store.post(run, approval(second as Wait, more));
  const result = await make().resume(run);
  expect(result.status).toBe('suspended');
  expect(sent).toEqual([]);
  expect(result.log.findLast((event) => event.kind === 'note' && event.name === 'ignored')).toMatchObject({
    value: { message: { call: second?.id }, why: expect.stringMatching(why) },
  });
  expect(await approvalsOf(store, run)).toHaveLength(3);
});

it('goes on when a result that a tool put off is posted, and checks it by the tool’s schema', async () => {
  const { store, make } = world([program('answer(await scan({}).catch((error) => error.message))')]);
  const { run, why } = await make().run('Go.');
  const [wait] = (await approvalsOf(store, run)) as [Wait];
  expect(wait).toMatchObject({ for: 'later', tool: 'scan', reason: `the scanner, as ${wait.id}` });
  expect(why).toContain('put off');
  expect(await make().resume(run)).toMatchObject({ status: 'suspended' });
  await store.post(run, { kind: 'result', call: wait.id, value: 'many' });
  expect(await make().resume(run)).toMatchObject({ status: 'suspended' });
  const forked = await make().fork(run, (await store.read(run)).length);
  await respond(store, run, { kind: 'result', call: wait.id, value: 12 });
  expect(await make().resume(run)).toMatchObject({ status: 'answered', answer: 12 });
  await respond(store, forked.run, { kind: 'result', call: wait.id, error: 'The scanner broke.' });
  expect(await forked.resume()).toMatchObject({ status: 'answered', answer: 'The scanner broke.' });
});

it('denies what nobody decided on in time, once the run is resumed', async () => {
  const { clock, make } = world([PAYS], { waitMs: 60_000 });
  const { run } = await make().run('Go.');
  clock.advance(59_000);
  expect(await make().resume(run)).toMatchObject({ status: 'suspended' });
  clock.advance(2_000);
  const done = await make().resume(run);
  const why = 'Nobody answered within 60000 ms (limit `waitMs`).';
  expect(done).toMatchObject({ status: 'answered', answer: [why, why, why] });
  expect(done.log.filter((event) => event.kind === 'approval').map(({ by, verdict }) => [by, verdict])).toEqual(
    Array(3).fill(['loop', 'deny']),
  );
});

it('cancels a run that waits at once, and it can be resumed', async () => {
  const { store, make } = world();
  const { run } = await make().run('Go.');
  expect(await cancelRun(store, run, 'Not today.')).toBe(true);
  expect((await store.list())[0]?.status).toBe('cancelled');
  expect((await store.read(run)).at(-1)).toMatchObject({ kind: 'run-end', why: 'Not today.' });
  await expect(cancelRun(store, run)).rejects.toMatchObject({ code: 'run-not-suspended' });
  expect(await make().resume(run)).toMatchObject({ status: 'suspended' });
  expect(await approvalsOf(store)).toHaveLength(3);
});

it('leaves the wish to cancel to the process that is at work', async () => {
  const { store, make } = world();
  const { run } = await make().run('Go.');
  await store.lease(run, 'somebody', 60_000);
  expect(await cancelRun(store, run)).toBe(false);
  expect(await store.posted(run)).toEqual([{ kind: 'cancel', reason: 'Cancelled.' }]);
});

// It was taken in by the canceller, who knows neither the tool's schema nor the agent's secrets.
it('leaves what was posted before a cancel to whoever goes on with the run', async () => {
  const { store, make } = world([program('answer(await scan({}).catch((error) => error.message))')]);
  const { run } = await make().run('Go.');
  const [wait] = (await approvalsOf(store, run)) as [Wait];
  await respond(store, run, { kind: 'result', call: wait.id, value: 'no number' });
  await cancelRun(store, run);
  expect(JSON.stringify(await store.read(run))).not.toContain('no number');
  const resumed = await make().resume(run);
  expect(resumed.status).toBe('suspended');
  expect(resumed.log.some((event) => event.kind === 'note' && event.name === 'ignored')).toBe(true);
});

it('does not count a wait as too long that was answered before the run was resumed', async () => {
  const { store, clock, sent, make } = world([PAYS], { waitMs: 60_000 });
  const { run } = await make().run('Go.');
  const [first] = (await approvalsOf(store, run)) as [Wait];
  await respond(store, run, approval(first));
  clock.advance(61_000);
  const done = await make().resume(run);
  const why = 'Nobody answered within 60000 ms (limit `waitMs`).';
  expect(done).toMatchObject({ status: 'answered', answer: [10, why, why] });
  expect(sent).toEqual([1]);
  expect(await make().replay(run)).toMatchObject({ same: true });
});

it('takes no time at work for a wait that was too long', async () => {
  const { clock, make } = world([PAYS], { waitMs: 60_000 });
  const { run } = await make().run('Go.');
  clock.advance(61_000);
  const { status, log } = await make().resume(run);
  expect(status).toBe('answered');
  expect(activeMs(viewOf(run, log))).toBeLessThan(1_000);
});

// It was posted while the last reply was written, and ended the turn that came after.
it('lets a cancel that came too late for its turn not end the next one', async () => {
  const { store, make } = world(['Four.', 'Five.']);
  const { run } = await make().run('Two and two?');
  await store.post(run, { kind: 'cancel', reason: 'Stop.' });
  await store.post(run, { kind: 'message', text: 'Thanks.' });
  const next = await make().continue(run, 'Two and three?');
  expect(next.status).toBe('answered');
  const came = next.log.filter((event) => event.by === 'user' && event.kind !== 'task');
  expect(came).toMatchObject([{ name: 'ignored', value: { message: { kind: 'cancel' } } }, { kind: 'message' }]);
  expect(await make().replay(run)).toMatchObject({ same: true });
});

it('takes in what is no message as one that has no effect', async () => {
  const { store, make } = world();
  const { run } = await make().run('Go.');
  const odd = [null, 'cancel', { kind: 'nod' }, { kind: 'message' }, { kind: 'reply', to: 5 }];
  for (const message of odd) await store.post(run, message as never);
  const { status, log } = await make().resume(run);
  expect(status).toBe('suspended');
  const notes = log.filter((event) => event.kind === 'note' && event.name === 'ignored');
  expect(notes.map((event) => event.kind === 'note' && (event.value as { why: string }).why)).toEqual([
    'It is no message.',
    'It is no message.',
    'There is no message of kind nod.',
    'A message of kind message needs `text`, a text.',
    'A message of kind reply needs `to`, a text.',
  ]);
  await expect(respond(store, run, null as never)).rejects.toMatchObject({ code: 'run-not-suspended' });
});
