/** The command line as a process: what no argument stands for. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { poactIn } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-process-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A process that starts on a busy machine takes its time. */
const PROCESS_MS = 120_000;
const BIN = resolve('bin/poact.js');

/** A line of a shell, in which `poact` is the command. */
function shell(line: string): Promise<{ code: number; out: string; err: string }> {
  const script = `poact() { '${process.execPath}' '${BIN}' "$@"; }\n${line}`;
  return new Promise((done) => {
    execFile('sh', ['-c', script], { cwd, timeout: PROCESS_MS }, (problem, out, err) =>
      done({ code: problem === null ? 0 : Number(problem.code ?? -1), out, err }),
    );
  });
}

// It ended with a stack trace.
it.skipIf(!existsSync('/dev/full'))(
  'says in a sentence that the disk of its output is full',
  async () => {
    const { code, err } = await shell('poact models list > /dev/full');
    expect({ code, lines: err.trim().split('\n').sort() }).toEqual({
      code: 1,
      lines: [
        expect.stringMatching(/^The output cannot be written: the disk is full\./),
        expect.stringMatching(/^They lie/),
      ],
    });
    expect((await shell('poact models list 2> /dev/full')).code).toBe(0);
  },
  PROCESS_MS,
);

it(
  'reads a task from a pipe',
  async () => {
    await writeFile(
      join(cwd, 'echo.mjs'),
      `const policy = { name: 'echo', decide: async (view) => ({ kind: 'answer', value: view.last('task').parts[0].text }) };
    export default { model: { id: 'none', can: {}, generate: () => { throw new Error('unused'); } }, policy };`,
    );
    expect((await shell('echo "Six times seven?" | poact run - --agent echo.mjs 2> /dev/null')).out).toBe(
      'Six times seven?\n',
    );
  },
  PROCESS_MS,
);

// `poact runs` called it "running" for ever.
it(
  'lists a run whose process was killed as interrupted, and goes on with it',
  async () => {
    await writeFile(
      join(cwd, 'dies.mjs'),
      `const policy = { name: 'dies', async decide() {
      if (process.env.DIES) process.kill(process.pid, 'SIGKILL');
      return { kind: 'answer', value: 42 };
    } };
    export default { model: { id: 'none', can: {}, generate: () => { throw new Error('unused'); } }, policy };`,
    );
    await shell('DIES=1 poact run "Six times seven?" --agent dies.mjs');
    const poact = (...argv: string[]) => poactIn(cwd, argv);
    const { out, err } = await poact('runs');
    expect(out).toMatch(/^\w+ {2}interrupted {2}/);
    expect(err).toContain(`Go on with: poact resume ${out.split(' ')[0]}\n`);
    expect((await poact('runs', '--status', 'running')).out).toBe('');
    expect((await poact('runs', '--status', 'interrupted', '--json')).out).toContain('"interrupted":true');
    expect((await poact('resume', 'last')).out).toBe('42\n');
    expect((await poact('runs')).out).toMatch(/^\w+ {2}answered /);
  },
  PROCESS_MS,
);
