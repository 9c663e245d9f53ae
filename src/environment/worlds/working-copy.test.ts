import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { type Files, type WorkingCopyState, workingCopy } from './working-copy.ts';

const files: Files = {
  'notes/a.txt': 'one\ntwo\n',
  'b.tmp': '',
  'src/n.json': '{"n": 3}\n',
  'i.bin': { base64: '/wA=' },
};
const made = () => workingCopy({ tasks: { tidy: files, seeded: (seed) => ({ 'n.txt': String(seed) }) } });
const shell = (command: string) => ({ name: 'shell', args: { command } });

it.each(
  environmentPromises(made, {
    task: 'tidy',
    walk: [
      { name: 'readFile', args: { path: 'b.tmp' } },
      { name: 'moveFile', args: { from: 'b.tmp', to: 'c.tmp' } },
      { name: 'writeFile', args: { path: 'b.tmp', text: 'x' } },
    ],
  }),
)('$title (by file)', ({ run }) => run());
it.each(
  environmentPromises(made, {
    task: 'tidy',
    walk: [shell('cat notes/a.txt'), shell('cd src && sed -i s/3/4/ n.json'), shell('pwd; mv n.json ../m.json')],
  }),
)('$title (by shell)', ({ run }) => run());

async function begun(given: Files = files) {
  const world = workingCopy({ tasks: { t: given }, bytes: 1_000 });
  await world.reset({ task: 't', seed: 1 });
  const act = async (name: string, args: { [name: string]: string }) => (await world.act({ name, args })).observation;
  const run = async (command: string) =>
    (await act('shell', { command })) as unknown as { stdout: string; stderr: string };
  const state = async () => (await world.snapshot()) as unknown as WorkingCopyState;
  return { world, act, run, state };
}

it('writes, moves and deletes files, and reads them', async () => {
  const { act, state } = await begun();
  await act('writeFile', { path: './new/c.txt', text: 'three' });
  await act('moveFile', { from: 'notes/a.txt', to: 'old/a.txt' });
  await act('deleteFile', { path: 'b.tmp' });
  expect(await act('listFiles', {})).toEqual(['i.bin', 'new/c.txt', 'old/a.txt', 'src/n.json']);
  expect(await act('readFile', { path: 'old/../old/a.txt' })).toBe('one\ntwo\n');
  expect((await state()).folders).toEqual(['new', 'notes', 'old', 'src']);
});

it.each([
  ['readFile', { path: '../etc/passwd' }, 'leads out of the working copy'],
  ['readFile', { path: '/etc/passwd' }, 'is no path of a file in the working copy'],
  ['readFile', { path: 'no.txt' }, 'There is no file no.txt.'],
  ['readFile', { path: 'i.bin' }, 'i.bin is no text.'],
  ['writeFile', { path: 'notes', text: '' }, 'notes is a folder.'],
  ['writeFile', { path: 'b.tmp/c', text: '' }, 'b.tmp is a file, and no folder.'],
  ['writeFile', { path: 'c', text: 'x'.repeat(1_000) }, '1000 are the most'],
  ['moveFile', { from: 'b.tmp', to: 'notes/a.txt' }, 'There is a file notes/a.txt already.'],
  ['deleteFile', { path: 'notes' }, 'There is no file notes.'],
])('refuses %s %j, and stays as it is', async (name, args, why) => {
  const { world, act } = await begun();
  const before = await world.observe();
  await expect(act(name, args)).rejects.toMatchObject({ code: 'tool-refused', message: expect.stringContaining(why) });
  expect((await world.observe()).stateHash).toBe(before.stateHash);
});

it('has a shell that sees the working copy alone, and keeps where it is', async () => {
  const { run, state } = await begun();
  expect(await run('cd notes; mkdir empty; grep -c . a.txt; ls ..')).toEqual({
    stdout: '2\nb.tmp\ni.bin\nnotes\nsrc\n',
    stderr: '',
    exitCode: 0,
  });
  expect((await run('pwd; sort -r a.txt | head -1 > last')).stdout).toBe('/copy/notes\n');
  expect(await state()).toMatchObject({ at: 'notes', folders: ['notes', 'notes/empty', 'src'] });
  expect((await state()).files).toEqual({ ...files, 'notes/last': 'two\n' });
  for (const command of ['cat /etc/passwd', 'curl http://localhost', 'node -v', 'python3 -V', 'ls /home', 'sleep 9']) {
    expect((await run(command)).stderr, command).not.toBe('');
  }
  expect((await run('echo lost > /tmp/x; cat /tmp/x; env | grep -c SECRET')).stdout).toBe('lost\n0\n');
  expect((await run('cat /tmp/x')).stderr).toContain('No such file');
});

it('ends a command that does not end', async () => {
  const { run, state } = await begun();
  expect((await run('while true; do :; done')).stderr).toMatch(/too many/);
  await expect(run('seq 1000 > z')).rejects.toMatchObject({ code: 'tool-refused' });
  expect((await state()).files).toEqual(files);
});

it('keeps links, and follows none out of it', async () => {
  const { act, run } = await begun();
  await run('ln -s notes/a.txt l; ln -s /etc/passwd out; ln -s round round');
  expect(await act('readFile', { path: 'l' })).toBe('one\ntwo\n');
  await expect(act('readFile', { path: 'out' })).rejects.toThrow('out leads out of the working copy.');
  await expect(act('readFile', { path: 'round' })).rejects.toThrow('round is a link that leads to itself.');
});

it('begins with what the seed makes, and knows its tasks', async () => {
  const world = made();
  expect((await world.reset({ task: 'seeded', seed: 7 })).observation).toEqual(['n.txt']);
  expect((await world.act(shell('cat n.txt'))).observation).toMatchObject({ stdout: '7' });
  await expect(world.reset({ task: 'none', seed: 1 })).rejects.toThrow('There are: tidy, seeded.');
  expect(() => workingCopy({ tasks: {} })).toThrow('at least one task');
  expect(workingCopy({ tasks: { t: {} }, shell: false }).acts).not.toHaveProperty('shell');
});
