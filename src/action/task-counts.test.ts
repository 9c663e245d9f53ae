import { describe, expect, it } from 'vitest';
import type { History } from './history.ts';
import { countsIn } from './task-counts.ts';
import { unusedNumber, usedNumbers } from './task-numbers.ts';

/** What a program alone leaves unused. */
const unusedBy = (task: string, code: string, rows: number[] = []) =>
  unusedNumber(task, usedNumbers({ decisions: [], programs: new Map() } as unknown as History, code), rows);

// Each of these was blocked or doubted, and is right.
it.each<[task: string, code: string, rows?: number[]]>([
  ['The average price? Round to 2 decimals.', 'answer(Math.round((sum / n) * 100) / 100)'],
  ['The average price, to 2 decimal places?', 'answer(+(sum / n).toFixed(2))'],
  ['Der Mittelwert, auf 2 Nachkommastellen?', 'answer(Math.round(mean * 100) / 100)'],
  ['How many calls lasted longer than 2 hours?', 'answer(calls.filter((c) => c.minutes > 120).length)'],
  ['How many calls lasted longer than 90 minutes?', 'answer(calls.filter((c) => c.hours > 1.5).length)'],
  ['How many runs took over 3 seconds?', 'answer(runs.filter((r) => r.ms > 3000).length)'],
  ['Who stayed more than 3 days?', 'answer(stays.filter((s) => s.to - s.from > 3 * 86400000))'],
  ['Which loans ran for more than 2 weeks?', 'answer(loans.filter((l) => l.days > 14))'],
  ['Which machines are older than 2 years?', 'answer(all.filter((m) => m.months > 24))'],
  ['Welche Anrufe dauerten über 2 Stunden?', 'answer(calls.filter((c) => c.minuten > 120))'],
  ['How many visits were before 8 a.m.?', 'answer(visits.filter((v) => v.time.slice(11, 16) < "08:00").length)'],
  ['How many visits were after 5 pm?', 'answer(visits.filter((v) => new Date(v.time).getHours() >= 17).length)'],
  ['How many visits fell between 8 and 10 am?', 'answer(visits.filter((v) => v.at >= "08:00" && v.at < "10:00"))'],
  ['Wie viele kamen nach 17 Uhr?', 'answer(visits.filter((v) => v.at > "17:00").length)'],
  ['Of the 24 orders, how many are open?', 'answer(orders.filter((o) => o.open).length)', [24]],
  ['Which of the 3 agents had most calls?', 'answer(best(calls))', [12]],
  ['How many of our 30 members cost more?', 'answer(members.filter(more).length)', [40]],
  ['There are 24 orders in the file. How many are late?', 'answer(orders.filter(late).length)', [24]],
  ['How many orders of the 3rd quarter of 2026?', 'answer(orders.filter((o) => ["07", "08", "09"].includes(o.m)))'],
  ['How many orders of the 3rd quarter?', 'answer(orders.filter((o) => o.day > "2026-06-30" && o.day < "2026-10-01"))'],
  ['Umsatz im 4. Quartal?', 'answer(rows.filter((r) => r.month >= 10))'],
  ['Sales of the 2nd half of 2026?', 'answer(rows.filter((r) => r.month > 6))'],
  ['Wie viele Orte hatten mehr als 3,5 mm?', 'answer(regen.filter((r) => r.mm > 3.5).length)'],
  ['Was kostet mehr als 1.250,50 Euro?', 'answer(all.filter((r) => r.euro > 1250.5))'],
  ['The stops [3,5] and 7?', 'answer(stops.filter((s) => [3, 5, 7].includes(s.no)))'],
  ['The stops 3,5 and 7?', 'answer(stops.filter((s) => [3, 5, 7].includes(s.no)))'],
  ['Cities with over 2 million people?', 'answer(all.filter((c) => c.people > 2000000))'],
  ['Firms worth 3 bn?', 'answer(all.filter((f) => f.worth > 3e9))'],
])('asks for no more than a right program has: %s', (task, code, rows) => {
  expect(unusedBy(task, code, rows)).toBeUndefined();
});

it.each<[task: string, code: string, unused: number, rows?: number[]]>([
  ['The average price? Round to 2 decimals.', 'answer(sum / n)', 2],
  ['How many calls lasted longer than 2 hours?', 'answer(calls.filter((c) => c.minutes > 0).length)', 2],
  ['Which loans ran for more than 14 days?', 'answer(loans.filter((l) => l.days > 1))', 14],
  ['How many orders of the 3rd quarter?', 'answer(orders.length)', 3],
  ['The average of the 5 cheapest?', 'answer(sum / orders.length)', 5, [24]],
  ['What cost more than 24 euros?', 'answer(orders.length)', 24, [24]],
  ['What are the first 24?', 'answer(orders)', 24, [24]],
  ['The price of the 500 lamps?', 'answer(prices[0].eur)', 500, [24]],
  ['Wie viele Orte hatten mehr als 3,5 mm?', 'answer(regen.length)', 3.5],
])('still asks for what a program passed over: %s', (task, code, unused, rows) => {
  expect(unusedBy(task, code, rows)).toBe(unused);
});

// Quadratic time would take minutes, and the test end without a result.
describe('long texts', () => {
  it('reads hundreds of thousands of numbers at once', () => {
    const numbers = Array.from({ length: 200_000 }, (_, n) => 2 + ((n * 37) % 1_000));
    expect(countsIn(numbers.join(' ')).length).toBeGreaterThan(0);
  });
  it.each(['(such as ', '“', '1,234', 'one ', 'a'])('%j again and again', (text) => {
    expect(countsIn(text.repeat(200_000))).toBeDefined();
  });
});
