import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as record from '../src/record/index.ts';

const page = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| `[a-z]/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$|`/g, '')));

it('has a row for each code, in the order of the code', () => {
  expect(rows.map(([code]) => code)).toEqual(Object.keys(record.ERROR_CODES));
});

it('says of each what it is, when it is, and what to do', () => {
  for (const [code, className = '', when = '', remedy = '', ...more] of rows) {
    expect(record, code).toHaveProperty(className);
    expect(when.length, code).toBeGreaterThan(10);
    expect(remedy.length, code).toBeGreaterThan(5);
    expect(more, code).toEqual([]);
  }
});

it('lists every class', () => {
  const classes = Object.keys(record).filter(
    (name) => name.endsWith('Error') && name !== 'PoactError' && name !== 'isPoactError',
  );
  expect([...new Set(rows.map(([, className]) => className))].sort()).toEqual(classes.sort());
});
