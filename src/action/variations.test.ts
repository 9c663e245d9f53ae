// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { afterEach, expect, it } from 'vitest';
import type { DataVariable, Json } from '../record/index.ts';
import { quickjs, type Session, type Turn } from '../sandbox/index.ts';
import { variationFindings } from './variations.ts';

const sandbox = quickjs();
const opened: Session[] = [];
afterEach(() => {
  for (const session of opened.splice(0)) session.close();
});

const orders = [
  { who: 'Acme', day: '2026-04-05', price: 3 },
  { who: 'Cedar', day: '2026-01-09', price: 1 },
  { who: 'Acme', day: '2026-01-10', price: 1 },
  { who: 'Acme', day: '2026-03-01', price: 2 },
  { who: 'Acme', day: '2026-02-11', price: null },
];
const limits = { hall: 20, attic: 20, cellar: 20 };
const type = '{ who: string; day: string; price: number | null }[]';
const unsorted = '{ who: string; day: string /* "2026-01-09" to "2026-04-05", in no order */; price: number | null }[]';
const sorted = '{ who: string; day: string /* "2026-01-09" to "2026-04-05" */; price: number | null }[]';

async function found(code: string, { shown = unsorted, task = '' } = {}) {
  const session = await sandbox.open({ tools: [], globals: { orders, limits } });
  opened.push(session);
  const fork = await session.fork();
  opened.push(fork);
  const resultOf = ({ answer }: Turn): Json | undefined => answer?.value;
  const result = resultOf(await fork.start({ source: code, now: 0 })) ?? null;
  const variable: DataVariable = { name: 'orders', type, shown, doc: '', source: 'orders.csv', rows: orders.length };
  const object: DataVariable = { name: 'limits', type: '{ hall: number; attic: number }', doc: '', source: 'l.json' };
  const data = new Map([variable, object].map((one) => [one.name, one]));
  const findings = await variationFindings({ code, now: 0, task, data, session, result, resultOf, on: () => true });
  const after = await session.start({ source: 'answer(orders)', now: 0 });
  expect(after.answer?.value).toEqual(orders);
  return findings;
}

const look = async (...given: Parameters<typeof found>) => (await found(...given)).map(({ rule }) => rule);

it.each([
  ['takes rows as if they were sorted', 'answer(orders.filter((o) => o.who === "Acme")[0].day)'],
  [
    'takes the first of several that tie',
    'answer(orders.filter((o) => o.price !== null).reduce((a, b) => (b.price < a.price ? b : a)).who)',
  ],
  ['takes the first key of several', 'let most = ""; for (const k in limits) most ||= k; answer(most)'],
  ['keeps a running mean', 'let mean = 0; for (const o of orders) mean = (mean + o.price) / 2; answer(mean)'],
])('doubts a program that %s', async (_, code) => {
  expect(await look(code)).toEqual(['order-dependent']);
});

it.each([
  ['sums', 'answer(orders.reduce((sum, o) => sum + o.price / 3, 0))'],
  ['sorts first', 'answer(orders.filter((o) => o.who === "Acme").sort((a, b) => (a.day < b.day ? -1 : 1))[0].day)'],
  ['lists', 'answer(orders.map((o) => o.day))'],
  ['lists in words', 'answer(`Names: ${orders.map((o) => o.who).join(", ")}`)'],
  ['gives an object', 'answer({ n: orders.length, days: orders.map((o) => o.day) })'],
  ['adds up an object', 'answer(Object.values(limits).reduce((a, b) => a + b) + limits.hall)'],
  ['names no table', 'answer(1)'],
  ['waits for ever in another order', 'if (orders[0].price !== 3) await new Promise(() => {}); answer(1)'],
])('lets one be that %s', async (_, code) => {
  expect(await look(code)).toEqual([]);
});

it('lets rows be read in the order of their dates', async () => {
  expect(await look('answer(orders[0].day)', { shown: sorted })).toEqual([]);
});

const mean = 'const had = orders.filter((o) => o.price !== null); answer(had.reduce((s, o) => s + o.price, 0) /';

it.each([
  'The mean price, leaving out orders that have none?',
  'The mean price? Orders without a price do not count.',
  'What is the mean price? Skip empty ones.',
])('doubts a program that counts rows which the task leaves out: %s', async (task) => {
  expect(await look(`${mean} orders.length)`, { task })).toEqual(['blank-counted']);
  expect(await look(`${mean} had.length)`, { task })).toEqual([]);
  expect(await look('answer(orders.filter((o) => o.who === "Acme").length)', { task })).toEqual([]);
});

it('takes no notice of rows without a value where the task leaves none out', async () => {
  expect(await look(`${mean} orders.length)`, { task: 'How many orders have no price, in percent?' })).toEqual([]);
});

it('says where a text is that no row has in the column compared', async () => {
  const remedy = async (condition: string) =>
    (await found(`answer(orders.filter((o) => ${condition}).length)`))[0]?.remedy;
  expect(await remedy("o.who === 'acm'")).toBe('Use `row.who.toLowerCase().includes("acm")`.');
  expect(await remedy("o.day === 'Acme'")).toBe('Use `row.who.toLowerCase().includes("acme")`.');
  expect(await remedy("o.who !== 'no Orion'")).toBe(
    'Say it with a condition: `!row.who.toLowerCase().includes("orion")`.',
  );
});

it('doubts a program that compares with a text that no row has', async () => {
  const count = (condition: string) => look(`answer(orders.filter((o) => ${condition}).length)`);
  expect(await count("o.who !== 'no Acme'")).toEqual(['text-unheld']);
  expect(await count("o.who === 'Acme'")).toEqual([]);
  expect(await count("o.other === 'none'")).toEqual([]);
});
