import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scriptedModel } from '../testing/index.ts';
import type { Asker } from './io.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-undo-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

/** A command as a shell sees it. */
async function poact(argv: string[], { code: written = '', ask }: { code?: string; ask?: Partial<Asker> } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const model = scriptedModel(() => `\`\`\`ts\n${written}\n\`\`\``);
  const code = await main(argv, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    interactive: ask !== undefined,
    env: { POACT_HOME: join(cwd, 'home') },
    cwd,
    onInterrupt: () => () => {},
    exit: () => {},
    model: (name) => (name === 'local' ? model : undefined),
    ...(ask === undefined ? {} : { ask: ask as Asker }),
  });
  return { code, out: out.join(''), err: err.join('') };
}

/** A run that wrote two files over one that was there. */
async function begun(more = '') {
  await mkdir(join(cwd, 'out'));
  await writeFile(join(cwd, 'out/a.txt'), 'first');
  const code = `await writeFile({ path: 'a.txt', content: 'wrong' });\nawait writeFile({ path: 'b.txt', content: 'new' });\n${more}answer('done')`;
  const argv = ['run', 'Write.', '--out', 'out', '--policy', 'codeAct', '--yes'];
  expect((await poact(argv, { code })).code).toBe(0);
}
const content = (name: string) => readFile(join(cwd, 'out', name), 'utf8');

it('lists what a run may have changed, and where to undo it to', async () => {
  await begun();
  const { out, err, code } = await poact(['effects', 'last']);
  expect(code).toBe(0);
  const lines = out.trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^ *\d+ {2}done +reversible +writeFile\(\{"path":"a.txt".*undone by --to \d+$/);
  expect(err).toBe('What stands: 2 reversible.\n');
  const { effects, standing } = JSON.parse((await poact(['effects', 'last', '--json'])).out);
  expect([effects.length, standing.reversible]).toEqual([2, 2]);
});

it('says what it would do, and then does it', async () => {
  await begun();
  const dry = await poact(['undo', 'last', '--to', '1', '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.out.split('\n')[0]).toMatch(
    /^↶ undo writeFile\(\{"path":"b.txt","content":"new"\}\) call \d+\.2, event \d+$/,
  );
  expect(await content('a.txt')).toBe('wrong');
  const done = await poact(['undo', 'last', '--to', '1', '--yes']);
  expect(done.code).toBe(0);
  expect(done.err).toContain('2 calls taken back; run');
  expect(await content('a.txt')).toBe('first');
  expect(existsSync(join(cwd, 'out/b.txt'))).toBe(false);
  expect((await poact(['effects', 'last'])).err).toBe('Nothing that it changed stands.\n');
  expect((await poact(['undo', 'last', '--to', '1', '--yes'])).out).toContain('changed nothing after event 1');
  const { out } = await poact(['log', 'last']);
  expect(out).toContain('↶ Takes back writeFile');
  expect(out).toContain('↶ Undone: 2 calls');
  const resumed = await poact(['resume', 'last', '--json'], { code: "answer('better')" });
  expect(JSON.parse(resumed.out)).toMatchObject({ status: 'answered', answer: 'better' });
});

it('prints one line of JSON, and nothing else, with --json', async () => {
  await begun();
  const planned = await poact(['undo', 'last', '--to', '1', '--dry-run', '--json']);
  expect(JSON.parse(planned.out)).toMatchObject({ status: 'planned', to: 1, steps: [{ tool: 'writeFile' }, {}] });
  const done = await poact(['undo', 'last', '--to', '1', '--yes', '--json']);
  expect(JSON.parse(done.out)).toMatchObject({ status: 'undone', undone: [expect.any(String), expect.any(String)] });
  expect([done.out.match(/\n/g)?.length, done.err]).toEqual([1, '']);
});

it('asks first, and does nothing where nobody says yes', async () => {
  await begun();
  const nobody = await poact(['undo', 'last', '--to', '1']);
  expect([nobody.code, nobody.err]).toEqual([2, 'Nobody can be asked here: --yes says that it may be taken back.\n']);
  const asked: string[] = [];
  const confirm = (said: boolean) => async (question: string) => {
    asked.push(question);
    return said;
  };
  const no = await poact(['undo', 'last', '--to', '1'], { ask: { confirm: confirm(false) } });
  expect([no.code, no.err, await content('a.txt')]).toEqual([5, 'Nothing was taken back.\n', 'wrong']);
  const yes = await poact(['undo', 'last', '--to', '1'], { ask: { confirm: confirm(true) } });
  expect([yes.code, await content('a.txt')]).toEqual([0, 'first']);
  expect(asked).toEqual(['Take 2 calls back?', 'Take 2 calls back?']);
});

it('names what is in the way, and leaves it as it is where that is meant', async () => {
  const tools = join(cwd, 'tools.mjs');
  await writeFile(
    tools,
    `const input = { type: 'object', properties: {} };
     export const pay = { description: 'Pays', input, effect: 'irreversible', run: () => null };`,
  );
  await mkdir(join(cwd, 'out'));
  const code = "await writeFile({ path: 'a.txt', content: 'x' });\nawait pay({});\nanswer('done')";
  await poact(['run', 'Pay.', '--out', 'out', '--tools', tools, '--policy', 'codeAct', '--yes'], { code });
  const dry = await poact(['undo', 'last', '--to', '1', '--dry-run']);
  expect([dry.code, dry.out.split('\n')[1]]).toEqual([
    1,
    expect.stringMatching(/^✗ cannot pay.*: pay is irreversible\.$/),
  ]);
  const refused = await poact(['undo', 'last', '--to', '1', '--yes']);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('(undo-blocked; docs/errors.md says more)');
  expect(await content('a.txt')).toBe('x');
  expect((await poact(['undo', 'last', '--to', '1', '--yes', '--skip-all'])).code).toBe(0);
  expect(existsSync(join(cwd, 'out/a.txt'))).toBe(false);
  const { out, err } = await poact(['effects', 'last']);
  expect([out, err]).toEqual([expect.stringContaining('pay is irreversible.'), 'What stands: 1 irreversible.\n']);
});

it('names a file that somebody changed since, and leaves it', async () => {
  await begun();
  await writeFile(join(cwd, 'out/a.txt'), 'theirs');
  const { code, err } = await poact(['undo', 'last', '--to', '1', '--yes']);
  expect(code).toBe(1);
  expect(err).toContain('a.txt was changed since; it is left as it is. 1 of 2 are taken back.');
  expect(await content('a.txt')).toBe('theirs');
  expect((await poact(['resume', 'last'])).err).toContain('undo-unfinished');
  await writeFile(join(cwd, 'out/a.txt'), 'wrong');
  expect((await poact(['undo', 'last', '--to', '1', '--yes'])).code).toBe(0);
  expect(await content('a.txt')).toBe('first');
});

it.each([
  [['undo', 'last'], 2, "required option '--to <seq>' not specified"],
  [['undo', 'last', '--to', 'x'], 2, 'Give the number of an event.'],
  [['undo', 'last', '--to', '999', '--yes'], 2, 'undo-place'],
  [['undo', 'nothing', '--to', '1'], 2, 'There is no run nothing.'],
  [['effects', 'nothing'], 2, 'There is no run nothing.'],
] as const)('refuses %j', async (argv, code, message) => {
  await begun();
  const refused = await poact([...argv]);
  expect([refused.code, refused.err]).toEqual([code, expect.stringContaining(message)]);
});
