/** Right programs that a rule once doubted. */
import { expect, it } from 'vitest';
import type { JsonSchema } from '../record/index.ts';
import {
  bookings,
  calls,
  centres,
  cities,
  codes,
  contracts,
  customers,
  doors,
  doubtsOf,
  inOrder,
  loans,
  MOST_HOURS,
  orders,
  people,
  planets,
  sensors,
  shifts,
  songs,
  staff,
  stays,
  type Tables,
  TEXT,
  TEXTS,
  visits,
  weeks,
} from './fixtures/doubts-of.ts';

const total = 'let best = ""; let most = 0; for (const who of new Set(shifts.map((s) => s.who))) {';
const rank = '} if (total > most) { most = total; best = who; } } answer(best)';

it.each<[task: string, tables: Tables, code: string, schema?: JsonSchema]>([
  // groups-not-added
  ['Which planet has the most moons?', { planets }, 'answer(planets.sort((a, b) => b.moons - a.moons)[0].name)', TEXT],
  ['Which city has the most parks?', { cities }, 'answer(cities.sort((a, b) => b.parks - a.parks)[0].city)', TEXT],
  [
    MOST_HOURS,
    { shifts },
    `${total} let total = 0; for (const s of shifts) { if (s.who === who) total += s.hours; ${rank}`,
    TEXT,
  ],
  [
    MOST_HOURS,
    { shifts },
    `${total} const its = shifts.filter((s) => {\n return s.who === who;\n}); const total = its.reduce((n, s) => n + s.hours, 0); { ${rank}`,
    TEXT,
  ],
  [
    MOST_HOURS,
    { shifts },
    'const all = []; for (const s of shifts) { const t = all.find((t) => t.who === s.who); if (t) t.n += s.hours; else all.push({ who: s.who, n: s.hours }); } all.sort((a, b) => b.n - a.n); answer(all[0].who)',
    TEXT,
  ],
  [
    MOST_HOURS,
    { shifts },
    'function of(who) { let n = 0; for (const s of shifts) if (who === s.who) n += s.hours; return n; } const names = ["Ann", "Bo", "Cy"]; names.sort((a, b) => of(b) - of(a)); answer(names[0])',
    TEXT,
  ],
  [
    MOST_HOURS,
    { shifts },
    'let ann = 0, bo = 0, cy = 0; for (const s of shifts) { if (s.who === "Ann") ann += s.hours; else if (s.who === "Bo") bo += s.hours; else if (s.who === "Cy") cy += s.hours; } answer(ann > bo && ann > cy ? "Ann" : bo > cy ? "Bo" : "Cy")',
    TEXT,
  ],
  // named-data-unused, named-text-unused, named-column-unused
  [
    'How many different customers placed an order in May?',
    { orders, customers },
    'answer(new Set(orders.filter((o) => o.ordered.startsWith("2026-05")).map((o) => o.customer)).size)',
  ],
  [
    'Which guest stayed the most nights in a hotel in total?',
    { stays },
    'const t = {}; for (const s of stays) t[s.guest] = (t[s.guest] || 0) + s.nights; answer(Object.entries(t).sort((a, b) => b[1] - a[1])[0][0])',
    TEXT,
  ],
  [
    'Which guest paid the most for rooms in total?',
    { bookings },
    'const t = {}; for (const r of bookings) t[r.guest] = (t[r.guest] || 0) + r.eur; answer(Object.entries(t).sort((a, b) => b[1] - a[1])[0][0])',
    TEXT,
  ],
  // named-month-unused, example-compared
  [
    'How many orders were ordered in June?',
    { orders },
    'answer(orders.filter((o) => Number(o.ordered.slice(5, 7)) === 6).length)',
  ],
  [
    'How many orders were ordered in June?',
    { orders },
    'let n = 0; for (const o of orders) { const [y, m, d] = o.ordered.split("-").map(Number); if (m === 6) n++; } answer(n)',
  ],
  [
    'How many loans were there in June?',
    { loans },
    'answer(loans.filter((l) => l.day >= "2026-06-01" && l.day <= "2026-06-30").length)',
  ],
  [
    'How many loans were there in the second quarter of 2026?',
    { loans },
    'answer(loans.filter((l) => l.day >= "2026-04-01" && l.day < "2026-07-01").length)',
  ],
  // same-counted
  [
    'How many different customers are there?',
    { orders },
    'const seen = {}; let n = 0; for (const o of orders) { if (!seen[o.customer]) { seen[o.customer] = true; n++; } } answer(n)',
  ],
  [
    'How many different customers are there?',
    { orders },
    'answer(orders.filter((o, i) => orders.findIndex((p) => p.customer === o.customer) === i).length)',
  ],
  [
    'How many different customers are there?',
    { orders },
    'const seen = {}; let n = 0; for (const o of orders) { if (!(o.customer in seen)) n++; seen[o.customer] = 1; } answer(n)',
  ],
  // share-unworked
  [
    'What percentage of the orders is open?',
    { orders },
    `const open = orders.filter((o) => o.status === "open").length; answer(\`\${(open / orders.length * 100).toFixed(1)} %\`)`,
    TEXT,
  ],
  ['What does the code E2 mean?', { codes }, 'answer(codes.find((c) => c.code === "E2").text)', TEXT],
  // order-dependent, text-unheld, blank-counted
  [
    'In how many weeks was the price higher than in the week before?',
    { weeks },
    'let n = 0; for (let i = 1; i < weeks.length; i++) if (weeks[i].price > weeks[i - 1].price) n++; answer(n)',
  ],
  ['What is the last song on the list?', { songs }, 'answer(songs[songs.length - 1].title)', TEXT],
  [
    'How many orders have a note?',
    { orders: orders.map((order, at) => ({ ...order, note: at % 5 ? `x${at}` : null })) },
    'let n = 0; for (const o of orders) if (typeof o.note === "string") n++; answer(n)',
  ],
  ['How many orders were not cancelled?', { orders }, 'answer(orders.filter((o) => o.status !== "cancelled").length)'],
  [
    'What did orders cost, leaving out cancellations?',
    { orders },
    'let n = 0; for (const { status, eur } of orders) if (status !== "cancelled") n += eur; answer(n)',
  ],
  [
    'How many people have no email, leaving out contractors?',
    { staff },
    'answer(staff.filter((s) => s.email === null && s.kind !== "contractor").length)',
  ],
  // clock-ignored, time-ignored, span-ignored
  [
    'How many visits came after 17:00 on 3 June 2026?',
    { visits },
    'answer(visits.filter((v) => v.time > "2026-06-03T17:00:00" && v.time < "2026-06-04").length)',
  ],
  [
    'How many visits were before 8 a.m.?',
    { visits },
    'answer(visits.filter((v) => Number(v.time.substr(11, 2)) < 8).length)',
  ],
  ['Who was the last to visit?', { visits: inOrder }, 'answer(visits.at(-1).member)', TEXT],
  [
    'Which sensors were active on 2026-06-03?',
    { sensors },
    'answer(sensors.filter((r) => r.day === "2026-06-03" && r.active).map((r) => r.sensor))',
    TEXTS,
  ],
  // place-ignored, surname-whole
  ['How many contracts end in 2027?', { contracts }, 'answer(contracts.filter((c) => c.end.includes("2027")).length)'],
  [
    'How many people have a surname that begins with R?',
    { people },
    'answer(people.filter((p) => p.name.startsWith("R")).length)',
  ],
  // answer-everything, answer-repeats, answer-is-number
  [
    'List the statuses from the most to the least frequent.',
    { orders },
    'const n = {}; for (const o of orders) n[o.status] = (n[o.status] || 0) + 1; answer(Object.keys(n).sort((a, b) => n[b] - n[a]))',
    TEXTS,
  ],
  [
    'Which agent handled each call of over 100 minutes? List one name per call.',
    { calls },
    'answer(calls.filter((c) => c.minutes > 100).map((c) => c.agent))',
    TEXTS,
  ],
  [
    'List the agent of each call that lasted over 100 minutes.',
    { calls },
    'answer(calls.filter((c) => c.minutes > 100).map((c) => c.agent))',
    TEXTS,
  ],
  ['What was the total in euros of all orders?', { orders }, 'answer(orders.reduce((s, o) => s + o.eur, 0))', TEXT],
  [
    'Which room has the most doors?',
    { doors },
    'const n = {}; for (const d of doors) n[d.room] = (n[d.room] || 0) + 1; answer(Object.keys(n).sort((a, b) => n[b] - n[a])[0])',
    TEXT,
  ],
  [
    'Which room was paid for most often?',
    { bookings: bookings.slice(0, 6) },
    'const n = {}; for (const b of bookings) n[b.room] = (n[b.room] || 0) + 1; answer(Object.keys(n).sort((a, b) => n[b] - n[a])[0])',
    TEXT,
  ],
  [
    'What is the number of people who worked a night shift?',
    { shifts },
    'answer(new Set(shifts.filter((s) => s.kind === "night").map((s) => s.who)).size)',
    TEXT,
  ],
  // Columns with spaces
  [
    'What is the net amount of HR?',
    { centres },
    `answer(centres.filter((row) => row['Cost Centre'] === 'HR').reduce((n, row) => n + row['Net amount'], 0))`,
  ],
])('has no doubt of a right program: %s %#', async (task, tables, code, schema) => {
  expect(await doubtsOf(task, tables, code, schema)).toEqual([]);
});
