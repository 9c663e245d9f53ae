import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT } from './fixtures/programs.ts';

const unusedIn = (source: string) => {
  const { findings } = checkProgram({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session: [] }).result;
  return findings.filter(({ rule }) => rule === 'result-unused').length;
};

// The list itself is sorted: whether it is read by its old name or by the new one is the same.
it.each([
  'const sorted = suppliers.sort((a, b) => b.priceEur - a.priceEur); answer(suppliers[0].supplier)',
  'const all = [...suppliers]; const back = all.reverse(); answer(all[0].supplier)',
  'const all = [...suppliers]; const first = all.shift(); answer(all.length)',
  'const seen = new Set(); for (const s of suppliers) { const n = seen.add(s.supplier); } answer(seen.size)',
  'const left = [...suppliers]; let n = 0; while (left.length > 1) { const one = left.pop(); n++; } answer(n)',
])('takes a list that is changed and read for used: %s', (source) => {
  expect(unusedIn(source)).toBe(0);
});

it.each([
  'const sorted = suppliers.filter((s) => s.priceEur > 2).sort(); answer(suppliers.length)',
  'const n = suppliers.length; const sorted = suppliers.sort(); answer(n)',
  'const all = [...suppliers]; const sorted = all.sort(); answer(suppliers.length)',
  'const sorted = suppliers.toSorted(); answer(suppliers.length)',
])('but not one that nothing reads after it: %s', (source) => {
  expect(unusedIn(source)).toBe(1);
});
