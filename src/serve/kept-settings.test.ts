/** A run goes on with what it was begun with, or says that it does not know what that was. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poactIn, program } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-kept-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const poact = (...argv: string[]) => poactIn(cwd, argv, { replies: () => program('answer(6 * 7)') });

/** A run that has ended, and the file of its settings. */
async function begun(): Promise<string> {
  expect((await poact('run', 'Six times seven?', '--policy', 'codeAct')).code).toBe(0);
  const folder = join(cwd, '.poact', 'settings');
  const [file = ''] = await readdir(folder);
  return join(folder, file);
}

// They went on with the model `local` and without tools, whatever the run was begun with.
it.each([
  ['is not there', undefined],
  ['is damaged', '{"policy":'],
  ['is damaged', '{"steps":"many"}'],
  ['is of a newer version of poact, with `effort`', '{"effort":3}'],
])('says that its settings file %s, and asks what goes on with the run', async (wrong, content) => {
  const file = await begun();
  await rm(file);
  if (content !== undefined) await writeFile(file, content);
  for (const argv of [
    ['continue', 'last', 'And twice that?'],
    ['resume', 'last'],
    ['resume', 'last', '--detach'],
  ]) {
    const { code, out, err } = await poact(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${file} ${wrong}. Say what goes on with it: --agent <module>`);
    expect(err).not.toContain('bug of poact');
  }
  const told = await poact('continue', 'last', 'And twice that?', '--model', 'local', '--policy', 'codeAct');
  expect({ code: told.code, out: told.out }).toEqual({ code: 0, out: '42\n' });
});

it('asks for it also before an undo, a replay, or a fork that goes on', async () => {
  await rm(await begun());
  const said = async (...argv: string[]) => (await poact(...argv)).err;
  expect(await said('undo', 'last', '--to', '1', '--yes')).toContain('or --tools <module> and --out <folder>.');
  expect(await said('replay', 'last')).toContain('Say it in poact.config.ts: `agent`');
  expect(await said('fork', 'last', '--step', '1', '--resume')).toContain('--model <name>.');
  expect((await poact('runs')).out.split('\n')).toHaveLength(2);
  // A fork that waits needs none yet, and makes none up.
  expect((await poact('fork', 'last', '--step', '1')).code).toBe(0);
  expect(await said('resume', 'last')).toContain('is not there. Say what goes on with it');
});

// They were written while the run went on, and nobody waited: the process ended with a stack trace in the middle of the run.
it.each([['run'], ['run', '--detach', '--agent', 'agent.mjs']])(
  'says before %j that they cannot be kept',
  async (command, ...options) => {
    await mkdir(join(cwd, '.poact'));
    await writeFile(join(cwd, '.poact', 'settings'), '');
    await writeFile(join(cwd, 'agent.mjs'), "export default { model: 'local' };");
    const { code, out, err } = await poact(command, 'Six times seven?', ...options);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const folder = join(cwd, '.poact', 'settings');
    expect(err).toContain(`cannot be kept in ${folder}: a file has that name. Mend that, or name another store`);
    expect(err).not.toMatch(/\n\s+at /);
    expect((await poact('runs')).err).toBe('No runs.\n');
  },
);
