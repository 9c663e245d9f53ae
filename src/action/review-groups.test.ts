import { expect, it } from 'vitest';
import type { DataVariable } from '../record/index.ts';
import { groupsNotAdded, howToRank } from './review-groups.ts';

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
