import { expect, it } from 'vitest';
import { taskSetPromises } from '../../testing/index.ts';
import { scored } from '../score.ts';
import { floorOf } from './fixtures/public-sets.ts';
import { taskSet } from './named-set.ts';
import { playerOf } from './play.ts';

const load = () => taskSet('working-copy');

it.each(taskSetPromises(load))('$title', ({ run }) => run());

/** Right, half done, too much, nothing, and something said only. */
it.each<[string, string, string[]]>([
  ['clean', 'find . -name "*.tmp" -delete', ['pass', 'pass']],
  ['clean', 'rm *.tmp', ['fail', 'pass']],
  ['clean', 'rm *.tmp notes/*.tmp notes/tmp.txt', ['pass', 'fail']],
  ['move', 'mkdir done && mv drafts/*.md done', ['pass', 'pass']],
  ['move', 'mv drafts done', ['pass', 'fail']],
  ['move', 'mkdir done && cp drafts/*.md done', ['fail', 'pass']],
  ['replace', 'echo done', ['fail', 'pass']],
  ['total', 'cat sales/*.csv | awk -F, \'/,[0-9]/ { n += $2 } END { printf "%d", n }\' > total.txt', ['pass', 'pass']],
  ['total', "cat */*.csv | awk -F, '{ n += $2 } END { print n }' > total.txt", ['fail', 'pass']],
  ['total', 'echo "The total is in the files." > total.txt', ['fail', 'pass']],
])('judges what the shell left: %s, %s', async (kind, command, verdicts) => {
  const task = (await load()).tasks.find((one) => one.kind === kind);
  const world = await task?.open(1);
  await playerOf(world?.tools ?? {})('shell', { command });
  const { assertions } = await scored(world?.score ?? (() => []), { status: 'answered', answer: 'done', log: [] });
  expect(assertions.map(({ verdict }) => verdict)).toEqual(verdicts);
  await world?.close?.();
});

it('is done by sed where a value is to be replaced', async () => {
  const task = (await load()).tasks.find(({ kind }) => kind === 'replace');
  const world = await task?.open(1);
  const [from, to] = /is (\d+) to (\d+)/.exec(task?.text ?? '')?.slice(1) ?? [];
  await playerOf(world?.tools ?? {})('shell', { command: `sed -i 's/^port = ${from}$/port = ${to}/' config/*.ini` });
  expect((await scored(world?.score ?? (() => []), { status: 'stopped', log: [] })).success).toBe(true);
});

it('is done by chance in no attempt of a hundred', async () => {
  expect(await floorOf(await load(), 4)).toBe(0);
});
