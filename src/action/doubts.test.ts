/** Wrong programs that a rule once passed over, and some that it always found. */
import { expect, it } from 'vitest';
import type { JsonSchema } from '../record/index.ts';
import {
  customers,
  doubtsOf,
  inOrder,
  loans,
  MOST_HOURS,
  orders,
  people,
  shifts,
  type Tables,
  TEXT,
  TEXTS,
} from './fixtures/doubts-of.ts';

const loop = 'let best = null; for (const s of shifts) if (!best || s.hours > best.hours) best = s; answer(best.who)';
const night = 'What is the average number of hours of a night shift?';
const DELIVERED = 'What did delivered orders cost?';
const cost = (parameter: string, condition: string) =>
  `answer(orders.reduce((n, ${parameter}) => (${condition} ? n + 1 : n), 0))`;

it.each<[rule: string, task: string, tables: Tables, code: string, schema?: JsonSchema]>([
  ['groups-not-added', MOST_HOURS, { shifts: shifts.map((shift) => ({ ...shift, country: 'NO' })) }, loop],
  [
    'groups-not-added',
    MOST_HOURS,
    { shifts },
    'const max = Math.max(...shifts.map((s) => s.hours)); answer(shifts.filter((s) => s.hours === max)[0].who)',
  ],
  [
    'groups-not-added',
    'Which customer placed the most orders?',
    { orders, customers },
    'const best = orders.sort((a, b) => b.eur - a.eur)[0]; answer(customers.find((c) => c.name === best.customer).name)',
  ],
  [
    'share-unworked',
    night,
    { shifts: shifts.map((shift) => ({ ...shift, duration: shift.hours ?? 0 })) },
    'answer(shifts.filter((s) => s.kind === "night").reduce((n, s) => n + s.hours, 0))',
  ],
  [
    'share-unworked',
    night,
    { shifts },
    'answer(shifts.filter((s) => /night/.test(s.kind)).reduce((n, s) => n + s.hours, 0))',
  ],
  [
    'share-unworked',
    'What does the mean price of an order come to?',
    { orders },
    'answer(orders.reduce((n, o) => n + o.eur, 0))',
  ],
  [
    'same-counted',
    'How many different people worked a night shift?',
    { shifts },
    'answer(shifts.filter((s) => s.kind.includes("night")).length)',
  ],
  [
    'same-counted',
    'How many different people worked a night shift?',
    { shifts },
    'const list = shifts.filter((s) => s.kind === "night"); answer(Object.keys(list).length)',
  ],
  [
    'counted-twice',
    'How many shifts?',
    { shifts },
    'let a = 0\nlet b = 0\nfor (const s of shifts) {\na++\nb++\n}\nanswer(a + b)',
  ],
  [
    'text-unheld',
    'How many of the mails are not reminders?',
    { mails: Array.from({ length: 9 }, (_, at) => ({ subject: at % 2 ? `Reminder: invoice ${at}` : `Order ${at}` })) },
    'answer(mails.filter((mail) => mail.subject !== "Reminder").length)',
  ],
  ['text-unheld', DELIVERED, { orders }, cost('{ status, eur }', 'status !== "delivered"')],
  ['text-unheld', DELIVERED, { orders }, cost('o', 'o["status"] !== "delivered"')],
  ['text-unheld', DELIVERED, { orders }, cost('o', 'o.status !== `delivered`')],
  ['text-unheld', DELIVERED, { orders }, cost('o', '"delivered" !== o.status')],
  ['text-unheld', DELIVERED, { orders }, cost('o', '!["delivered"].includes(o.status)')],
  ['text-unheld', DELIVERED, { orders }, cost('o', 'o.status.toLowerCase() !== "delivered"')],
  [
    'place-ignored',
    'How many orders are of customers whose name begins with an A?',
    { orders },
    'answer(orders.filter((o) => o.customer.includes("A")).length)',
  ],
  [
    'place-ignored',
    'How many codes start with "E-"?',
    { codes: [{ code: 'E-1' }, { code: 'X-E-2' }] },
    'answer(codes.filter((c) => c.code.includes(`E-`)).length)',
  ],
  [
    'place-ignored',
    'How many codes start with E?',
    { codes: [{ code: 'E1' }, { code: 'XE2' }] },
    'answer(codes.filter((c) => c.code.indexOf("E") !== -1).length)',
  ],
  ['surname-whole', 'Which surnames are there?', { people }, 'answer(people.map((p) => p.name))', TEXTS],
  [
    'span-ignored',
    'How many orders were ordered before 18 May 2026?',
    { orders },
    'answer(orders.filter((o) => o.ordered.startsWith("2026-05-18")).length + 1)',
  ],
  [
    'time-ignored',
    'Who was the last to visit?',
    { visits: inOrder },
    'answer(visits.sort((a, b) => (a.member < b.member ? -1 : 1))[0].member)',
    TEXT,
  ],
  [
    'named-month-unused',
    'How many loans were there in May?',
    { loans },
    'answer(loans.filter((l) => l.day.slice(5, 7) === l.day.slice(8, 10)).length)',
  ],
  [
    'named-data-unused',
    'Which city has the customers with an order in May?',
    { orders, customers },
    'answer(orders.filter((o) => o.ordered.startsWith("2026-05"))[0].customer)',
    TEXT,
  ],
  [
    'example-compared',
    'How many orders were there in June?',
    { orders },
    `answer(orders.filter((o) => o.ordered === "${orders[0]?.ordered}").length)`,
  ],
  [
    'answer-is-number',
    MOST_HOURS,
    { shifts },
    'const t = {}; for (const s of shifts) t[s.who] = (t[s.who] || 0) + s.hours; answer(Math.max(...Object.values(t)))',
    TEXT,
  ],
  [
    'order-dependent',
    'In how many orders was more paid than in the order before?',
    { orders },
    'let n = 0; for (let i = 1; i < orders.length; i++) if (orders[i].eur > orders[i - 1].eur) n++; answer(n)',
  ],
  [
    'answer-is-number',
    'What customer paid most for one order?',
    { orders },
    'answer(Math.max(...orders.map((o) => o.eur)))',
    TEXT,
  ],
  [
    'blank-counted',
    'What is the mean price of orders that were not cancelled, leaving out those that have none?',
    { orders: orders.map((order, at) => ({ ...order, price: at % 5 ? at : null })) },
    'answer(orders.reduce((n, o) => n + (o.price ?? 0), 0) / orders.length)',
  ],
  [
    'order-dependent',
    'Which person of the following table worked a night shift?',
    { shifts },
    'answer(shifts.filter((s) => s.kind === "night")[0].who)',
    TEXT,
  ],
])('doubts by %s: %s %#', async (rule, task, tables, code, schema) => {
  expect(await doubtsOf(task, tables, code, schema)).toContain(rule);
});
