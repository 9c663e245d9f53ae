import { expect, it } from 'vitest';
import { inferTypes } from './infer-type.ts';

const shown = (texts: readonly string[]) => inferTypes(texts.map((how) => ({ how }))).shown;

it('says what stands in cells that are lists', () => {
  const ways = ['bus', 'car, bus', 'bike, bus', 'car', 'bike, car', 'bus, bike, car', 'bike', 'car, bike'];
  expect(shown(ways)).toBe('{ how: string /* of "bike", "bus", "car": .split(", ") */ }[]');
  expect(shown(ways.map((text) => text.replaceAll(', ', ';')))).toBe(
    '{ how: string /* of "bike", "bus", "car": .split(";") */ }[]',
  );
});

it.each([
  ['names with a comma', ['Granite, Inc.', 'Acme', 'Granite, Inc.', 'Acme'], '"Acme" | "Granite, Inc."'],
  ['sentences', Array.from({ length: 12 }, (_, n) => `Too few racks, and shower ${n} is cold.`), undefined],
  ['few of them', ['a', 'b', 'a', 'b', 'a', 'b', 'a, b', 'a', 'b', 'a', 'b'], '"a" | "a, b" | "b"'],
])('takes %s for texts', (_what, texts, listed) => {
  expect(shown(texts)).toBe(`{ how: string${listed === undefined ? '' : ` /* ${listed} */`} }[]`);
});
