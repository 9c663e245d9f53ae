import { expect, it } from 'vitest';
import { shownDoc, shownType } from './shown-type.ts';

const listed =
  '{ inStock: string /* "no" | "yes" */; "unit type": string /* "a \\"b\\"" | "c" */; day?: string /* "x" to "y" */ }[]';
const stock = { name: 'stock', source: 's', doc: '', type: '{}[]', shown: listed };

it.each([
  ['a column’s name', 'What is in stock?', /inStock: string \/\* "no" \| "yes" \*\/; "unit type": string;/],
  ['a quoted name', 'How many of each type?', /inStock: string; "unit type": string \/\* "a \\"b\\"" \| "c" \*\//],
  ['neither', 'How many rows?', /inStock: string; "unit type": string; day\?: string \/\* "x" to "y"/],
])('lists texts where the task asks by %s', (_title, task, expected) => {
  expect(shownType(stock, task)).toMatch(expected);
});

it('lists the texts of a column that holds one which the task names', () => {
  expect(shownType({ ...stock, named: [{ at: 'lines.inStock', text: 'yes' }] }, 'Say yes.')).toContain('"no" | "yes"');
});

it('is the plain type where nothing else is known', () => {
  expect(shownType({ name: 'n', source: '', doc: '', type: 'number[]' }, 'x')).toBe('number[]');
});

it('leaves the texts of a column that holds few out of the first row', () => {
  const doc = 's.csv, 9 rows. First: {"inStock":"no","unit type":"a \\"b\\"","day":"x","other":"no"}.';
  expect(shownDoc({ ...stock, doc })).toBe(
    's.csv, 9 rows. First: {"inStock":"…","unit type":"…","day":"x","other":"no"}.',
  );
  expect(shownDoc({ name: 'n', source: '', doc: 'First: {"inStock":"no"}.', type: 'x' })).toBe(
    'First: {"inStock":"no"}.',
  );
});

it('lists longer texts that the task speaks of in other words', () => {
  const shown =
    '{ event: string /* "Cow kicked off the cups" | "Cow was turned away" */; level: string /* "A" | "B" */ }[]';
  const log = { name: 'log', source: '', doc: '', type: '', shown };
  expect(shownType(log, 'How often did the cow Molly kick the cups off?')).toBe(shown.replace(' /* "A" | "B" */', ''));
  expect(shownType(log, 'How many litres were there?')).toBe('{ event: string; level: string }[]');
});
