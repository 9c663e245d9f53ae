// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { describe, expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT, WORKING_PROGRAMS } from './fixtures/programs.ts';
import type { CheckRuleName } from './rules.ts';

const check = (source: string, session: string[] = [], off: CheckRuleName[] = []) =>
  checkProgram({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session, off }).result;
const blocksOf = (source: string, session: string[] = []) =>
  check(source, session).findings.filter(({ severity }) => severity === 'block');

it.each(WORKING_PROGRAMS)('never blocks a program that works, and changes nothing: %s', (source) => {
  const { findings, amended } = check(source);
  expect(findings.filter(({ severity }) => severity === 'block')).toEqual([]);
  expect(amended).toBeUndefined();
});

it('only warns of a field that a row has, where the row came out of a reduce that began with less', () => {
  const most = (row: string) =>
    `const most = suppliers.reduce((top, row) => { if (row.priceEur > top.priceEur) return ${row}; return top; }, { priceEur: 0 });\nanswer(most.supplier);`;
  expect(blocksOf(most('row'))).toEqual([]);
  expect(blocksOf(most('{ priceEur: row.priceEur }'))).toMatchObject([{ rule: 'ts2339' }]);
  const short =
    'const most = suppliers.reduce((top, row) => row.priceEur > top.priceEur ? row : top, { priceEur: 0 });\n';
  expect(blocksOf(`${short}answer(most.supplier)`)).toEqual([]);
});

it.each([
  [
    'let sum = 0; for (const one of groups) sum += one.fee; answer(sum);',
    'Each of `one.children` has it: go through that list.',
  ],
  ['answer(groups.map((one) => one.city));', 'Did you mean `one.place.city`?'],
])('finds a field one level below: %s', (source, remedy) => {
  const data = 'declare const groups: { name: string; children: { fee: number }[]; place: { city: string } }[];';
  const { findings } = checkProgram({ source, tools: '', data, session: [], off: [] }).result;
  expect(findings[0]).toMatchObject({ rule: 'ts2339', severity: 'block', remedy });
});

describe('blocks, in the compiler’s words and with a remedy', () => {
  it.each([
    [
      'an unknown tool',
      'answer(await prise({ item: "lamp" }))',
      'ts2552',
      "Cannot find name 'prise'. Did you mean 'price'?",
      'Did you mean `price`?',
    ],
    [
      'a misspelt field',
      'answer(suppliers.map(s => s.pricEur))',
      'ts2551',
      /Did you mean 'priceEur'/,
      'Did you mean `priceEur`?',
    ],
    [
      'a field that is not there',
      'answer(suppliers[0].cost)',
      'ts2339',
      /'cost' does not exist/,
      'It has supplier, country, priceEur, minOrder, note. `tariffs` has country, percent.',
    ],
    [
      'a field of an array',
      'answer(suppliers.priceEur)',
      'ts2339',
      /'priceEur' does not exist/,
      'It is an array: take one element, or go through all.',
    ],
    ['a method that is not there', 'answer("abc".contains("a"))', 'ts2339', /'contains' does not exist/, undefined],
    [
      'a value that no tool takes',
      'answer(await price({ item: "lmp" }))',
      'tool-arguments',
      'price: `item` expected "lamp" | "mug", got "lmp".',
      'Did you mean "lamp"?',
    ],
    [
      'an argument of the wrong type',
      'answer(await convert({ amount: "5", to: "USD" }))',
      'tool-arguments',
      'convert: `amount` expected number, got "5".',
      'Give number.',
    ],
    [
      'a missing argument',
      'answer(await convert({ amount: 5 }))',
      'tool-arguments',
      'convert: `to` is missing.',
      'Write convert({ amount: …, to: … }).',
    ],
    [
      'a misspelt argument',
      'answer(await stock({ item: "lamp", dept: "x" }))',
      'tool-arguments',
      'stock: there is no `dept` to give.',
      'Did you mean `depot`?',
    ],
    [
      'a function that takes the place of answer',
      'const answer = (value) => console.log(value);\nanswer(1)',
      'tool-redefined',
      /its own `answer`/,
      'answer exists already; leave this declaration out and call it.',
    ],
    [
      'no arguments',
      'answer(await price())',
      'tool-arguments',
      'price is called without its arguments.',
      'Write price({ item: … }).',
    ],
    [
      'several bare arguments',
      'answer(await convert(5, "USD"))',
      'tool-arguments',
      /^convert: expected \{ amount: number; to: "USD" \| "GBP"; \}, got 5\.$/,
      'Write convert({ amount: …, to: … }).',
    ],
    [
      'an un-awaited filter',
      'answer(suppliers.filter(async s => await price({ item: s.supplier }) > 5))',
      'await-missing',
      '`filter` does not wait for a promise; every promise counts as true.',
      'Get the values first, in a for…of loop with await, then filter them.',
    ],
    [
      'a call of what is no function',
      'answer(suppliers.length())',
      'ts2349',
      /not callable/,
      '`suppliers.length` is no function: leave the parentheses out.',
    ],
    [
      'a loop over what is no list',
      'for (const x of settings) answer(x)',
      'ts2488',
      /Symbol.iterator/,
      '`settings` is no list: go through Object.entries(settings).',
    ],
    [
      'a syntax error',
      'answer(suppliers.map(s => s.priceEur)',
      'syntax',
      "')' expected.",
      'Write the whole program again, as plain JavaScript.',
    ],
    [
      'a module',
      'import fs from "fs"; answer(1)',
      'import-used',
      /^Programs cannot load modules/,
      'Leave it out: tools and data are there already, as globals.',
    ],
    [
      'what only a host has',
      'answer(await fetch("https://a.b"))',
      'ts2304',
      "Cannot find name 'fetch'.",
      /^Programs have the language and what is declared, no more\. There are: suppliers, /,
    ],
    [
      'a library the guest lacks',
      'answer(new Intl.NumberFormat("en").format(1))',
      'ts2708',
      /Intl/,
      /^Programs have the language/,
    ],
    [
      'a tool of its own',
      'function price() { return 1 }\nanswer(price())',
      'tool-redefined',
      'The program declares its own `price`.',
      'price exists already; leave this declaration out and call it.',
    ],
    [
      'a tool of its own, as a constant',
      'const price = async () => 5;\nanswer(await price())',
      'tool-redefined',
      'The program declares its own `price`.',
      'price exists already; leave this declaration out and call it.',
    ],
    [
      'data of its own',
      'const suppliers = [{ supplier: "X", priceEur: 1 }];\nanswer(suppliers[0].priceEur)',
      'data-redefined',
      '`suppliers` is given data, and the program replaces it by values of its own.',
      'Leave this declaration out and use `suppliers`.',
    ],
    [
      'data of its own, nested',
      'async function main() { const tariffs = JSON.parse("[1]"); answer(tariffs) }\nawait main()',
      'data-redefined',
      /^`tariffs` is given data/,
      'Leave this declaration out and use `tariffs`.',
    ],
    [
      'await where nobody can wait',
      'const total = suppliers.reduce((sum, s) => sum + await price({ item: "lamp" }), 0); answer(total)',
      'await-missing',
      /the function around it cannot wait/,
      'Use a for…of loop with await at the top level, outside of this function.',
    ],
  ])('%s', (_title, source, rule, message, remedy) => {
    const [finding] = blocksOf(source);
    expect(finding).toMatchObject({
      rule,
      severity: 'block',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      line: expect.any(Number),
      column: expect.any(Number),
    });
    if (remedy !== undefined) {
      expect(finding?.remedy).toEqual(typeof remedy === 'string' ? remedy : expect.stringMatching(remedy));
    }
    expect(check(source).amended).toBeUndefined();
  });
});

it.each([
  ['helpers for later', 'function euros(x) { return x * 1.1 }'],
  ['a helper without parameters', 'const now = () => Date.now();'],
  [
    'promises that are collected',
    'const jobs = suppliers.map(s => convert({ amount: s.priceEur, to: "USD" }));\nanswer((await Promise.all(jobs)).length)',
  ],
  ['a chain that says what is next', 'price({ item: "mug" }).then(p => answer(p))'],
  ['a tool’s name inside a function', 'answer(suppliers.map(({ priceEur: price }) => price))'],
  ['data made of data', 'const suppliers = tariffs.filter(t => t.percent > 0);\nanswer(suppliers.length)'],
  ['a promise that nobody reads', 'const p = price({ item: "mug" });\nanswer(await p)'],
])('leaves %s alone', (_title, source) => {
  expect(check(source)).toEqual({ findings: [] });
});

describe('knows the session', () => {
  it.each<[string, string[], string]>([
    ['variables', ['const best = suppliers[0];'], 'answer(best.supplier)'],
    ['functions and classes', ['function f(x) { return x }\nclass A { b = 1 }'], 'answer(f(new A().b))'],
    ['variables declared again as something else', ['const x = 1;', 'const x = suppliers;'], 'answer(x[0].supplier)'],
    ['a variable declared again now', ['const total = 3;'], 'const total = "a";\nanswer(total.length)'],
    ['a variable that is made of itself', ['const total = 3;'], 'const total = total + 1;\nanswer(total)'],
    ['a variable that later held something else', ['let best = 0;', 'best = suppliers[0];'], 'answer(best.supplier)'],
    ['a variable that now holds something else', ['let best = 0;'], 'best = suppliers[0];\nanswer(best.supplier)'],
    ['objects that grew', ['const acc = {};', 'acc.sum = 1;'], 'answer(acc.sum + acc.other)'],
    ['rows that grew', ['suppliers.forEach(s => { s.total = 1 })'], 'answer(suppliers[0].total)'],
    ['programs with wrong types', ['const x: Supplier = 5; enum E { A }'], 'answer(E.A + x)'],
    [
      'destructured names',
      ['const { count, depots: [first] } = await stock({ item: "x" });'],
      'answer(count + first.count)',
    ],
    ['programs that failed', ['const a = nothing.here;', 'let b = a.c;'], 'answer(a + b)'],
  ])('%s', (_title, session, source) => {
    expect(blocksOf(source, session)).toEqual([]);
  });

  it('with its types', () => {
    const session = ['const orders = await listOrders();', 'const first = orders[0];', 'const n = 1;'];
    expect(blocksOf('answer(first.costumer)', session)[0]?.remedy).toBe('Did you mean `customer`?');
    expect(blocksOf('const first = 5;\nanswer(first.costumer)', session)[0]?.message).toContain("on type '5'");
  });

  it('and awaits what it still promises', () => {
    expect(check('answer(p + 1)', ['const p = price({ item: "mug" });']).amended).toBe('answer(await p + 1)');
  });
});

it('keeps line and column of the model’s own text, through types and mending', () => {
  expect(blocksOf('const a: number = 1;\n\nanswer(\n  suppliers[0].nme as string)')[0]).toMatchObject({
    line: 4,
    column: 16,
  });
  const [finding] = blocksOf('const p = price({ item: "mug" });\nanswer(p + suppliers[0].nme)');
  expect(finding).toMatchObject({ line: 2, column: 25 });
});

it('is not switched off by comments, and takes no types from them', () => {
  expect(blocksOf('// @ts-nocheck\nanswer(suppliers[0].nme)')).toHaveLength(1);
  expect(blocksOf('/* @ts-ignore */ answer(suppliers[0].nme)')).toHaveLength(1);
  expect(
    blocksOf(
      '/** @type {number} */\nconst a = "x";\n/** @param {string} x */\nfunction f(x) { return x }\nanswer(a.length + f(1))',
    ),
  ).toEqual([]);
});

describe('warns of a variable that is worked out and read by nothing', () => {
  const unused = (source: string) =>
    check(source).findings.flatMap(({ rule, message }) => (rule === 'result-unused' ? [message] : []));

  it.each([
    ['a sum', 'let total = 0; for (const s of suppliers) total += s.priceEur; answer(suppliers.length)', 'total'],
    ['a counter', 'let n = 0; suppliers.forEach(() => { n++; }); answer(1)', 'n'],
    ['a list', 'const cheap = suppliers.filter((s) => s.priceEur < 2); answer(suppliers.length)', 'cheap'],
  ])('%s', (_, source, name) => {
    expect(unused(source)).toEqual([`\`${name}\` is worked out, and nothing reads it.`]);
  });

  it('an amount of the task', () => {
    expect(unused('const units = 500; const one = 1; let n = 20; answer(suppliers.length)')).toEqual([
      '`units` is 500, and nothing reads it.',
    ]);
  });

  it.each([
    ['read by the answer', 'let total = 0; for (const s of suppliers) total += s.priceEur; answer({ total })'],
    ['read by its own next value alone, in an expression', 'let n = 0; answer(suppliers.map(() => n++))'],
    ['left over as it was declared', 'let note = ""; answer(suppliers.length)'],
    ['for a later program', 'const cheap = suppliers.filter((s) => s.priceEur < 2);\nconsole.log(cheap.length)'],
    ['added to another', 'let t = 0; for (const s of suppliers) { const v = s.priceEur * 2; t += v; } answer(t)'],
    ['a helper', 'const half = (n) => n / 2; answer(suppliers.length)'],
    ['a loop that counts', 'let n = 0; for (const s of suppliers) n += 1; answer(n)'],
  ])('but not of one that is %s', (_, source) => {
    expect(unused(source)).toEqual([]);
  });
});

describe('warns of a list that is counted in by name', () => {
  const found = (source: string) => check(source).findings.filter(({ rule }) => rule === 'list-by-name').length;

  it.each([
    'let most = []; for (const s of suppliers) { if (s.supplier in most) most[s.supplier]++; else most[s.supplier] = 1; } answer(most)',
    'const n = []; for (const s of suppliers) n[s.supplier] = (n[s.supplier] || 0) + 1; answer(n.length)',
    'let n = []; for (const s of suppliers) { n[s.supplier] = 1; n = [s.supplier]; } answer(Object.keys(n))',
  ])('%s', (source) => {
    expect(found(source)).toBe(1);
  });

  it.each([
    'const n = []; for (const s of suppliers) n[s.supplier] = 1; answer(Object.keys(n).length)',
    'const n = {}; for (const s of suppliers) n[s.supplier] = 1; answer(n)',
    'const n = []; for (const s of suppliers) n.push(s.supplier); answer(n[0] + n.length)',
    'const n = []; for (const i in suppliers) n[i] = suppliers[i].name; answer(n)',
  ])('but not of %s', (source) => {
    expect(found(source)).toBe(0);
  });
});

it('says in which rows of other data a field stands', () => {
  const data = [
    'declare const orders: { item: string; customer: string }[];',
    'declare const offers: { item: string; supplier: string }[];',
    'declare const clerks: { name: string; desk: number }[];',
  ].join('\n');
  const remedyOf = (source: string) =>
    checkProgram({ source, tools: '', data, session: [] }).result.findings[0]?.remedy;
  expect(remedyOf('answer(orders.filter((o) => o.supplier === "x").length)')).toBe(
    'Leave `o.supplier` out: `offers.find((one) => one.item === o.item && one.supplier === "x")` has it.',
  );
  expect(remedyOf('answer(orders.filter((o) => o.desk === 1).length)')).toBe('`clerks` has `desk`.');
});
