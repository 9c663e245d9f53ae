// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../record/index.ts';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS, PROGRAM_TOOLS_TEXT, WORKING_PROGRAMS } from './fixtures/programs.ts';
import { runProgram } from './fixtures/run-program.ts';

const check = (source: string) =>
  checkProgram({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session: [] }).result;

it('is given programs that work', async () => {
  for (const source of WORKING_PROGRAMS) expect(await runProgram(source), source).toHaveProperty('answer');
});

/** Programs whose every value has a known type. */
const SUBJECTS = [
  'const lamp = await price({ item: "lamp" });\nconst mug = await price({ item: "mug" });\nanswer(lamp + 2 * mug);',
  'const { count, depots } = await stock({ item: "lamp" });\nanswer(count + depots[0].count);',
  'const euros = suppliers.filter((s) => s.country === "NO").reduce((sum, s) => sum + s.priceEur, 0);\nanswer(await convert({ amount: euros, to: "USD" }));',
  'const ada = await findCustomer({ name: "Ada" });\nconst sent = await sendMail({ to: ada.email, subject: "Hello", text: ada.name });\nanswer(sent.id);',
  'let total = 0;\nfor (const order of await listOrders()) {\n  total += order.count * (await price({ item: order.item }));\n}\nanswer(total);',
  'const orders = await listOrders({});\nconst open = orders.filter((o) => !o.paid);\nanswer(open[0].customer);',
  'const best = suppliers.slice().sort((a, b) => a.priceEur - b.priceEur)[0];\nconst tariff = tariffs.find((t) => t.country === best.country);\nanswer(best.priceEur * (1 + tariff.percent / 100));',
  'const found = await search({ words: ["lamp"], limit: 2 });\nconst { count } = await stock({ item: "lamp", depot: "north" });\nanswer(found.hits.length + count);',
  'async function cost(times) {\n  const euros = await price({ item: "lamp" });\n  return euros * times;\n}\nanswer(await cost(2));',
  'const [a, b] = await Promise.all([convert({ amount: 1, to: "USD" }), convert({ amount: 2, to: "GBP" })]);\nanswer(a + b);',
  'const names = suppliers.map(({ supplier, minOrder }) => `${supplier}: ${minOrder}`);\nawait sendMail({ to: "a@b.c", subject: names[0], text: names.join() });\nanswer(names.length);',
  'const gross = (await price({ item: "mug" })) * (1 + settings.vat.standard / 100);\nanswer(gross.toFixed(2));',
  'const cities = [];\nfor (const o of await listOrders()) {\n  const c = await findCustomer({ name: o.customer });\n  cities.push(c.city ?? "none");\n}\nanswer(cities.join());',
  'answer(await convert({ amount: (await stock({ item: "mug" })).count * (await price({ item: "mug" })), to: "USD" }));',
  'const usd = await Promise.all(suppliers.map(async (s) => (await convert({ amount: s.priceEur, to: "USD" })) + s.minOrder));\nanswer(Math.min(...usd));',
  'const rest = (await listOrders()).at(-1);\nconst { email } = await findCustomer({ name: rest.customer });\nanswer(email.toUpperCase());',
];

type Mutator = (source: string, random: Random) => string | undefined;

const toolNames = PROGRAM_TOOLS.map(({ name }) => name);
const parse = (source: string) => ts.createSourceFile('p.js', source, ts.ScriptTarget.ESNext, true);

function nodesOf<T extends ts.Node>(source: string, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(parse(source));
  return found;
}

const pick = <T>(list: readonly T[], random: Random): T | undefined => list[random.below(list.length)];
const replace = (source: string, node: ts.Node, text: string) =>
  source.slice(0, node.getStart()) + text + source.slice(node.end);

const toolCalls = (source: string) =>
  nodesOf(source, ts.isCallExpression).filter(
    ({ expression }) => ts.isIdentifier(expression) && toolNames.includes(expression.text),
  );
const toolArgumentsIn = (source: string) =>
  toolCalls(source).flatMap(({ arguments: [first] }) =>
    first !== undefined && ts.isObjectLiteralExpression(first) ? [first] : [],
  );

/** A letter left out, doubled, or two swapped. */
function misspelt(name: string, random: Random): string {
  const at = 1 + random.below(name.length - 2);
  const way = random.below(3);
  if (way === 0) return name.slice(0, at) + name.slice(at + 1);
  if (way === 1) return `${name.slice(0, at)}${name[at]}${name.slice(at)}`;
  return `${name.slice(0, at)}${name[at + 1]}${name[at]}${name.slice(at + 2)}`;
}

const MUTATORS: Record<string, Mutator> = {
  'misspelt tool'(source, random) {
    const call = pick(toolCalls(source), random);
    return call && replace(source, call.expression, misspelt(call.expression.getText(), random));
  },
  'wrong argument type'(source, random) {
    const values = toolArgumentsIn(source).flatMap(({ properties }) => properties.filter(ts.isPropertyAssignment));
    const value = pick(values, random)?.initializer;
    if (value === undefined) return undefined;
    const isList = ts.isArrayLiteralExpression(value);
    return replace(
      source,
      value,
      pick(isList ? ['5', '"text"', '[1]'] : ['[1]', '{ a: 1 }', 'suppliers', '() => 1'], random) ?? '5',
    );
  },
  'missing property'(source, random) {
    const reads = nodesOf(source, ts.isPropertyAccessExpression).map(({ name }) => name);
    const patterns = nodesOf(source, ts.isObjectBindingPattern).flatMap(({ elements }) =>
      elements.map(({ name }) => name),
    );
    const name = pick(
      [...reads, ...patterns].filter(({ parent }) => !/found|hits/.test(parent.getText())),
      random,
    );
    if (name === undefined) return undefined;
    const wrong = misspelt(name.getText(), random);
    return replace(source, name, ts.isBindingElement(name.parent) ? `${wrong}: ${name.getText()}` : wrong);
  },
  'missing argument'(source, random) {
    const object = pick(
      toolArgumentsIn(source).filter(({ properties }) => properties.length > 0),
      random,
    );
    const property = object && pick(object.properties, random);
    if (object === undefined || property === undefined) return undefined;
    const kept = object.properties.filter((one) => one !== property).map((one) => one.getText());
    return replace(source, object, `{ ${kept.join(', ')} }`);
  },
  'misspelt argument'(source, random) {
    const properties = toolArgumentsIn(source).flatMap((object) => object.properties.filter(ts.isPropertyAssignment));
    const name = pick(properties, random)?.name;
    return name && name.getText().length > 3 ? replace(source, name, misspelt(name.getText(), random)) : undefined;
  },
  'missing await'(source, random) {
    const node = pick(nodesOf(source, ts.isAwaitExpression), random);
    return node && replace(source, node, node.expression.getText());
  },
  'wrong arity'(source, random) {
    const call = pick(toolCalls(source), random);
    const [first] = call?.arguments ?? [];
    if (call === undefined) return undefined;
    const name = call.expression.getText();
    if (first === undefined || !ts.isObjectLiteralExpression(first) || random.below(3) === 0)
      return replace(source, call, `${name}()`);
    const values = first.properties.map((one) =>
      ts.isPropertyAssignment(one) ? one.initializer.getText() : one.getText(),
    );
    return replace(source, call, `${name}(${random.below(2) === 0 ? values.join(', ') : [...values, '1'].join(', ')})`);
  },
  'redefined tool'(source, random) {
    const name = pick(toolCalls(source), random)?.expression.getText();
    if (name === undefined) return undefined;
    return pick(
      [
        `async function ${name}(args) {\n  return { count: 1 };\n}\n${source}`,
        `const ${name} = async () => 5;\n${source}`,
        `function ${name}() { return 1; }\n${source}`,
      ],
      random,
    );
  },
  'redefined data'(source, random) {
    const name = pick(
      ['suppliers', 'tariffs'].filter((one) => source.includes(one)),
      random,
    );
    return (
      name && `const ${name} = [{ supplier: "X", country: "NO", priceEur: 1, minOrder: 1, percent: 3 }];\n${source}`
    );
  },
  syntax(source, random) {
    const marks = [...source.matchAll(/[(){}[\]]/g)].map(({ index }) => index);
    const at = pick(marks, random);
    return at === undefined ? undefined : source.slice(0, at) + source.slice(at + 1);
  },
};

describe.each(Object.entries(MUTATORS))('a program with a %s', (kind, mutate) => {
  it('is blocked before it runs, or mended to what was meant', async () => {
    const random = seededRandom(kind.length * 7 + 1);
    const mutants = new Map<string, string>();
    for (let tries = 0; mutants.size < 26 && tries < 600; tries++) {
      const source = SUBJECTS[tries % SUBJECTS.length]!;
      const mutant = mutate(source, random);
      if (mutant !== undefined && mutant !== source) mutants.set(mutant, source);
    }
    let wrong = 0;
    for (const [mutant, source] of mutants) {
      const meant = await runProgram(source);
      const happened = await runProgram(mutant);
      const { findings, amended } = check(mutant);
      // Some mutants do the same: an optional property left out, an await that was not needed.
      if (JSON.stringify(happened) === JSON.stringify(meant) && amended === undefined) continue;
      wrong += 1;
      const blocks = findings.filter(({ severity }) => severity === 'block');
      if (amended !== undefined) {
        expect(await runProgram(amended), mutant).toEqual(meant);
        expect(findings[0]?.severity).toBe('warn');
      } else {
        expect(blocks, `${mutant}\n\n${JSON.stringify(happened)}`).not.toEqual([]);
        expect(blocks[0]).toMatchObject({
          line: expect.any(Number),
          column: expect.any(Number),
          remedy: expect.any(String),
        });
      }
    }
    counts.set(kind, wrong);
    expect(wrong).toBeGreaterThan(kind === 'redefined data' ? 3 : 12);
  });
});

const counts = new Map<string, number>();

it('was tried on two hundred', () => {
  expect(
    [...counts.values()].reduce((sum, count) => sum + count, 0),
    JSON.stringify([...counts]),
  ).toBeGreaterThanOrEqual(200);
});
