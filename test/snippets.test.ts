/** Everything shown runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { allSnippets, shellLines, syntaxErrors } from './snippets.ts';
import { read, root } from './sources.ts';
import { typeErrors } from './type-check.ts';

const snippets = allSnippets();
const run = promisify(execFile);

it('shows programs for the sandbox that can be read', () => {
  expect(snippets.filter(({ mark }) => mark === 'guest').flatMap(syntaxErrors)).toEqual([]);
});

it('shows code that type-checks', () => {
  expect(typeErrors(snippets.filter(({ mark }) => mark !== 'guest'))).toEqual([]);
}, 120_000);

const runnable = snippets.filter(({ mark }) => mark === 'run');

it.each(runnable)(
  'runs $at',
  async ({ code, replies, prints }) => {
    const folder = await mkdtemp(join(tmpdir(), 'poact-snippet-'));
    try {
      const file = join(folder, 'snippet.ts');
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      await writeFile(file, code);
      const env = {
        ...process.env,
        ...(replies === undefined ? {} : { POACT_SNIPPET_REPLIES: JSON.stringify(replies) }),
      };
      const { stdout } = await run(process.execPath, [join(root, 'test/run-snippet.ts'), file], {
        cwd: folder,
        env,
        timeout: 60_000,
      });
      if (prints !== undefined) expect(stdout.trim()).toBe(prints);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  90_000,
);

it('shows a program with two tools in at most six lines', () => {
  const [first] = snippets.filter(({ at }) => at.startsWith('README.md'));
  expect(first?.code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(6);
  expect(first?.code.match(/\btool\(/g)).toHaveLength(2);
});

describe('commands in README.md', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { [name: string]: string } };
  const commands = shellLines('README.md').flatMap((line) => line.split('&&').map((part) => part.trim()));

  it('name scripts of package.json', () => {
    const named = commands.flatMap((line) => /^npm (?:run )?([\w:]+)/.exec(line)?.[1] ?? []);
    expect(named.filter((name) => name !== 'install' && scripts[name] === undefined)).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['install', 'start', 'test']));
  });

  it('name commands and options of the command line', async () => {
    const used = commands.flatMap((line) => {
      const [, command] = /^npx poact ([a-z]+)/.exec(line) ?? [];
      return command === undefined ? [] : [{ line, command, options: line.match(/ --[a-z-]+/g) ?? [] }];
    });
    const wrong: string[] = [];
    for (const command of new Set(used.map(({ command }) => command))) {
      const help = await run(process.execPath, [join(root, 'bin/poact.js'), command, '--help'], {
        cwd: root,
        timeout: 60_000,
      }).then(
        ({ stdout }) => stdout,
        (error: { stderr?: string }) => `failed: ${error.stderr}`,
      );
      if (!new RegExp(`Usage: poact ${command}\\b`).test(help)) wrong.push(`poact ${command}: ${help.slice(0, 200)}`);
      for (const { line, options } of used.filter((use) => use.command === command)) {
        wrong.push(
          ...options.filter((option) => !help.includes(option.trim())).map((option) => `${line}: no${option}`),
        );
      }
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});
