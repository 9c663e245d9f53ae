import { expect, it } from 'vitest';
import type { Cell } from './cell.ts';
import { pairsOf } from './pairs.ts';
import { reportOf } from './report.ts';
import type { ExperimentResult } from './results.ts';
import { tableOf } from './table.ts';

const cell = (task: string, arm: string, success: boolean, more: Partial<Cell> = {}): Cell => ({
  set: 'shop',
  version: 1,
  task,
  kind: 'sums',
  fold: 'reporting',
  arm,
  seed: 1,
  run: `${task}-${arm}`,
  brokenOff: 0,
  model: 'scripted/model',
  policy: arm,
  status: 'answered',
  why: 'It has an answer.',
  success,
  value: Number(success),
  unknown: false,
  assertions: [],
  warnings: [],
  wrongWithoutWarning: !success,
  steps: 1,
  modelCalls: 2,
  toolCalls: 4,
  failedCalls: 1,
  inventedObservations: 1,
  sent: arm === 'poact' ? 50 : 100,
  evaluated: 40,
  written: 10,
  seconds: 2,
  ...more,
});

const resultOf = (cells: Cell[], seeds = [1]): ExperimentResult => ({
  plan: {
    name: 'first',
    tasks: [...new Set(cells.map(({ task }) => task))].map((task) => ({
      set: 'shop',
      version: 1,
      task,
      kind: 'sums',
      fold: 'reporting',
    })),
    arms: ['react', 'poact'],
    seeds,
  },
  cells,
  missing: 0,
});

const cells = [
  cell('a', 'react', true),
  cell('a', 'poact', true),
  cell('b', 'react', false),
  cell('b', 'poact', true),
  cell('c', 'react', false),
  cell('c', 'poact', false, { unknown: true, warnings: ['It rests on nothing.'], wrongWithoutWarning: false }),
  cell('d', 'react', true),
];

it('says of each arm what it came to', () => {
  const [react, poact] = tableOf(resultOf(cells)).rows;
  expect(react).toMatchObject({ arm: 'react', attempts: 4, wrongWithoutWarning: 0.5, sent: 100, failedCalls: 0.25 });
  expect(react?.success.value).toBe(0.5);
  expect(react).not.toHaveProperty('costUsd');
  expect(react).not.toHaveProperty('judged');
  expect(poact).toMatchObject({ unknown: 1 / 3, warned: 1 / 3, wrongWithoutWarning: 0, inventedObservations: 0.5 });
});

it('compares arms on the tasks that both did', () => {
  const [comparison] = tableOf(resultOf(cells)).comparisons;
  expect(comparison).toMatchObject({
    first: 'react',
    second: 'poact',
    pairs: 3,
    gained: 1,
    lost: 0,
    p: 1,
    sentRatio: 0.5,
  });
  expect(comparison?.difference.value).toBeCloseTo(1 / 3);
  expect(comparison?.relative.value).toBeCloseTo(1);
});

it('does not compare attempts at another version of a set', () => {
  const mixed = [
    cell('a', 'react', true),
    cell('a', 'poact', false, { version: 2 }),
    cell('b', 'react', true),
    cell('b', 'poact', true),
  ];
  expect(tableOf(resultOf(mixed)).comparisons).toMatchObject([{ pairs: 1, lost: 0 }]);
});

it('takes the attempts at one task for one, however many seeds', () => {
  const seeded = [1, 2, 3].flatMap((seed) => [
    cell('a', 'react', seed === 1, { seed }),
    cell('a', 'poact', seed !== 3, { seed }),
    cell('b', 'react', true, { seed }),
  ]);
  expect(pairsOf(seeded, 'react', 'poact')).toHaveLength(1);
  const { comparisons, rows } = tableOf(resultOf(seeded, [1, 2, 3]));
  expect(comparisons[0]).toMatchObject({ pairs: 1, gained: 1, lost: 0 });
  expect(rows[0]?.success).toMatchObject({ value: (1 / 3 + 1) / 2 });
  expect((rows[0]?.success.high ?? 0) - (rows[0]?.success.low ?? 0)).toBeGreaterThan(0.5);
});

it('keeps what a model judged apart', () => {
  const judged = { success: true, value: 1, unknown: false };
  const [row] = tableOf(resultOf([cell('a', 'react', false, { judged })])).rows;
  expect(row).toMatchObject({ success: { value: 0 }, judged: 1 });
  expect(reportOf(tableOf(resultOf([cell('a', 'react', false, { judged })])))).toContain('judged by a model');
});

it('groups by set, where there are several, or as it is asked', () => {
  expect(tableOf(resultOf(cells))).not.toHaveProperty('groups');
  const two = [...cells, cell('e', 'react', true, { set: 'bank', kind: 'moves' })];
  expect(tableOf(resultOf(two)).groups?.map(({ group, arm, attempts }) => [group, arm, attempts])).toEqual([
    ['shop', 'react', 4],
    ['shop', 'poact', 3],
    ['bank', 'react', 1],
  ]);
  expect(tableOf(resultOf(two), { by: 'kind' }).groups?.[2]).toMatchObject({ group: 'moves' });
});

it('writes it for a terminal', () => {
  const text = reportOf(tableOf({ ...resultOf(cells), missing: 1, why: 'It was stopped.' }));
  const [head, , arms, react] = text.split('\n');
  expect(head).toBe('first: 4 tasks, 1 seed. 1 attempts are not made or do not count: It was stopped.');
  expect(arms?.split(/ {2,}/).slice(0, 4)).toEqual(['arm', 'attempts', 'success', 'value']);
  expect(react?.split(/ {2,}/).slice(0, 4)).toEqual(['react', '4', '50.0 % (15.0 % to 85.0 %)', '0.50']);
  expect(text).toContain('poact against react');
  expect(text).toContain('0.50 ×');
});

it('writes it as Markdown, and as JSON that says all of it', () => {
  const table = tableOf(resultOf(cells));
  expect(reportOf(table, 'markdown')).toContain('| arm | attempts | success |');
  expect(reportOf(table, 'markdown')).toContain('| --- | ---: | ---: |');
  expect(JSON.parse(reportOf(table, 'json'))).toEqual(JSON.parse(JSON.stringify(table)));
});

it('writes names of arms and groups as they are: no markup, and on one line', () => {
  const evil = '<img src=x onerror=alert(1)>\n| a | *b* [c](d) `e` \u001b[2J';
  const renamed = [
    cell('a', evil, true),
    cell('b', 'poact', true, { set: evil }),
    cell('c', evil, true, { set: evil }),
  ];
  const result = resultOf(renamed);
  const why = `It is clear that ${evil} is better.`;
  const table = tableOf({ ...result, why, missing: 1, plan: { ...result.plan, arms: [evil, 'poact'] } }, { by: 'set' });
  const markdown = reportOf(table, 'markdown');
  expect(markdown).not.toMatch(/<|\u001b/);
  expect(markdown).toContain('| &#60;img src=x onerror=alert(1)&#62; \\| a \\| \\*b\\* \\[c\\](d) \\`e\\`  \\[2J |');
  const text = reportOf(table);
  expect(text).toContain('<img src=x onerror=alert(1)> | a |');
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => line.includes('img'))).toHaveLength(5);
});

it('shows what has no base as infinite', () => {
  const table = tableOf(resultOf([cell('a', 'react', false), cell('a', 'poact', true)]));
  expect(table.comparisons[0]?.relative.value).toBe(Number.POSITIVE_INFINITY);
  expect(reportOf(table)).toContain('∞');
});

it('refuses to compare with an arm that is none', () => {
  expect(() => tableOf(resultOf(cells), { against: 'codeAct' })).toThrow('There are: react, poact');
});
