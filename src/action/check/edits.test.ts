import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyEdits } from './edits.ts';

it('inserts, replaces, and knows where everything was', () => {
  const { text, before } = applyEdits('abcdef', [
    { at: 4, length: 1, text: 'XYZ' },
    { at: 1, length: 0, text: '<' },
  ]);
  expect(text).toBe('a<bcdXYZf');
  expect([...text].map((_, at) => before(at))).toEqual([0, 1, 1, 2, 3, 4, 4, 4, 5]);
});

it('keeps two insertions at one place in order, and leaves out what overlaps', () => {
  const edits = [
    { at: 0, length: 0, text: '1' },
    { at: 0, length: 0, text: '2' },
    { at: 0, length: 3, text: 'x' },
    { at: 1, length: 1, text: 'never' },
  ];
  expect(applyEdits('abcd', edits).text).toBe('12xd');
});

it('maps what it did not touch to itself', () => {
  const edit = fc.record({ at: fc.nat(20), length: fc.nat(3), text: fc.string({ maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 5 }), (edits) => {
      const source = 'abcdefghijklmnopqrstuvwxyz';
      const marked = edits.map((one) => ({ ...one, text: one.text.replaceAll(/[a-z]/g, '#') }));
      const { text, before } = applyEdits(source, marked);
      for (const [at, character] of [...text].entries()) {
        if (/[a-z]/.test(character)) expect(source[before(at)]).toBe(character);
      }
    }),
  );
});
