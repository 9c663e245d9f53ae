import { afterEach, expect, it } from 'vitest';
import type { DataVariable, Json, JsonSchema } from '../record/index.ts';
import { quickjs, type Session } from '../sandbox/index.ts';
import { valueFindings } from './review-values.ts';
import { type RuleName, switchesOf } from './rules.ts';

const sandbox = quickjs();
const opened: Session[] = [];
afterEach(() => {
  for (const session of opened.splice(0)) session.close();
});

const songs = [
  { id: 'S1', title: 'Harbour', length: '3:05' },
  { id: 'S2', title: 'Mirror', length: '1:02:10' },
  { id: 'S3', title: 'Rain', length: '2:59' },
];
const lists = [
  { name: 'Sunday', songs: ['S1', 'S3'], notes: ['2 encores', 'live'] },
  { name: 'Focus', songs: ['S2', 'S3'], notes: ['quiet'] },
];
const hours = { monday: '06:30-12:30, 14:45-20:45', lockers: '1,200', since: '2020-05-01' };
const data: DataVariable[] = [
  { name: 'songs', type: '{ id: string; title: string; length: string }[]', doc: '', source: 'songs.tsv' },
  {
    name: 'lists',
    type: '{ name: string; songs: string[]; notes: string[] }[]',
    shown: '{ name: string; songs: string[] /* each = songs.id */; notes: string[] }[]',
    doc: '',
    source: 'lists.json',
  },
  { name: 'hours', type: '{ monday: string; lockers: string }', doc: '', source: 'hours.conf' },
];
const NAMES = { type: 'array', items: { type: 'string' } };

interface Asked {
  task?: string;
  schema?: JsonSchema;
  result?: Json;
  off?: RuleName;
}

async function found(code: string, { task = '', schema, result = 1, off }: Asked = {}) {
  const session = await sandbox.open({ tools: [], globals: { songs, lists, hours } });
  opened.push(session);
  const on = switchesOf(off === undefined ? {} : { [off]: false });
  const its = new Map(data.map((one) => [one.name, one]));
  const findings = await valueFindings({ code, now: 0, task, data: its, session, schema, result, on });
  const after = await session.start({ source: 'answer([songs, typeof poactCut, parseFloat("2")])', now: 0 });
  expect(after.answer?.value).toEqual([songs, 'undefined', 2]);
  return findings.map(({ rule, remedy = '' }) => `${rule}: ${remedy}`);
}

it('knows a text that is only a part of what lists hold', async () => {
  const code = 'answer(lists.filter((list) => list.notes.includes("encores")).length)';
  expect(await found(code)).toEqual(['text-unheld: Use `row.notes.some((one) => one.includes("encores"))`.']);
  expect(await found(code, { off: 'text-unheld' })).toEqual([]);
  expect(await found(code.replace('encores', 'rare'))).toEqual(['text-unheld: ']);
  expect(await found(code.replace('encores', 'live'))).toEqual([]);
});

it.each([
  ['parseFloat(hours.monday)', ['number-cut: Take it apart first.']],
  ['parseInt(hours.lockers)', ["number-cut: Leave the commas out first: `.replaceAll(',', '')`."]],
  [
    'parseInt(songs[1].length, 10)',
    ["number-cut: Take its parts together: `text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)`."],
  ],
  ['parseInt(hours.since)', []],
  ['parseInt(songs[1].length.split(":")[0])', []],
  ['parseFloat("12.5 kg")', []],
])('doubts a number that is made of the beginning of a text: %s', async (code, findings) => {
  expect(await found(`answer(${code})`)).toEqual(findings);
});

it('knows the hour of a time of day by its first number, where the task names one', async () => {
  const code = 'answer(["08:15", "09:30"].filter((at) => parseInt(at) < 9).length)';
  expect(await found(code, { task: 'How many began before 9 a.m.?' })).toEqual([]);
  expect(await found(code, { task: 'How many took under 9 minutes?' })).toHaveLength(1);
});

it('asks for what ids stand for', async () => {
  const task = 'Which songs are on Sunday? Give their titles.';
  const code = 'answer(lists[0].songs)';
  const remedy = ['answer-is-reference: Take `songs.find((one) => one.id === id)?.title`.'];
  expect(await found(code, { task, schema: NAMES, result: ['S1', 'S3'] })).toEqual(remedy);
  expect(await found(code, { task: 'Give the ids of the songs.', schema: NAMES, result: ['S1', 'S3'] })).toEqual([]);
  expect(await found(code, { task, schema: NAMES, result: ['S1', 'other'] })).toEqual([]);
  expect(await found(code, { task, schema: { type: 'number' }, result: 2 })).toEqual([]);
  const looked = 'answer(lists[0].songs.map((id) => songs.find((one) => one.id === id)?.title))';
  expect(await found(looked, { task, schema: NAMES, result: ['Harbour', 'Rain'] })).toEqual([]);
});
