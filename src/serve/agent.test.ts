/** What an agent is built from, and what cannot be built. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poactIn, program } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-agent-'));
  await writeFile(
    join(cwd, 'agent.mjs'),
    "export default { model: 'local', policy: 'codeAct', limits: { steps: 9 }, tools: {} };",
  );
  await writeFile(join(cwd, 'tools.mjs'), 'export const tools = {};');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('--agent', () => {
  const poact = (...argv: string[]) => poactIn(cwd, argv, { replies: () => program('answer(6 * 7)') });

  // `--out` and `--tools` had no effect beside it, and nobody said so: the run could not write its results.
  it.each([
    ['--out', 'out'],
    ['--tools', 'tools.mjs'],
    ['--policy', 'react'],
  ])('cannot go with %s, which the module stands for', async (option, value) => {
    const wrong = `${option} cannot go with --agent: ${join(cwd, 'agent.mjs')} says what the agent has. Say it there`;
    const run = ['run', 'Six times seven?', '--agent', 'agent.mjs'];
    const beside = await poact(...run, option, value);
    expect([beside.code, beside.err]).toEqual([2, expect.stringContaining(wrong)]);
    expect((await poact(...run)).out).toBe('42\n');
    const later = await poact('continue', 'last', 'And now?', option, value);
    expect([later.code, later.err]).toEqual([2, expect.stringContaining(wrong)]);
  });

  it('takes the place of what a configuration file says', async () => {
    await writeFile(join(cwd, 'poact.config.json'), '{"tools":"missing.mjs","out":"out","policy":"react"}');
    expect((await poact('run', 'Six times seven?', '--agent', 'agent.mjs')).out).toBe('42\n');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  it.each([
    ['--steps', '2'],
    ['--budget', '2steps'],
  ])('has its limits from %s where that is given', async (option, value) => {
    let tries = 0;
    const replies = () => program(`throw new Error('try ${++tries}')`);
    const argv = ['run', 'Loop.', '--agent', 'agent.mjs', option, value, '--json'];
    const { out } = await poactIn(cwd, argv, { replies });
    expect(JSON.parse(out)).toMatchObject({ status: 'stopped', usage: { steps: 2 } });
  });
});

describe('a folder to write to', () => {
  // "EEXIST: file already exists … That is a bug of poact."
  it('is no file', async () => {
    for (const [option, said, ended] of [
      ['--out', `--out ${join(cwd, 'tools.mjs')} cannot be written to: a file has that name.`, 2],
      ['--store', `${join(cwd, 'tools.mjs')} cannot be made for the run store: a file has that name.`, 1],
    ] as const) {
      const place = option === '--out' ? 'tools.mjs' : join('tools.mjs', 'runs.db');
      const { code, err } = await poactIn(cwd, ['run', 'Write.', option, place]);
      expect([code, err]).toEqual([ended, expect.stringContaining(said)]);
      expect(err).not.toContain('bug of poact');
    }
  });

  it.skipIf(!existsSync('/proc/self'))('is one in which something can be made', async () => {
    const out = await poactIn(cwd, ['run', 'Write.', '--out', '/proc/poact-nowhere']);
    expect([out.code, out.err]).toEqual([2, expect.stringContaining('nothing can be made there. Name a folder')]);
    const store = await poactIn(cwd, ['run', 'Write.', '--store', '/proc/poact-nowhere/runs.db']);
    expect([store.code, store.err]).toEqual([1, expect.stringContaining('nothing can be made there. Name another')]);
  });
});
