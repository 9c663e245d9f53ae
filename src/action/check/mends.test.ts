// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { describe, expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT } from './fixtures/programs.ts';
import type { CheckRuleName } from './rules.ts';

const check = (source: string, session: string[] = [], off: CheckRuleName[] = []) =>
  checkProgram({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session, off }).result;

describe('mends what is certain, and says so', () => {
  it.each<[string, CheckRuleName, string, string]>([
    ['several answers', 'answer-many', 'answer(suppliers.length, tariffs)', 'answer([suppliers.length, tariffs])'],
    [
      'a result that is neither logged nor answered',
      'result-not-shown',
      'const total = suppliers.length;',
      'const total = suppliers.length;\ntotal;',
    ],
    [
      'a loop that hides its data',
      'loop-hides',
      'let n = 0;\nfor (const suppliers of suppliers) if (suppliers.priceEur > 1) n += 1;\nanswer(n)',
      'let n = 0;\nfor (const suppliersItem of suppliers) if (suppliersItem.priceEur > 1) n += 1;\nanswer(n)',
    ],
    [
      'a loop that hides its own list, in an object',
      'loop-hides',
      'const list = suppliers.slice(1);\nconst all = [];\nfor (const list of list.slice()) all.push({ list });\nanswer(all)',
      'const list = suppliers.slice(1);\nconst all = [];\nfor (const listItem of list.slice()) all.push({ list: listItem });\nanswer(all)',
    ],
    [
      'a call in arithmetic',
      'await-missing',
      'answer(price({ item: "lamp" }) * 2)',
      'answer(await price({ item: "lamp" }) * 2)',
    ],
    [
      'a field of a call',
      'await-missing',
      'answer(stock({ item: "x" }).count)',
      'answer((await stock({ item: "x" })).count)',
    ],
    [
      'a variable',
      'await-missing',
      'const p = price({ item: "lamp" });\nanswer(p + 1)',
      'const p = await price({ item: "lamp" });\nanswer(p + 1)',
    ],
    [
      'a pattern',
      'await-missing',
      'const { count } = stock({ item: "x" });\nanswer(count)',
      'const { count } = await stock({ item: "x" });\nanswer(count)',
    ],
    [
      'a loop',
      'await-missing',
      'for (const o of listOrders()) answer(o.id)',
      'for (const o of await listOrders()) answer(o.id)',
    ],
    [
      'a template',
      'await-missing',
      'answer(`${price({ item: "mug" })} euros`)',
      'answer(`${await price({ item: "mug" })} euros`)',
    ],
    [
      'a condition',
      'await-missing',
      'if (price({ item: "mug" }) > 2) answer(1)',
      'if (await price({ item: "mug" }) > 2) answer(1)',
    ],
    [
      'a call that stands alone',
      'await-missing',
      'sendMail({ to: "a", subject: "b", text: "c" });\nanswer(1)',
      'await sendMail({ to: "a", subject: "b", text: "c" });\nanswer(1)',
    ],
    [
      'a list of promises',
      'await-missing',
      'const all = ["lamp"].map(item => price({ item }));\nanswer(all.reduce((a, b) => a + b, 0))',
      'const all = ["lamp"].map(item => price({ item }));\nanswer((await Promise.all(all)).reduce((a, b) => a + b, 0))',
    ],
    [
      'a function that must wait',
      'await-missing',
      'function twice() { return price({ item: "mug" }) * 2 }\nconst t = twice();\nanswer(t + 1)',
      'async function twice() { return await price({ item: "mug" }) * 2 }\nconst t = await twice();\nanswer(t + 1)',
    ],
    [
      'forEach',
      'await-missing',
      'let t = 0;\n["lamp"].forEach(async item => { t += await price({ item }) });\nanswer(t)',
      'let t = 0;\nawait ["lamp"].reduce(async (before, ...each) => { await before; await (async item => { t += await price({ item }) })(...each); }, undefined);\nanswer(t)',
    ],
    ['an answer', 'promise-in-answer', 'answer(price({ item: "lamp" }))', 'answer(await price({ item: "lamp" }))'],
    [
      'an answer, inside',
      'promise-in-answer',
      'const lamp = listOrders;\nconst p = price({ item: "lamp" });\nanswer({ p, q: [price({ item: "mug" })] })',
      'const lamp = listOrders;\nconst p = await price({ item: "lamp" });\nanswer({ p, q: [await price({ item: "mug" })] })',
    ],
    [
      'an answer of many',
      'promise-in-answer',
      'answer(["lamp"].map(async item => (await price({ item })) * 2))',
      'answer(await Promise.all(["lamp"].map(async item => (await price({ item })) * 2)))',
    ],
    [
      'main that nobody awaits',
      'main-not-awaited',
      'async function main() { answer(await price({ item: "mug" })) }\nmain();',
      'async function main() { answer(await price({ item: "mug" })) }\nawait main();',
    ],
    [
      'an async function at once',
      'main-not-awaited',
      '(async () => { answer(await price({ item: "mug" })) })()',
      'await (async () => { answer(await price({ item: "mug" })) })()',
    ],
    [
      'main that nobody calls',
      'main-not-called',
      'const main = async () => { answer(await price({ item: "mug" })) };',
      'const main = async () => { answer(await price({ item: "mug" })) };\nawait main();',
    ],
    ['a return', 'return-at-top', 'const a = 1\nreturn { a }', 'const a = 1\n;({ a })'],
    [
      'an undeclared variable',
      'undeclared',
      'total = 1\nfor (i = 0; i < 2; i++) total += i\nanswer(total)',
      'let total = 1\nfor (let i = 0; i < 2; i++) total += i\nanswer(total)',
    ],
    [
      'a difference of times of which half was divided',
      'difference-divided',
      'const [a, b] = ["2026-06-02", "2026-06-01"]\nanswer(new Date(a).getTime() - new Date(b).getTime() / (24 * 3600) / 1000)',
      'const [a, b] = ["2026-06-02", "2026-06-01"]\nanswer((new Date(a).getTime() - new Date(b).getTime()) / (24 * 3600) / 1000)',
    ],
    [
      'a variable in another spelling',
      'name-respelt',
      'const itemName = "mug";\nconst theCount = 2;\nanswer(await price({ item: item_name }) * thecount)',
      'const itemName = "mug";\nconst theCount = 2;\nanswer(await price({ item: itemName }) * theCount)',
    ],
    [
      'a shorthand in another spelling',
      'name-respelt',
      'const Item = "mug";\nanswer(await price({ item }))',
      'const Item = "mug";\nanswer(await price({ item: Item }))',
    ],
    [
      'a field in another case',
      'field-respelt',
      'answer(suppliers.map((s) => s.PriceEur + s.min_order))',
      'answer(suppliers.map((s) => s.priceEur + s.minOrder))',
    ],
    [
      'one for many, also where it is asked whether it is there',
      'field-respelt',
      'answer(suppliers.filter((s) => s.notes !== undefined && s.notes.length > 1))',
      'answer(suppliers.filter((s) => s.note !== undefined && s.note.length > 1))',
    ],
    [
      'a field in a pattern',
      'field-respelt',
      'const [{ Country }] = tariffs;\nanswer(Country)',
      'const [{ country: Country }] = tariffs;\nanswer(Country)',
    ],
    [
      'a constant that is assigned to',
      'const-assigned',
      'const best = [];\nfor (const n of [1, 2]) {\n  if (n > 1) best = [n];\n}\nanswer(best)',
      'let best = [];\nfor (const n of [1, 2]) {\n  if (n > 1) best = [n];\n}\nanswer(best)',
    ],
    [
      'a variable with a tool’s name',
      'tool-redefined',
      'const price = await price({ item: "mug" });\nanswer({ price })',
      'const priceValue = await price({ item: "mug" });\nanswer({ price: priceValue })',
    ],
    [
      'a condition on a row that has no such field',
      'foreign-condition',
      'answer(tariffs.filter((t) => t.supplier === "Nord" && suppliers.some((s) => s.supplier === "Nord" && s.country === t.country)).length)',
      'answer(tariffs.filter((t) => suppliers.some((s) => s.supplier === "Nord" && s.country === t.country)).length)',
    ],
    [
      'days that are texts',
      'texts-subtracted',
      'const [a, b] = suppliers.map((s) => s.country);\nanswer((b - a) / (1000 * 60 * 60 * 24))',
      'const [a, b] = suppliers.map((s) => s.country);\nanswer((new Date(b).getTime() - new Date(a).getTime()) / (1000 * 60 * 60 * 24))',
    ],
    [
      'days that are found in a loop',
      'texts-subtracted',
      'let day = null;\nfor (const s of suppliers) if (day === null || s.country > day) day = s.country;\nanswer(Math.abs(day - new Date("2026-05-04")) / 86_400_000)',
      'let day = null;\nfor (const s of suppliers) if (day === null || s.country > day) day = s.country;\nanswer(Math.abs(new Date(day).getTime() - new Date("2026-05-04")) / 86_400_000)',
    ],
    ['a bare argument', 'argument-bare', 'answer(await price("lamp"))', 'answer(await price({ item: "lamp" }))'],
  ])('%s', (_title, rule, source, amended) => {
    const result = check(source);
    expect(result.amended).toBe(amended);
    expect(result.findings.map((finding) => finding.severity)).not.toContain('block');
    expect(result.findings).toContainEqual(
      expect.objectContaining({ rule, severity: 'warn', line: expect.any(Number) }),
    );
    // Mended, it is as it should be.
    expect(check(amended).amended).toBeUndefined();
    expect(check(source, [], [rule]).findings.map((finding) => finding.rule)).not.toContain(rule);
  });
});
