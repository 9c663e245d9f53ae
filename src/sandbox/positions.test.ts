import { expect, it } from 'vitest';
import { guestErrorOf } from './guest-error.ts';
import { sourcePlace } from './positions.ts';
import { prepare } from './prepare.ts';
import { rewrite } from './rewrite.ts';

it.each([
  ['let a; let b; c()', 'c()'],
  ['class A {} c()', 'c()'],
  ['let a; class B {} let d; c()', '{}'],
  ['const a = 1; c()', 'c()'],
])('finds the place in the source again: %s', (source, text) => {
  const { js, shifts } = rewrite(source);
  const place = sourcePlace({ line: 1, column: js.indexOf(text) + 1 }, { shifts });
  expect(place).toEqual({ line: 1, column: source.indexOf(text) + 1 });
});

it('finds the place through a source map', () => {
  const source = 'enum Size { Small }\n\n  missing();';
  const { js, map } = prepare(source);
  const line = js.split('\n').findIndex((text) => text.includes('missing'));
  const column = (js.split('\n')[line] ?? '').indexOf('missing');
  expect(sourcePlace({ line: line + 1, column: column + 1 }, map ? { map } : {})).toEqual({ line: 3, column: 3 });
});

it('keeps the guest’s frames alone, each in its own program’s places', () => {
  const stack = [
    '    at inner (program2.ts:1:20)',
    '    at callTool (poact:guest)',
    '    at apply (native)',
    '    at <eval> (program3.ts:4:5)',
    '    at run (file:///somewhere/host.js:1:1)',
  ].join('\n');
  const error = guestErrorOf(
    { name: 'TypeError', message: 'no', stack },
    { 2: { shifts: [{ line: 1, column: 5, by: 7 }] } },
  );
  expect(error).toEqual({
    name: 'TypeError',
    message: 'no',
    line: 1,
    column: 13,
    stack: 'at inner (program2.ts:1:13)\nat program3.ts:4:5',
  });
});
