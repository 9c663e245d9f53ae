import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { CHECK_RULES } from './rules.ts';

it('has a row for each rule in docs/checking.md, word for word', async () => {
  const page = await readFile(new URL('../../../docs/checking.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  expect(rows).toEqual(
    Object.entries(CHECK_RULES).map(([name, [most, finds]]) => `| \`${name}\` | ${most} | ${finds} |`),
  );
});

const findingsOf = (source: string) => checkProgram({ source, tools: '', data: '', session: [] }).result.findings;

it('bears absurd programs', () => {
  expect(findingsOf('')).toEqual([]);
  expect(findingsOf('\u0000')).toHaveLength(1);
  expect(findingsOf(`answer(${'['.repeat(200)}${']'.repeat(200)})`)).toEqual([]);
  expect(findingsOf(`answer(${'1 + '.repeat(2_000)}1)`)).toEqual([]);
});
