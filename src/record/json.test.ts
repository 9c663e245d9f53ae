import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, digestOf, sha256 } from './index.ts';
import { isJson, jsonAt } from './json.ts';

const anyJson = fc.jsonValue({ maxDepth: 4 });

it('says the same value as JSON.stringify does', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('gives one text, and one digest, to equal values, whatever the order of their keys', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const turned = reversed(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(digestOf(turned)).toBe(digestOf(value));
    }),
  );
});

it('gives different texts to different values', () => {
  fc.assert(
    fc.property(anyJson, anyJson, (a, b) => {
      const same = JSON.stringify(JSON.parse(canonicalJson(a))) === JSON.stringify(JSON.parse(canonicalJson(b)));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
    }),
  );
});

it.each([
  ['sorts keys', { b: 1, a: [true] }, '{"a":[true],"b":1}'],
  ['sorts keys that look like numbers as text', { 9: 'a', 10: 'b' }, '{"10":"b","9":"a"}'],
  ['keeps __proto__', JSON.parse('{"b":1,"__proto__":2}'), '{"__proto__":2,"b":1}'],
  ['asks toJSON', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['leaves out what JSON cannot say', { a: undefined, b: () => 1 }, '{}'],
  ['says null for it in an array', [undefined, Number.NaN], '[null,null]'],
  ['says null for nothing', undefined, 'null'],
])('%s', (_title, value, expected) => {
  expect(canonicalJson(value)).toBe(expected);
});

it.each([
  ['text', 'a', true],
  ['an object of another realm', runInNewContext('({ a: [1] })'), true],
  ['an object without a prototype', Object.create(null), true],
  ['undefined inside', { a: undefined }, false],
  ['NaN inside', [Number.NaN], false],
  ['a date', new Date(0), false],
  ['a bigint', 1n, false],
])('tells whether %s is JSON', (_title, value, expected) => {
  expect(isJson(value)).toBe(expected);
});

it('names a blob by its content, text or bytes', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sha256('abc')).toBe(abc);
  expect(sha256(new TextEncoder().encode('abc'))).toBe(abc);
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const turned: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value).reverse()) {
    Object.defineProperty(turned, key, { value: reversed(inner), enumerable: true });
  }
  return turned;
}

it('reads the JSON that begins at a place, whatever follows', () => {
  const composite = anyJson.filter((value) => typeof value === 'string' || Object(value) === value);
  fc.assert(
    fc.property(composite, fc.string(), fc.string(), (value, before, after) => {
      const text = JSON.stringify(value);
      const found = jsonAt(before + text + after, before.length);
      expect(found).toEqual({ value: JSON.parse(text), end: before.length + text.length });
    }),
  );
});

it.each(['', 'a', '1', '}', '{"a": 1', '[}', '"open', '{a: 1}', '{"a": "\\"}'])(
  'finds no JSON at the start of %j',
  (text) => {
    expect(jsonAt(text, 0)).toBeUndefined();
  },
);

it('takes no circle for JSON, and a value that occurs twice for what it is', () => {
  const circle: { self?: unknown; list: unknown[] } = { list: [] };
  circle.list.push({ back: circle });
  expect(isJson(circle)).toBe(false);
  const twice = { a: 1 };
  expect(isJson({ one: twice, other: [twice, twice] })).toBe(true);
});
