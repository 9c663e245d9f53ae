import { expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonSchema } from '../record/index.ts';
import { choicesGrammar, schemaGrammar } from './schema-grammar.ts';

/** A grammar without deep recursion, as a regular expression: every rule is put in where it is named. */
function toRegExp(grammar: string): RegExp {
  const rules = new Map(
    grammar
      .trim()
      .split('\n')
      .map((line) => line.split(/ ::= (.*)/s).slice(0, 2) as [string, string]),
  );
  const expand = (body: string, depth: number): string =>
    body.replace(/"((?:[^"\\]|\\.)*)"|(\[(?:[^\]\\]|\\.)*\])|([a-z]\w*)|\((?!\?)|\s+/g, (all, text, set, name) => {
      if (text !== undefined)
        return `(?:${(JSON.parse(`"${text}"`) as string).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')})`;
      if (set !== undefined) return set;
      if (name !== undefined) return depth > 6 ? '(?:(?!))' : `(?:${expand(rules.get(name)!, depth + 1)})`;
      return all === '(' ? '(?:' : '';
    });
  return new RegExp(`^(?:${expand(rules.get('root')!, 0)})$`, 'u');
}

const of = (schema: z.ZodType) => toRegExp(schemaGrammar(z.toJSONSchema(schema) as JsonSchema));

it.each<[string, z.ZodType, unknown[], unknown[]]>([
  [
    'objects in the schema’s order',
    z.object({ a: z.string(), b: z.int() }),
    [{ a: 'x "y" \\ \n', b: -3 }],
    [{ b: 1, a: 'x' }, { a: 'x' }],
  ],
  [
    'optional properties',
    z.object({ a: z.string(), b: z.number().optional() }),
    [{ a: '' }, { a: '', b: 1.5 }],
    [{ b: 1 }],
  ],
  [
    'only optional properties',
    z.object({ a: z.boolean().optional(), b: z.null().optional() }),
    [{}, { a: true }, { b: null }, { a: false, b: null }],
    [{ c: 1 }],
  ],
  [
    'enums and literals',
    z.object({ a: z.enum(['x"', 'y']), b: z.literal(7) }),
    [{ a: 'x"', b: 7 }],
    [
      { a: 'z', b: 7 },
      { a: 'y', b: 8 },
    ],
  ],
  ['unions and null', z.union([z.string(), z.number()]).nullable(), ['a', 1e21, null], [true, []]],
  ['arrays with bounds', z.array(z.int()).min(1).max(2), [[1], [1, 2]], [[], [1, 2, 3]]],
  ['records', z.record(z.string(), z.int()), [{}, { x: 1 }], [{ x: 'y' }]],
  ['tuples', z.tuple([z.string(), z.int()]), [['a', 1]], [['a'], [1, 'a']]],
  ['bounded strings', z.string().max(2), ['', 'ab'], ['abc']],
  ['anything', z.unknown(), [{ a: [1, 'x', null] }, 3], []],
])('forces %s', (_title, schema, right, wrong) => {
  const grammar = of(schema);
  for (const value of right) expect(JSON.stringify(value)).toMatch(grammar);
  for (const value of wrong) expect(JSON.stringify(value)).not.toMatch(grammar);
});

it('follows references, also to itself', () => {
  const tree: z.ZodType = z.object({ name: z.string(), kids: z.array(z.lazy(() => tree)) });
  expect('{"name":"a","kids":[{"name":"b","kids":[]}]}').toMatch(of(tree));
});

it('bounds numbers, so that a model cannot write digits for ever', () => {
  expect('1'.repeat(40)).not.toMatch(of(z.int()));
});

it('forces one of the choices, whatever is in them', () => {
  const grammar = toRegExp(choicesGrammar(['yes', 'a "b"\n\\']));
  expect('a "b"\n\\').toMatch(grammar);
  expect('yes!').not.toMatch(grammar);
});
