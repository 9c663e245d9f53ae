import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { invokeTool } from '../invoke-tool.ts';
import { toTools } from '../to-tools.ts';
import type { NamedTool } from '../tool.ts';
import { fileReadTools } from './file-read-tools.ts';
import { fileWriteTools } from './file-write-tools.ts';

let outer: string;
let root: string;
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'poact-files-'));
  root = join(outer, 'root');
  await mkdir(root);
});
afterEach(() => rm(outer, { recursive: true, force: true }));

const context = () => ({ signal: new AbortController().signal, idempotencyKey: 'k', run: 'r', call: 'c' });
const toolOf = (name: string): NamedTool => {
  const found = toTools({ ...fileReadTools(root), ...fileWriteTools(root) }).find((tool) => tool.name === name);
  return found as NamedTool;
};
const call = (name: string, args: Json) => invokeTool(toolOf(name), args, context()) as Promise<never>;
const undo = async (name: string, args: Json, result: Json) =>
  toolOf(name).undo?.(args as never, result as never, context());
const put = (path: string, content: string | Uint8Array) => writeFile(join(root, path), content);

describe('reading', () => {
  it('lists files below a folder, and neither what is kept nor what git keeps', async () => {
    await mkdir(join(root, 'a/b'), { recursive: true });
    await mkdir(join(root, '.poact'));
    await mkdir(join(root, '.git'));
    await put('a/b/one.txt', 'one');
    await put('two.txt', '22');
    await put('.poact/runs.db', '');
    await put('.git/HEAD', '');
    expect(await call('listFiles', {})).toEqual([
      { path: 'a/b/one.txt', bytes: 3 },
      { path: 'two.txt', bytes: 2 },
    ]);
    expect(await call('listFiles', { folder: 'a' })).toEqual([{ path: 'a/b/one.txt', bytes: 3 }]);
    await expect(call('listFiles', { folder: 'none' })).rejects.toThrow('none is not there.');
  });

  it('reads a long file in parts', async () => {
    await put('long.txt', `${'x'.repeat(50_000)}end`);
    expect(await call('readFile', { path: 'long.txt' })).toMatchObject({ next: 50_000, chars: 50_003 });
    expect(await call('readFile', { path: 'long.txt', offset: 50_000 })).toEqual({
      text: 'end',
      next: null,
      chars: 50_003,
    });
  });

  it('finds lines by a text as it stands, or by a pattern', async () => {
    await put('a.txt', 'one\nf(x) + 1\nONE\n');
    await put('b.bin', new Uint8Array([0, 1]));
    expect(await call('searchFiles', { text: 'f(x)' })).toEqual([{ path: 'a.txt', line: 2, text: 'f(x) + 1' }]);
    expect(await call('searchFiles', { pattern: '^one$', ignoreCase: true })).toHaveLength(2);
    await expect(call('searchFiles', { pattern: '(' })).rejects.toThrow('no regular expression');
    await expect(call('searchFiles', {})).rejects.toThrow('Give text or pattern');
  });

  it('ends a pattern that does not end', async () => {
    await put('a.txt', `${'a'.repeat(40)}!`);
    await expect(call('searchFiles', { pattern: '^(a+)+$' })).rejects.toThrow('The search took longer than 5 s.');
  }, 15_000);
});

describe('writing', () => {
  it('is undone to the byte, mode and new folders included', async () => {
    await put('a.bin', new Uint8Array([0, 255, 1]));
    await chmod(join(root, 'a.bin'), 0o640);
    const args = { path: 'a.bin', content: 'text' };
    const result = await call('writeFile', args);
    expect(await readFile(join(root, 'a.bin'), 'utf8')).toBe('text');
    await undo('writeFile', args, result);
    expect([...(await readFile(join(root, 'a.bin')))]).toEqual([0, 255, 1]);
    expect((await stat(join(root, 'a.bin'))).mode & 0o777).toBe(0o640);

    const deep = { path: 'x/y/z.txt', content: 'z' };
    const made = await call('writeFile', deep);
    expect(made).toMatchObject({ path: 'x/y/z.txt', folders: ['x/y', 'x'], before: null });
    await undo('writeFile', deep, made);
    expect(existsSync(join(root, 'x'))).toBe(false);
    await undo('writeFile', deep, made);
  });

  it('appends, deletes and moves, and each is undone', async () => {
    await put('a.txt', 'one\n');
    const appended = await call('appendFile', { path: 'a.txt', content: 'two\n' });
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('one\ntwo\n');
    const moved = await call('moveFile', { from: 'a.txt', to: 'b/c.txt' });
    const deleted = await call('deleteFile', { path: 'b/c.txt' });
    expect(existsSync(join(root, 'b/c.txt'))).toBe(false);
    await undo('deleteFile', {}, deleted);
    await undo('moveFile', {}, moved);
    expect(existsSync(join(root, 'b'))).toBe(false);
    await undo('appendFile', {}, appended);
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('one\n');
    expect(await readdir(root)).toEqual(['.poact', 'a.txt']);
  });

  it('does not undo over what somebody else wrote since', async () => {
    const args = { path: 'a.txt', content: 'one' };
    const result = await call('writeFile', args);
    await put('a.txt', 'theirs');
    await expect(undo('writeFile', args, result)).rejects.toThrow('a.txt was changed since; it is left as it is.');
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('theirs');
  });

  it('makes folders, and takes away those it made', async () => {
    await mkdir(join(root, 'a'));
    const args = { path: 'a/b/ü' };
    const made = await call('makeFolder', args);
    expect(made).toEqual({ path: 'a/b/ü', folders: ['a/b/ü', 'a/b'] });
    expect(await call('makeFolder', args)).toEqual({ path: 'a/b/ü', folders: [] });
    await put('a/b/theirs.txt', 'theirs');
    await expect(undo('makeFolder', args, made)).rejects.toMatchObject({ code: 'tool-conflict' });
    expect(existsSync(join(root, 'a/b/ü'))).toBe(true);
    await rm(join(root, 'a/b/theirs.txt'));
    await undo('makeFolder', args, made);
    await undo('makeFolder', args, made);
    expect(await readdir(join(root, 'a'))).toEqual([]);
    await expect(call('makeFolder', { path: 'a' })).resolves.toMatchObject({ folders: [] });
    await put('f', '');
    await expect(call('makeFolder', { path: 'f' })).rejects.toMatchObject({ code: 'tool-refused' });
  });

  it('does not undo a move over what somebody else wrote since, and undoes once where it is asked twice', async () => {
    await put('a.bin', new Uint8Array([0, 255]));
    const args = { from: 'a.bin', to: 'x/b.bin' };
    const moved = await call('moveFile', args);
    await put('x/b.bin', 'theirs');
    await expect(undo('moveFile', args, moved)).rejects.toThrow('x/b.bin was changed since; it is left as it is.');
    await put('x/b.bin', new Uint8Array([0, 255]));
    await put('a.bin', 'theirs, too');
    await expect(undo('moveFile', args, moved)).rejects.toMatchObject({ code: 'tool-conflict' });
    await rm(join(root, 'a.bin'));
    await undo('moveFile', args, moved);
    await undo('moveFile', args, moved);
    expect([...(await readFile(join(root, 'a.bin')))]).toEqual([0, 255]);
    expect(existsSync(join(root, 'x'))).toBe(false);
  });

  it('does not move onto a file', async () => {
    await put('a.txt', 'a');
    await put('b.txt', 'b');
    await expect(call('moveFile', { from: 'a.txt', to: 'b.txt' })).rejects.toThrow('Something is at b.txt already.');
  });

  it('shows the change as a unified diff', async () => {
    const lines = Array.from({ length: 12 }, (_, at) => `line ${at + 1}`);
    await put('a.txt', `${lines.join('\n')}\n`);
    const content = `${lines.with(5, 'changed').join('\n')}\n`;
    expect(await toolOf('writeFile').preview?.({ path: 'a.txt', content } as never)).toBe(
      [
        '--- a.txt',
        '+++ a.txt',
        '@@ -3,7 +3,7 @@',
        ' line 3',
        ' line 4',
        ' line 5',
        '-line 6',
        '+changed',
        ' line 7',
        ' line 8',
        ' line 9',
      ].join('\n'),
    );
    expect(await toolOf('deleteFile').preview?.({ path: 'a.txt' } as never)).toContain(
      '+++ /dev/null\n@@ -1,12 +0,0 @@\n-line 1',
    );
    expect(await toolOf('writeFile').preview?.({ path: 'n.txt', content: 'x' } as never)).toBe(
      '--- /dev/null\n+++ n.txt\n@@ -0,0 +1,1 @@\n+x\n\\ No newline at end of file',
    );
  });

  it('leaves no part of a file behind', async () => {
    await call('writeFile', { path: 'a.txt', content: 'x' });
    expect((await readdir(root)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('nothing leads out of the root', () => {
  beforeEach(async () => {
    await writeFile(join(outer, 'secret.txt'), 'secret');
    await symlink(outer, join(root, 'folder-link'));
    await symlink(join(outer, 'secret.txt'), join(root, 'file-link'));
    await symlink(join(outer, 'new.txt'), join(root, 'dangling'));
    await mkdir(join(root, '.poact'));
  });
  const paths = [
    '../secret.txt',
    'a/../../secret.txt',
    '/etc/passwd',
    'folder-link/secret.txt',
    'file-link',
    'dangling',
    '.poact/runs.db',
    '\0',
    '../root-sibling/a.txt',
  ];

  it.each(paths)('%j', async (path) => {
    const refused = /outside the folder|links are not followed/;
    await expect(call('readFile', { path })).rejects.toThrow(refused);
    await expect(call('writeFile', { path, content: 'x' })).rejects.toThrow(refused);
    await expect(call('appendFile', { path, content: 'x' })).rejects.toThrow(refused);
    await expect(call('deleteFile', { path })).rejects.toThrow(refused);
    await expect(call('moveFile', { from: path, to: 'in.txt' })).rejects.toThrow(refused);
    expect(await readFile(join(outer, 'secret.txt'), 'utf8')).toBe('secret');
    expect(existsSync(join(outer, 'new.txt'))).toBe(false);
  });

  it('takes an absolute path below the root', async () => {
    await put('a.txt', 'a');
    expect(await call('readFile', { path: join(root, 'a.txt') })).toMatchObject({ text: 'a' });
  });
});
