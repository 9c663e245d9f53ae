// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
/**
 * Programs that work, as people and small models write them, with the tools and data they are for.
 *
 * @module
 */
import { z } from 'zod';
import type { Json } from '../../record/index.ts';
import { declareTools } from '../declare.ts';
import { toTools } from '../to-tools.ts';
import { tool } from '../tool.ts';

const orders = [
  { id: 1, customer: 'Ada', item: 'lamp', count: 2, at: '2026-01-05', paid: true },
  { id: 2, customer: 'Ben', item: 'mug', count: 10, at: '2026-02-11', paid: false },
  { id: 3, customer: 'Ada', item: 'mug', count: 1, at: '2026-02-20', paid: true },
];

export const PROGRAM_TOOLS = toTools({
  price: tool({
    description: 'Price of an item, euros',
    input: z.object({ item: z.enum(['lamp', 'mug']) }),
    output: z.number(),
    effect: 'read',
    run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
  }),
  stock: tool({
    description: 'What is in stock of an item',
    input: z.object({ item: z.string(), depot: z.string().optional() }),
    output: z.object({ count: z.number(), depots: z.array(z.object({ name: z.string(), count: z.number() })) }),
    effect: 'read',
    run: () => ({
      count: 7,
      depots: [
        { name: 'north', count: 4 },
        { name: 'south', count: 3 },
      ],
    }),
  }),
  convert: tool({
    description: 'Converts euros',
    input: z.object({ amount: z.number(), to: z.enum(['USD', 'GBP']) }),
    output: z.number(),
    effect: 'read',
    run: ({ amount, to }) => amount * (to === 'USD' ? 1.1 : 0.8),
  }),
  listOrders: tool({
    description: 'All orders',
    input: z.object({ customer: z.string().optional() }),
    output: z.array(
      z.object({
        id: z.number(),
        customer: z.string(),
        item: z.enum(['lamp', 'mug']),
        count: z.number(),
        at: z.string(),
        paid: z.boolean(),
      }),
    ),
    effect: 'read',
    run: ({ customer }) => orders.filter((order) => customer === undefined || order.customer === customer) as never,
  }),
  findCustomer: tool({
    description: 'A customer by name',
    input: z.object({ name: z.string() }),
    output: z.object({ name: z.string(), email: z.string(), city: z.string().nullable() }),
    effect: 'read',
    run: ({ name }) => ({ name, email: `${name.toLowerCase()}@example.org`, city: name === 'Ada' ? 'London' : null }),
  }),
  sendMail: tool({
    description: 'Sends a mail',
    input: z.object({ to: z.string(), subject: z.string(), text: z.string() }),
    output: z.object({ id: z.string() }),
    run: ({ to }) => ({ id: `mail-${to}` }),
  }),
  search: tool({
    description: 'Anything about a word',
    input: z.object({ words: z.array(z.string()), limit: z.number().int().optional() }),
    effect: 'read',
    run: ({ words }) => ({ hits: words.map((word) => ({ word, score: word.length })) }),
  }),
});

export const PROGRAM_TOOLS_TEXT = declareTools(PROGRAM_TOOLS);

export const PROGRAM_DATA: { [name: string]: Json } = {
  suppliers: [
    { supplier: 'Nord', country: 'NO', priceEur: 12.5, minOrder: 100, note: null },
    { supplier: 'Sud', country: 'IT', priceEur: 11, minOrder: 500, note: 'slow' },
    { supplier: 'Ost', country: 'PL', priceEur: 9.75, minOrder: 1_000, note: null },
  ],
  tariffs: [
    { country: 'NO', percent: 2 },
    { country: 'IT', percent: 0 },
    { country: 'PL', percent: 0 },
  ],
  settings: { currency: 'EUR', vat: { standard: 19, reduced: 7 } },
  readme: 'Order lamps before May. Lamps are fragile.',
};

export const PROGRAM_DATA_TEXT = `
/** suppliers.csv, 3 rows. */
declare const suppliers: { supplier: string; country: string; priceEur: number; minOrder: number; note: string | null }[];
/** tariffs.csv, 3 rows. */
declare const tariffs: { country: string; percent: number }[];
/** settings.json */
declare const settings: { currency: string; vat: { standard: number; reduced: number } };
/** readme.txt */
declare const readme: string;`;

/** Each runs to its end and answers. */
export const WORKING_PROGRAMS: readonly string[] = [
  // The plain ones.
  'answer(await price({ item: "lamp" }) + 2 * await price({ item: "mug" }));',
  'const lamp = await price({ item: "lamp" });\nconst mug = await price({ item: "mug" });\nanswer(lamp + 2 * mug);',
  'const [lamp, mug] = await Promise.all([price({ item: "lamp" }), price({ item: "mug" })]);\nanswer(lamp + 2 * mug);',
  'const euros = suppliers.filter((s) => s.country === "NO").reduce((sum, s) => sum + s.priceEur, 0);\nanswer(await convert({ amount: euros, to: "USD" }));',
  'const { count, depots } = await stock({ item: "lamp" });\nanswer({ count, first: depots[0].name });',
  'const found = await listOrders();\nanswer(found.length);',
  'const found = await listOrders({});\nanswer(found.map((order) => order.id));',
  'const ada = await findCustomer({ name: "Ada" });\nconst sent = await sendMail({ to: ada.email, subject: "Hello", text: `Hello ${ada.name} from ${ada.city ?? "nowhere"}` });\nanswer(sent.id);',
  // Items of unknown content where a few names are expected.
  'let total = 0;\nfor (const item of ["lamp", "mug"]) {\n  total += await price({ item });\n}\nanswer(total);',
  'const items = ["lamp", "mug"];\nlet sum = 0;\nfor (let i = 0; i < items.length; i++) sum += await price({ item: items[i] });\nanswer(sum);',
  'let item = "lamp";\nif (suppliers.length > 2) item = "mug";\nanswer(await price({ item }));',
  'const basket = { lamp: 1, mug: 2 };\nlet total = 0;\nfor (const [item, n] of Object.entries(basket)) total += n * (await price({ item }));\nanswer(total);',
  'const args = { item: "lamp" };\nargs.depot = "north";\nanswer((await stock(args)).count);',
  // Objects that grow.
  'const acc = {};\nfor (const s of suppliers) {\n  acc[s.country] = (acc[s.country] || 0) + s.priceEur;\n}\nanswer(acc);',
  'const result = {};\nresult.total = suppliers.length;\nresult.names = suppliers.map(s => s.supplier);\nanswer(result.names.join(", ") + result.total);',
  'const groups = suppliers.reduce((acc, s) => {\n  if (!acc[s.country]) acc[s.country] = [];\n  acc[s.country].push(s.supplier);\n  return acc;\n}, {});\nanswer(Object.keys(groups).length);',
  'const stats = suppliers.reduce((acc, s) => { acc.sum += s.priceEur; acc.n++; acc.max = Math.max(acc.max || 0, s.priceEur); return acc; }, { sum: 0, n: 0 });\nanswer(stats.sum / stats.n + stats.max);',
  'suppliers.forEach(s => { s.total = s.priceEur * 500; });\nsuppliers.sort((a, b) => a.total - b.total);\nanswer(suppliers[0].supplier);',
  'const rows = suppliers.map(s => ({ ...s, landed: s.priceEur * (1 + tariffs.find(t => t.country === s.country).percent / 100) }));\nrows.sort((a, b) => a.landed - b.landed);\nanswer(rows[0].supplier + " " + rows[0].landed);',
  'const byName = new Map();\nfor (const s of suppliers) byName.set(s.supplier, s);\nanswer(byName.get("Nord").priceEur);',
  'const counts = new Map();\nfor (const o of await listOrders()) counts.set(o.customer, (counts.get(o.customer) ?? 0) + o.count);\nanswer([...counts.entries()].sort((a, b) => b[1] - a[1])[0][0]);',
  // Variables that change what they hold.
  'let best = null;\nfor (const s of suppliers) {\n  if (best === null || s.priceEur < best.priceEur) best = s;\n}\nanswer(best.supplier);',
  'let best = 0;\nbest = suppliers[0];\nanswer(best.supplier);',
  'let cheapest = {};\nlet min = Infinity;\nsuppliers.forEach(function (s) { if (s.priceEur < min) { min = s.priceEur; cheapest = s; } });\nanswer(cheapest.supplier);',
  'let out = "";\nfor (const s of suppliers) out += s.supplier + ": " + s.priceEur + "\\n";\nout = out.split("\\n");\nanswer(out.length);',
  'var best;\nfor (var i = 0; i < suppliers.length; i++) { if (!best || suppliers[i].priceEur < best.priceEur) { best = suppliers[i]; } }\nanswer(best.country);',
  'const picks = [];\nfor (const s of suppliers) if (s.minOrder <= 500) picks.push({ name: s.supplier, cost: s.priceEur * 500 });\npicks.sort((a, b) => a.cost - b.cost);\nanswer(picks[0].name);',
  'const found = [suppliers[0]];\nfound.push({ supplier: "New", extra: 1 });\nanswer(found[1].extra);',
  'let n = "5";\nn = Number(n);\nanswer(await convert({ amount: n, to: "GBP" }));',
  // Loose arithmetic, comparisons and library calls.
  'answer(new Date("2026-03-01") - new Date("2026-02-01"));',
  'const days = (new Date("2026-03-01") - new Date((await listOrders())[0].at)) / 86400000;\nanswer(Math.round(days, 2));',
  'answer(("5" * 2).toFixed("1"));',
  'const sorted = suppliers.slice().sort((a, b) => a.priceEur > b.priceEur);\nanswer(sorted.length);',
  'answer(parseFloat(suppliers[0].priceEur).toFixed(2));',
  'answer(Math.max(...suppliers.map(s => s.priceEur)) + isNaN("x"));',
  'const values = Object.values(settings.vat);\nanswer(values.reduce((a, b) => a + b));',
  'const keys = ["supplier", "priceEur"];\nanswer(keys.map(k => suppliers[0][k]));',
  'const data = JSON.parse(JSON.stringify(suppliers));\nanswer(data[0].anything?.deep ?? data[0].supplier);',
  'const hits = (await search({ words: ["lamp", "mug"] })).hits;\nlet score = 0;\nfor (const h of hits) score += h.score;\nanswer(score);',
  'const r = await search({ words: readme.split(" "), limit: 3 });\nanswer(r.hits.filter(h => h.word.toLowerCase().includes("lamp")).length);',
  'const words = readme.toLowerCase().match(/\\w+/g);\nconst freq = {};\nwords.forEach(w => { freq[w] = (freq[w] || 0) + 1; });\nconst top = Object.entries(freq).sort((a, b) => b[1] - a[1])[0];\nanswer(top[0]);',
  'const noted = suppliers.filter(s => s.note).map(s => s.note.toUpperCase());\nanswer(noted);',
  'const s = suppliers.find(x => x.supplier === "Sud");\nanswer(s ? s.priceEur : "none");',
  'const grouped = Object.groupBy(await listOrders(), o => o.customer);\nanswer(Object.keys(grouped).map(k => grouped[k].length));',
  'const unique = [...new Set((await listOrders()).map(o => o.item))];\nconst prices = {};\nfor (const item of unique) prices[item] = await price({ item });\nanswer(prices.lamp + prices["mug"]);',
  'const table = await Promise.all((await listOrders({ customer: "Ada" })).map(async (o) => ({ id: o.id, cost: o.count * (await price({ item: o.item })) })));\nanswer(table.reduce((a, b) => a + b.cost, 0));',
  'const results = [];\nfor (const o of await listOrders()) {\n  const p = await price({ item: o.item });\n  results.push(p * o.count);\n}\nlet total = 0;\nfor (const r of results) total += r;\nanswer(total);',
  'const pending = suppliers.map(s => convert({ amount: s.priceEur, to: "USD" }));\nconst usd = await Promise.all(pending);\nanswer(Math.min(...usd));',
  'const jobs = [];\njobs.push(price({ item: "lamp" }));\njobs.push(price({ item: "mug" }));\nconst [a, b] = await Promise.all(jobs);\nanswer(a + b);',
  // Functions, classes, errors.
  'async function cost(item, n) {\n  const p = await price({ item });\n  return p * n;\n}\nanswer(await cost("lamp", 3));',
  'function landed(s) {\n  const t = tariffs.find(t => t.country === s.country);\n  return s.priceEur * (1 + (t ? t.percent : 0) / 100);\n}\nanswer(suppliers.map(landed).sort((a, b) => a - b)[0]);',
  'async function main() {\n  const orders = await listOrders({ customer: "Ben" });\n  answer(orders[0].count);\n}\nawait main();',
  'class Basket {\n  constructor() { this.items = []; }\n  add(name, n) { this.items.push({ name, n }); return this; }\n  get size() { return this.items.reduce((a, b) => a + b.n, 0); }\n}\nconst b = new Basket().add("lamp", 1).add("mug", 2);\nb.owner = "Ada";\nanswer(b.size + b.owner);',
  'try {\n  const o = (await listOrders())[99];\n  answer(o.count);\n} catch (e) {\n  answer(e.message.length > 0);\n}',
  'const show = (x) => console.log(x);\nshow(suppliers[0], "extra");\nanswer(typeof missing === "undefined");',
  'const add = (a, b, c) => a + b + (c || 0);\nanswer(add(1, 2));',
  'Array.prototype.total = function (f) { return this.reduce((a, b) => a + f(b), 0); };\nanswer(suppliers.total(s => s.priceEur));',
  'globalThis.shared = 3;\nanswer(shared + 1);',
  // With types, right and wrong.
  'const prices: number[] = suppliers.map((s) => s.priceEur);\nanswer(prices.reduce((a: number, b: number) => a + b, 0));',
  'interface Row { name: string; cost: number }\nconst rows: Row[] = suppliers.map((s): Row => ({ name: s.supplier, cost: s.priceEur }));\nanswer(rows[0]!.name);',
  'const rows: Supplier[] = suppliers;\nconst best: any = rows[0];\nanswer(best.supplier as string);',
  'const totals: Record<string, number> = {};\nfor (const o of await listOrders()) totals[o.customer] = (totals[o.customer] ?? 0) + o.count;\nanswer(totals.Ada);',
  'enum Size { Small = 1, Large = 2 }\nanswer(Size.Large + suppliers.length);',
  'const sums = suppliers.reduce<Record<string, number>>((acc, s) => ({ ...acc, [s.country]: s.priceEur }), {});\nanswer(sums["NO"]);',
  // Shadows and odd corners.
  'answer(suppliers.map(({ supplier: name, priceEur: price }) => name + price));',
  'const suppliersInIt = suppliers.filter(({ country }) => country == "IT");\nanswer(suppliersInIt.length === 1 ? suppliersInIt[0].supplier : null);',
  'const x = 1;\nconst y = x > 0 && suppliers[0].note;\nanswer(y || "nothing");',
  'label: for (const s of suppliers) { for (const t of tariffs) { if (t.country === s.country && t.percent > 0) { answer(s.supplier); break label; } } }',
  'let i = 0;\nwhile (i < suppliers.length && suppliers[i].priceEur > 10) i++;\nanswer(suppliers[i].supplier);',
  'const text = `Total: ${suppliers.reduce((a, s) => a + s.minOrder, 0)}`;\nconsole.log(text);\nanswer(text.split(": ")[1] * 1);',
  'const first = suppliers.at(0), last = suppliers.at(-1);\nanswer(first.supplier.localeCompare(last.supplier));',
  'const out = [];\nsuppliers.forEach((s, idx) => out.push(idx + 1 + ". " + s.supplier));\nanswer(out.join("\\n"));',
  'await new Promise(resolve => setTimeout(resolve, 10));\nanswer(Date.now() > 0);',
  'const c = await findCustomer({ name: "Ben" });\nanswer(c.city === null ? "unknown" : c.city.toUpperCase());',
];
