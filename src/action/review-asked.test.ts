import { expect, it } from 'vitest';
import type { DataVariable } from '../record/index.ts';
import { contextFor } from '../testing/index.ts';
import { withReferenceRemedies } from './reference-remedies.ts';
import { askedFindings } from './review-asked.ts';
import { dataFindings } from './review-data.ts';
import { reviewProgram } from './review-program.ts';
import { type RuleName, switchesOf } from './rules.ts';

const visits: DataVariable = {
  name: 'visits',
  type: '{ time: string; event: string; member: string }[]',
  shown:
    '{ time: string /* "2026-05-04T08:41:59" to "2026-06-01T19:00:00" */; event: string /* "denied" | "entered" */; member: string /* = members.id */ }[]',
  doc: 'visits.log, 40 rows.',
  source: 'visits.log',
};
const members: DataVariable = {
  name: 'members',
  type: '{ id: string; owner: string; tags: string[] }[]',
  shown: '{ id: string; owner: string; tags: string[] /* each = labels.code */ }[]',
  doc: 'members.csv, 9 rows.',
  source: 'members.csv',
};
const labels: DataVariable = {
  name: 'labels',
  type: '{ code: string; title: string }[]',
  doc: 'labels.csv, 5 rows.',
  source: 'labels.csv',
};

async function found(task: string, code: string, named: { [variable: string]: DataVariable['named'] } = {}) {
  const run = contextFor({ tools: [] });
  const data = [visits, members, labels].map((one) => ({ ...one, ...(named[one.name] && { named: named[one.name] }) }));
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data });
  return (await reviewProgram({ tools: [], on: switchesOf() }, { code }, run)).findings;
}

const of = async (rule: RuleName, ...given: Parameters<typeof found>) =>
  (await found(...given)).filter((finding) => finding.rule === rule).map(({ remedy = '' }) => remedy);

it('warns of a program that answers with what it was shown, and reads nothing', async () => {
  const named = { visits: [{ at: 'event', text: 'denied' }] };
  const read = 'Read the values from `visits`.';
  expect(await of('data-unread', 'How many were denied?', 'const all = 3;\nanswer(all * 2);', named)).toEqual([read]);
  expect(await of('data-unread', 'How many visits?', 'answer(6)')).toEqual([read]);
  expect(await of('data-unread', 'What is 3 times 2?', 'answer(3 * 2)')).toEqual([]);
  expect(await of('data-unread', 'How many visits?', 'answer(visits.length)')).toEqual([]);
  expect(await of('data-unread', 'How many visits?', 'console.log(3)')).toEqual([]);
});

it('warns of a value that the program says it assumes', async () => {
  const assumed = 'let sum = 0;\nfor (const v of visits) sum += 30; // assuming each is 30 minutes long\nanswer(sum);';
  expect(await of('value-assumed', 'How long?', assumed)).toEqual([
    'Read it from the data: `members.find((one) => one.id === id)`.',
  ]);
  const form = 'const days = visits.map((v) => v.time.slice(0, 10)); // assuming ISO dates\nanswer(days.length);';
  expect(await of('value-assumed', 'How long?', form)).toEqual([]);
});

it.each([
  [
    'How many different members came?',
    'answer(visits.length)',
    ['Count `new Set(rows.map((row) => row.member)).size`.'],
  ],
  [
    'How many members came, each counted once?',
    'answer(visits.filter((v) => v.event === "entered").length)',
    ['Count `new Set(rows.map((row) => row.member)).size`.'],
  ],
  ['How many different members came?', 'answer(new Set(visits.map((v) => v.member)).size)', []],
  ['How many visits were there?', 'answer(visits.length)', []],
])('warns where different ones are asked for and rows are counted: %s %s', async (task, code, remedies) => {
  expect(await of('same-counted', task, code)).toEqual(remedies);
});

it.each([
  ['before 8 a.m.', 'v.time < "2026-05-04T08:00:00"', ['Compare `time.slice(11, 16)` with "08:00".']],
  ['before 8 a.m.', 'v.time < "2026-05-04"', ['Compare `time.slice(11, 16)` with "08:00".']],
  ['after 5 pm', 'v.time > "2026-05-04"', ['Compare `time.slice(11, 16)` with "17:00".']],
  ['after 17:30', 'v.time.slice(11, 16) > "17:30"', []],
  ["before 9 o'clock", 'new Date(v.time).getHours() < 9', []],
  ['before May 9', 'v.time < "2026-05-09"', []],
])('asks a program to look at the time of day: %s %s', async (when, condition, remedies) => {
  const code = `answer(visits.filter((v) => ${condition}).length)`;
  expect(await of('clock-ignored', `How many visits were ${when}?`, code)).toEqual(remedies);
});

it('tells a missing condition on the rows that name those which have the text', async () => {
  const named = { members: [{ at: 'owner', text: 'Hana Rossi' }] };
  const code = 'answer(visits.filter((v) => members.some((m) => m.id === v.member)).length)';
  expect(await of('named-text-unused', 'How many visits did Hana Rossi pay?', code, named)).toEqual([
    'Keep the rows of `visits` with `members.find((one) => one.id === row.member)?.owner === "Hana Rossi"`.',
  ]);
});

it('asks for no condition on a text that is left out where the rows that have another are kept', async () => {
  const named = { visits: [{ at: 'event', text: 'denied' }] };
  const task = 'How many visits, leaving out denied ones?';
  expect(
    await of('named-text-unused', task, 'answer(visits.filter((v) => v.event === "entered").length)', named),
  ).toEqual([]);
  expect(await of('named-text-unused', task, 'answer(visits.length)', named)).toEqual([
    'Add the condition `event !== "denied"` on `visits`.',
  ]);
});

it('takes a field of another row for no use of the data of that name', async () => {
  const code = 'answer(members.filter((m) => m.visits > 3).length)';
  expect(await of('named-data-unused', 'Which members had most visits?', code)).toHaveLength(1);
});

it.each([
  [
    "Property 'title' does not exist on type 'string'.",
    'It is an id of `labels`: take `labels.find((one) => one.code === id)?.title`.',
  ],
  [
    "Property 'owner' does not exist on type '{ time: string; event: string; member: string; }'.",
    '`members` has it: take `members.find((one) => one.id === row.member)?.owner`.',
  ],
  [
    "Property 'owner' does not exist on type '{ time: string; event: ...'.",
    '`members` has it: take `members.find((one) => one.id === row.member)?.owner`.',
  ],
  [
    "Property 'id' does not exist on type '{ time: string; event: string; member: string; }'.",
    '`row.member` is the `id` of `members`: take that.',
  ],
  ["Property 'title' does not exist on type '{ id: string; owner: string; tags: string[]; }'.", undefined],
  ["Property 'colour' does not exist on type 'string'.", undefined],
  ["Cannot find name 'x'.", undefined],
])('finds the row that has what is missing: %s', (message, remedy) => {
  const [finding] = withReferenceRemedies([{ rule: 'ts2339', severity: 'block', message }], [visits, members, labels]);
  expect(finding?.remedy).toBe(remedy);
});

it('knows a column of yes and no that the task names', async () => {
  const flags: DataVariable = {
    name: 'stock',
    type: '{ item: string; in_stock: string; vegan: boolean }[]',
    shown: '{ item: string; in_stock: string /* "no" | "yes" */; vegan: boolean }[]',
    doc: '',
    source: 'stock.csv',
  };
  const given = (task: string, code: string) =>
    dataFindings({ code, data: new Map([['stock', flags]]), task, told: [task], on: switchesOf() }).map(
      ({ rule, remedy }) => `${rule}: ${remedy}`,
    );
  expect(given('How many things are in stock?', 'answer(stock.length)')).toEqual([
    'named-text-unused: Add a condition on it: `row.in_stock === "yes"`, or its opposite.',
  ]);
  expect(given('How many vegan things are there?', 'answer(stock.length)')).toEqual([
    'named-text-unused: Add a condition on it: `row.vegan`, or its opposite.',
  ]);
  expect(given('How many vegan things are there?', 'answer(stock.filter((s) => s.vegan).length)')).toEqual([]);
});

it('takes another ending for the same word', async () => {
  const code = 'answer(members.length)';
  expect(await of('named-data-unused', 'Who visited most often?', code)).toHaveLength(1);
  expect(await of('named-data-unused', 'How many visible members?', code)).toEqual([]);
});

it.each([
  [
    'What is the mean of the litres?',
    'answer(milk.reduce((sum, row) => sum + row.minutes, 0) / milk.length)',
    ['litres'],
  ],
  ['What is the mean of the litres?', 'answer(milk.reduce((sum, row) => sum + row.litres, 0) / milk.length)', []],
  ['What did the monthly fee come to in euros?', 'answer(milk.length)', ['monthly_fee_eur']],
  ['How many minutes and litres?', 'answer(milk.map((row) => row.minutes).length)', []],
  ['In which year was that?', 'answer(milk.length)', []],
])('asks for a column of numbers that the task names: %s %s', (task, code, fields) => {
  const type = '{ litres: number | null; minutes: number; monthly_fee_eur: number; year: number }[]';
  const milk: DataVariable = { name: 'milk', type, doc: '', source: 'milk.log' };
  const all = askedFindings({ code, all: code, used: [milk], task, on: (rule) => rule === 'named-column-unused' });
  expect(all.map(({ remedy }) => remedy)).toEqual(fields.map((field) => `Use \`${field}\` of its rows.`));
});

it('knows counts that go up together and are added', async () => {
  const both = 'let a = 0, b = 0;\nfor (const v of visits) {\n  if (v.event) {\n    a++;\n    b++;\n  }\n}\n';
  expect(await of('counted-twice', 'How many visits?', `${both}answer(a + b);`)).toEqual(['Use `a` alone.']);
  expect(await of('counted-twice', 'How many visits?', `${both}answer(a);`)).toEqual([]);
});

it('knows a column of several words by its name, in whatever data it stands', async () => {
  const votes: DataVariable = {
    name: 'votes',
    type: '{ district: string; Harbour_List: number }[]',
    doc: '',
    source: 'v',
  };
  const places: DataVariable = {
    name: 'places',
    type: '{ district: string; kind: string }[]',
    shown: '{ district: string; kind: string /* "gym" | "school" */ }[]',
    doc: '',
    source: 'p',
  };
  const data = new Map([votes, places].map((one) => [one.name, one]));
  const task = 'Where is Harbour List the strongest?';
  const given = (code: string) =>
    dataFindings({ code, data, task, told: [task], on: switchesOf() }).map(({ rule, remedy }) => `${rule}: ${remedy}`);
  expect(given('answer(places.filter((p) => p.kind === "Harbour List").map((p) => p.district))')).toEqual([
    'named-column-unused: Use `votes`.',
    'text-unheld: `votes` has a column `Harbour_List`.',
  ]);
  expect(given('answer(votes.filter((v) => v.Harbour_List > 9).map((v) => v.district))')).toEqual([]);
});

it('takes a word of the name of data for that', async () => {
  const named = { visits: [{ at: 'event', text: 'visit', part: true as const }] };
  expect(await of('named-text-unused', 'How many visits by Ada?', 'answer(visits.length)', named)).toEqual([]);
});
