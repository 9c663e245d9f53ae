import { expect, it } from 'vitest';
import type { DataVariable } from '../record/index.ts';
import { howToRank } from './how-to-rank.ts';
import { groupsNotAdded } from './review-groups.ts';

const hours: DataVariable = {
  name: 'hours',
  type: '{ name: string; text: string; hours: number | null; day: string }[]',
  shown:
    '{ name: string; text: string; hours: number | null; day: string /* "2026-01-04" to "2026-03-30", in no order */ }[]',
  named: [{ at: 'hours.text', text: 'spring fair' }],
  doc: '',
  source: '',
};
const rank = (task: string, table: DataVariable = hours) => howToRank({ code: 'answer(1)', used: [table], task });
const plain = { ...hours, named: [] };

it.each([
  [
    'Name the person with the largest total of hours for the spring fair.',
    hours,
    'hours.filter((row) => row.text === "spring fair" && row.hours !== null), (row) => row.name',
    'rows.reduce((sum, row) => sum + row.hours, 0)',
    'b.of - a.of',
  ],
  ['Who has the fewest entries?', plain, 'hours, (row) => row.name', 'rows.length', 'a.of - b.of'],
  [
    'Which person worked longest on average?',
    plain,
    'hours.filter((row) => row.hours !== null), (row) => row.name',
    'rows.reduce((sum, row) => sum + row.hours, 0) / rows.length',
    'b.of - a.of',
  ],
  [
    'On which day in February were the most hours noted?',
    plain,
    'hours.filter((row) => row.day.startsWith("2026-02") && row.hours !== null), (row) => row.day',
    'rows.reduce((sum, row) => sum + row.hours, 0)',
    'b.of - a.of',
  ],
])('says how to rank: %s', (task, table, groups, of, order) => {
  expect(rank(task, table)).toBe(
    `Rank the groups: \`const ranked = Object.entries(Object.groupBy(${groups})).map(([name, rows = []]) => ({ name, of: ${of} })).sort((a, b) => ${order});\` Then \`ranked[0].name\`.`,
  );
});

it('says how to take all that share a place', () => {
  expect(rank('Who has the most entries? Name all who are tied.', plain)).toMatch(
    /Then `ranked\.filter\(\(one\) => one\.of === ranked\[0\]\.of\)\.map\(\(one\) => one\.name\)`\.$/,
  );
});

it.each(['How many hours in all?', 'Which text is the longest?', 'Which planet has the most moons?'])(
  'is silent where nothing is ranked, or no column is asked for: %s',
  (task) => {
    expect(rank(task, plain)).toBeUndefined();
  },
);

it.each([
  [
    "for (const one of hours) {\n  if (one.text.startsWith('Spring') && one.hours > most) {}\n}",
    'row.text.startsWith("Spring")',
  ],
  [
    'answer(hours.filter((h) => h.text === "spring fair" && h.text !== "completed" && h.name === "Ann"))',
    'row.text === "spring fair"',
  ],
])('keeps the rows that the program keeps: %s', (code, condition) => {
  const task = 'Who has the most entries for the spring fair?';
  expect(howToRank({ code, used: [plain], task })).toContain(`hours.filter((row) => ${condition})`);
});

it('takes what somebody does for the column', () => {
  const projects = { ...plain, name: 'projects', type: '{ lead: string; hours: number }[]' };
  expect(rank('Who leads the most hours?', projects)).toContain('(row) => row.lead');
});

it('knows rows that hold lists for groups', () => {
  const type = '{ group: string; pupils: { name: string; fee_eur: number }[] }[]';
  const school: DataVariable = { name: 'school', type, doc: '', source: '' };
  const most = 'Which group has the largest number of pupils?';
  const added = (code: string, task = most) => groupsNotAdded({ code, used: [school], task }).length;
  expect(added('let most = 0; for (const one of school) if (one.pupils.length > most) most = 1; answer(most);')).toBe(
    0,
  );
  expect(added('answer(school[0].group)')).toBe(1);
  const ranked = (of: string) =>
    `Rank the groups: \`const ranked = school.map((row) => ({ name: row.group, of: ${of} })).sort((a, b) => b.of - a.of);\` Then \`ranked[0].name\`.`;
  expect(rank(most, school)).toBe(ranked('row.pupils.length'));
  expect(rank('Which group has the largest total fee of its pupils?', school)).toBe(
    ranked('row.pupils.reduce((sum, one) => sum + one.fee_eur, 0)'),
  );
});

const table = (name: string, shown: string, more: Partial<DataVariable> = {}): DataVariable => ({
  name,
  type: shown.replace(/ \/\*.*?\*\//g, ''),
  shown,
  doc: '',
  source: '',
  ...more,
});

it.each<[task: string, table: DataVariable, groups: string, of: string]>([
  // Which order it is can not be added up.
  [
    'Which customer placed the most orders?',
    table('orders', '{ customer: string; order_id: number }[]'),
    'orders, (row) => row.customer',
    'rows.length',
  ],
  [
    'Which customer used the most badges?',
    table('uses', '{ customer: string; badge: number /* = badges.id */ }[]'),
    'uses, (row) => row.customer',
    'rows.length',
  ],
  // Nobody is two people at once.
  [
    'Which person sold the most lamps, Ann or Bo?',
    table('sales', '{ sold: number; person: string; item: string }[]', {
      named: [
        { at: 'item', text: 'lamps' },
        { at: 'person', text: 'Ann' },
        { at: 'person', text: 'Bo' },
      ],
    }),
    'sales.filter((row) => row.item === "lamps" && (row.person === "Ann" || row.person === "Bo")), (row) => row.person',
    'rows.reduce((sum, row) => sum + row.sold, 0)',
  ],
  [
    'Which cost centre has the most invoices in March?',
    table('invoices', '{ "Cost Centre": string; "Invoice date": string /* "2026-01-10" to "2026-06-12" */ }[]'),
    'invoices.filter((row) => row["Invoice date"].startsWith("2026-03")), (row) => row["Cost Centre"]',
    'rows.length',
  ],
  [
    'Which of the 3 teams had the largest total of net amounts?',
    table('sales', '{ team: string; "Net amount": number | null }[]'),
    'sales.filter((row) => row["Net amount"] !== null), (row) => row.team',
    'rows.reduce((sum, row) => sum + row["Net amount"], 0)',
  ],
  [
    'Which year had the most hours?',
    table('work', '{ year: number; hours: number; who: string }[]'),
    'work, (row) => row.year',
    'rows.reduce((sum, row) => sum + row.hours, 0)',
  ],
])('takes the columns that are meant: %s', (task, its, groups, of) => {
  expect(rank(task, its)).toBe(
    `Rank the groups: \`const ranked = Object.entries(Object.groupBy(${groups})).map(([name, rows = []]) => ({ name, of: ${of} })).sort((a, b) => b.of - a.of);\` Then \`ranked[0].name\`.`,
  );
});

it('keeps the rows that the program keeps by a column with a space', () => {
  const centres = table('costs', '{ "Cost Centre": string; person: string; kind: string /* "fee" | "tip" */ }[]');
  const code = 'answer(costs.filter((c) => c["Cost Centre"] === "IT" && c.kind === "fee").length)';
  const task = 'Which person of IT has the most fees?';
  expect(howToRank({ code, used: [centres], task })).toContain(
    'costs.filter((row) => row["Cost Centre"] === "IT" && row.kind === "fee"), (row) => row.person',
  );
});

it.each([
  ['total_eur', 0],
  ['number_of_goals', 0],
  ['country', 1],
  ['account', 1],
  ['discount', 1],
  ['number', 1],
])('takes `%s` for a total, or not', (field, found) => {
  const used = [table('games', `{ team: string; ${field}: number }[]`)];
  expect(groupsNotAdded({ code: 'answer(games[0].team)', used, task: 'Which team has the most wins?' })).toHaveLength(
    found,
  );
});

it.each([
  ['Who pays highest on average?', 'mean_eur', 0],
  ['Who pays highest on average?', 'registration', 1],
  ['Who pays highest on average?', 'duration', 1],
])('takes a column for an average, or not: %s %s', (task, field, found) => {
  const used = [table('fees', `{ name: string; ${field}: number }[]`)];
  expect(groupsNotAdded({ code: 'answer(fees[0].name)', used, task })).toHaveLength(found);
});

it('takes no seconds for a long task', () => {
  const task = 'add up each '.repeat(2_000);
  const start = performance.now();
  expect(groupsNotAdded({ code: 'answer(hours[0].name)', used: [hours], task })).toEqual([]);
  expect(performance.now() - start).toBeLessThan(1_000);
});
