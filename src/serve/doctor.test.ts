import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { poactIn, program } from './fixtures/shell.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-doctor-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

interface Finding {
  what: string;
  state: string;
  said: string;
  fix?: string;
}

describe('the store', () => {
  const found = async (store: string) => {
    const { code, out } = await poactIn(cwd, ['doctor', '--json', '--store', store]);
    return { code, ...(JSON.parse(out) as Finding[]).find(({ what }) => what === 'Store') };
  };

  // A text file, or a folder, was as good as a store: whether the place could be written was all that was looked at.
  it.each([
    ['notes.txt', 'is not a SQLite database'],
    ['folder', 'cannot be opened'],
    [join('notes.txt', 'runs.db'), 'cannot be written'],
  ])('cannot be %s', async (store, said) => {
    await writeFile(join(cwd, 'notes.txt'), 'Buy lamps. '.repeat(200));
    await mkdir(join(cwd, 'folder'));
    expect(await found(store)).toMatchObject({
      code: 1,
      state: 'bad',
      said: expect.stringContaining(said),
      fix: expect.stringContaining('--store'),
    });
  });

  it('is one that runs are in, or a place for one', async () => {
    expect(await found('new/runs.db')).toMatchObject({ state: 'good' });
    await poactIn(cwd, ['run', 'Six times seven?'], { replies: () => program('answer(42)') });
    expect(await found('.poact/runs.db')).toMatchObject({ state: 'good', said: join(cwd, '.poact/runs.db') });
  });
});
