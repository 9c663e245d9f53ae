import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-waits-'));
  await writeFile(
    join(cwd, 'tools.mjs'),
    `export const send = { description: 'Sends', input: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
      needsApproval: true, run: ({ to }) => 'sent to ' + to };
    export const wait = { description: 'Waits', input: { type: 'object', properties: {} }, effect: 'read',
      run: () => { throw Object.assign(new Error('the courier'), { [Symbol.for('poact.later')]: true }); } };`,
  );
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A command as a shell without a terminal sees it. */
async function poact(argv: string[], replies: readonly ScriptedReply[] | (() => string) = []) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    interactive: false,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: () => () => {},
    exit: () => {},
    model: (name) => (name === 'local' ? scriptedModel(replies) : undefined),
  });
  return { code, out: out.join(''), err: err.join('') };
}

const run = (code: string) =>
  poact(['run', 'Go.', '--tools', 'tools.mjs', '--policy', 'codeAct', '--json'], () => `\`\`\`ts\n${code}\n\`\`\``);
const waiting = async () => JSON.parse((await poact(['approvals', '--json'])).out) as { id: string; run: string }[];

it('lists what waits, and answers it call by call', async () => {
  const began = await run(
    "const send1 = send({ to: 'Ann' }), send2 = send({ to: 'Bo' }).catch((error) => error.message);\nanswer(await Promise.all([send1, send2]))",
  );
  expect(began.code).toBe(3);
  const { out } = await poact(['approvals']);
  expect(out).toContain('send({"to":"Ann"})\n  send says that a person must allow it. (needs-approval)');
  const [ann, bo] = (await waiting()).map(({ id }) => id) as [string, string];

  const many = await poact(['approve', 'last']);
  expect([many.code, many.err]).toEqual([2, expect.stringContaining(`${ann}  send({"to":"Ann"})`)]);
  const denied = await poact(['deny', 'last', bo, '--reason', 'Not Bo.']);
  expect([denied.code, denied.err]).toEqual([0, expect.stringContaining(`Still open: ${ann}.`)]);
  expect((await poact(['approvals', 'last'])).out).toContain('deny, not yet resumed');
  const twice = await poact(['approve', 'last', bo]);
  expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('run-not-suspended')]);

  const done = await poact(['approve', 'last', '--edit', '{"to":"Cleo"}', '--resume', '--json']);
  expect([done.code, JSON.parse(done.out).answer]).toEqual([0, ['sent to Cleo', 'Not Bo.']]);
  expect((await poact(['approvals'])).err).toBe('Nothing waits.\n');
});

it('settles a call that was put off, and cancels a run', async () => {
  await run('answer(await wait({}))');
  const [{ id = '' } = {}] = await waiting();
  expect((await poact(['settle', 'last', id])).code).toBe(2);
  expect((await poact(['settle', 'last', id, '--value', '{'])).err).toContain('no valid JSON');
  const done = await poact(['settle', 'last', id, '--value', '[1, 2]', '--resume', '--json']);
  expect(JSON.parse(done.out).answer).toEqual([1, 2]);

  await run('answer(await wait({}))');
  const cancelled = await poact(['cancel', 'last', '--json']);
  expect([cancelled.code, JSON.parse(cancelled.out).cancelled]).toEqual([0, true]);
  expect((await poact(['runs', '--status', 'cancelled'])).out).toContain('cancelled');
  expect((await poact(['cancel', 'last'])).code).toBe(1);
});

it('answers a question', async () => {
  const agent = join(cwd, 'agent.mjs');
  await writeFile(
    agent,
    `let said;
    export default { model: 'local', policy: { name: 'asks', async decide(view) {
      const reply = view.last('reply');
      if (reply === undefined) return { kind: 'ask', question: 'Which lamp?', choices: ['desk', 'floor'] };
      return { kind: 'answer', value: reply.parts[0].text };
    } } };`,
  );
  await poact(['run', 'Go.', '--agent', agent]);
  expect((await poact(['approvals'])).out).toContain('Which lamp?\n  - desk\n  - floor');
  const [{ id = '' } = {}] = await waiting();
  expect((await poact(['answer', 'last', 'q99', 'desk'])).code).toBe(1);
  const done = await poact(['answer', 'last', id, 'floor', '--resume', '--json']);
  expect(JSON.parse(done.out)).toMatchObject({ answer: 'floor', status: 'answered' });
});

// "No call  waits for an approval."
it('says that no call waits', async () => {
  await run('answer(1)');
  for (const argv of [
    ['approve', 'last'],
    ['deny', 'last', '--reason', 'No.'],
  ]) {
    const { code, err } = await poact(argv);
    expect([code, err]).toEqual([1, expect.stringMatching(/^No call of run \w+ waits for an approval\./)]);
  }
});

it.each(['approvals', 'approve', 'deny', 'answer', 'settle', 'cancel'])('%s has a help page', async (command) => {
  const { code, out } = await poact([command, '--help']);
  expect([code, out]).toEqual([0, expect.stringContaining('--store <file>')]);
});
