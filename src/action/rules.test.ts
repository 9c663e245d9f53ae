import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { OptionError } from '../record/index.ts';
import { CHECK_RULES } from './check/rules.ts';
import { checksOff, RULES, switchesOf } from './rules.ts';

it('has a row for each rule in docs/action.md, word for word', async () => {
  const page = await readFile(new URL('../../docs/action.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `/.test(line));
  expect(rows).toEqual(
    Object.entries(RULES).map(([name, [of, most, finds]]) => `| \`${name}\` | ${of} | ${most} | ${finds} |`),
  );
});

it('has every rule on until it is switched off', () => {
  const on = switchesOf({ repeated: false, 'await-missing': false });
  expect([on('repeated'), on('failed-repeated')]).toEqual([false, true]);
  expect(checksOff({ repeated: false, 'await-missing': false })).toEqual(['await-missing']);
});

it('refuses a switch that names no rule, and lists them', () => {
  expect(() => switchesOf({ 'answer-empyt': false } as never)).toThrow(OptionError);
  expect(() => switchesOf({ 'answer-empyt': false } as never)).toThrow(
    /Option `review\.rules\.answer-empyt`.*answer-empty/,
  );
});

it('shares no name with the checker’s rules', () => {
  expect(Object.keys(RULES).filter((name) => name in CHECK_RULES)).toEqual([]);
});
