import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutMiddle, type Part, textOf } from './index.ts';

const CUT = /\n\[(\d+) characters cut\]\n/;

it('leaves a text alone that is short enough', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (text, more) => {
      expect(cutMiddle(text, text.length + more)).toBe(text);
    }),
  );
});

it('keeps a head and a tail, and says how much is gone', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'ä', '😀') }), fc.nat(40), (text, chars) => {
      fc.pre(chars < text.length);
      const cut = cutMiddle(text, chars);
      const [head = '', gone = '', tail = ''] = cut.split(CUT);
      expect(head.length + Number(gone) + tail.length).toBe(text.length);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(head.length + tail.length).toBeLessThanOrEqual(chars);
      expect(cut.isWellFormed()).toBe(true);
    }),
  );
});

it('cuts ten letters to four', () => {
  expect(cutMiddle('abcdefghij', 4)).toBe('ab\n[6 characters cut]\nij');
});

it.each<[string, Part, string]>([
  ['text', { text: 'hello' }, 'hello'],
  ['a picture', { blob: '0123456789abcdef', mediaType: 'image/png' }, '[image/png 0123456789ab]'],
  ['a call', { call: 'c1', tool: 'price', args: { item: 'lamp' } }, 'price({"item":"lamp"})'],
  ['a result that is text', { result: 'c1', tool: 'price', value: 'twenty' }, 'twenty'],
  ['a result that is not', { result: 'c1', tool: 'price', value: [20] }, '[20]'],
])('reads %s as text', (_title, part, expected) => {
  expect(textOf([part])).toBe(expected);
});
