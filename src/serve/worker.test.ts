import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scriptedModel } from '../testing/index.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-worker-'));
  await writeFile(
    join(cwd, 'clerk.mjs'),
    `export default { name: 'clerk', model: 'local', policy: 'react', tools: { send: {
      description: 'Sends', input: { type: 'object', properties: {} }, output: { type: 'string' }, needsApproval: true, run: () => 'sent' } } };`,
  );
  await writeFile(join(cwd, 'other.mjs'), 'export const tools = {};');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A command as a shell sees it, while it runs and when it has ended. */
function begin(...argv: string[]) {
  const said = { out: '', err: '', exits: [] as number[] };
  let interrupt = () => {};
  const code = main(argv, {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    interactive: false,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: (hear) => {
      interrupt = hear;
      return () => {};
    },
    exit: (ended) => said.exits.push(ended),
    model: () =>
      scriptedModel(({ messages }) =>
        messages.some(({ role }) => role === 'assistant') ? 'It is sent.' : { calls: [{ tool: 'send', args: {} }] },
      ),
  });
  return { said, interrupt: () => interrupt(), code, done: code.then((ended) => ({ code: ended, ...said })) };
}
const poact = (...argv: string[]) => begin(...argv).done;

it('leaves a run to a worker, which goes on with it as often as it is answered; a follower sees all of it', async () => {
  const detached = await poact('run', 'Send it.', '--detach', '--agent', 'clerk.mjs');
  expect(detached).toMatchObject({ code: 0, out: expect.stringMatching(/^\w+\n$/) });
  const run = detached.out.trim();
  expect(detached.err).toContain(`poact follow ${run}\n`);
  expect(detached.err).toContain(`--store ${join(cwd, '.poact', 'runs.db')} --agent ${join(cwd, 'clerk.mjs')}`);

  const worker = begin('worker', '--agent', 'clerk.mjs');
  const follower = begin('follow', run, '--jsonl');
  const leaver = begin('follow', run);
  await expect.poll(() => leaver.said.err, { timeout: 10_000 }).toContain(`poact approvals ${run}`);
  leaver.interrupt();
  expect(await leaver.done).toMatchObject({
    code: 0,
    err: expect.stringMatching(/Detached.*follow \w+ --from \d+\n$/),
  });

  expect((await poact('approve', run)).code).toBe(0);
  const followed = await follower.done;
  expect(followed.code).toBe(0);
  const events = followed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
  expect(events.at(-1)).toMatchObject({ kind: 'run-end', status: 'answered', answer: 'It is sent.' });
  expect(await poact('follow', run, '--from', '9999')).toMatchObject({ code: 0, out: '' });

  await expect.poll(() => worker.said.err).toContain(`${run}  answered`);
  worker.interrupt();
  const ended = await worker.done;
  expect(ended).toMatchObject({ code: 0, exits: [] });
  expect(ended.err).toMatch(/^Worker of clerk \(scripted\/model\) on .*runs\.db\. Ctrl-C stops it\.\n/);
  expect(ended.err).toContain(`${run}  suspended`);
});

it('leaves a run to workers again that was cancelled, or is asked more', async () => {
  const { out } = await poact('run', 'Send it.', '--detach', '--agent', 'clerk.mjs', '--json');
  const { run } = JSON.parse(out) as { run: string };
  expect((await poact('cancel', run)).err).toBe(`Cancelled ${run}.\n`);
  expect((await poact('follow', run)).code).toBe(5);
  expect((await poact('resume', run, '--detach')).code).toBe(0);
  const worker = begin('worker', '--agent', 'clerk.mjs', '--json');
  await expect.poll(() => worker.said.out, { timeout: 10_000 }).toContain('"suspended"');
  const early = await poact('continue', run, 'And again.', '--detach');
  expect(early).toMatchObject({ code: 1, err: expect.stringContaining('(run-busy;') });
  expect((await poact('deny', run, '--reason', 'No.')).code).toBe(0);
  await expect.poll(() => worker.said.out).toContain('"answered"');
  expect((await poact('continue', run, 'And again.', '--detach')).out).toBe(`${run}\n`);
  await expect.poll(() => worker.said.out.split('"answered"').length).toBe(3);
  worker.interrupt();
  await worker.done;
  expect(JSON.parse(worker.said.out.split('\n')[0] ?? '')).toMatchObject({
    kind: 'advanced',
    run,
    status: 'suspended',
  });
});

it.each([
  [['worker'], 'Name the module of the agent'],
  [['worker', '--agent', 'other.mjs'], 'make the options of createAgent the default export'],
  [['worker', '--agent', 'missing.mjs'], 'could not be loaded'],
  [['worker', '--agent', 'clerk.mjs', '--postgres', 'runs.db'], '--postgres takes a URL'],
  [['worker', '--agent', 'clerk.mjs', '--postgres', 'postgres://h/d', '--store', 'a.db'], 'not both'],
  [['worker', '--agent', 'clerk.mjs', '--rate', '5/s'], 'Give --postgres'],
  [['worker', '--agent', 'clerk.mjs', '--postgres', 'postgres://h/d', '--rate', '5'], '5/s, 60/min or 1000/h'],
  [['worker', '--agent', 'clerk.mjs', '--concurrency', '0'], 'at least 1'],
  [['run', 'Go.', '--detach'], '--detach needs --agent'],
  [['run', 'Go.', '--detach', '--agent', 'clerk.mjs', '--steps', '3'], '--steps cannot go with --detach'],
  [['follow', 'last', '--from', 'x'], 'Give a whole number'],
])('says what is wrong with %j', async (argv, message) => {
  const { code, err } = await poact(...(argv as string[]));
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message as string) });
});
