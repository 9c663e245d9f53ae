import { expect, it } from 'vitest';
import { namedTexts } from './named-texts.ts';

const orders = [
  { id: 'A1', customer: 'Granite, Inc.', status: 'open', item: { name: 'desk lamp' }, stock: 'no' },
  { id: 'A2', customer: 'Nord', status: 'done', item: { name: 'rug' }, stock: 'yes' },
];

it.each([
  ['a word, in any case', 'How many Open orders?', [{ at: 'status', text: 'open' }]],
  ['words with punctuation', 'What did granite inc buy?', [{ at: 'customer', text: 'Granite, Inc.' }]],
  ['a nested field', 'Price of a desk lamp?', [{ at: 'item.name', text: 'desk lamp' }]],
  ['an id', 'Who ordered A2?', [{ at: 'id', text: 'A2' }]],
  [
    'several, in the order of the task',
    'Is the rug of Nord done?',
    [
      { at: 'item.name', text: 'rug' },
      { at: 'customer', text: 'Nord' },
      { at: 'status', text: 'done' },
    ],
  ],
  ['no part of a word', 'Is it northern or openly rugged?', []],
  ['no common word', 'Is there no order, yes?', []],
])('finds %s', (_title, task, expected) => {
  expect(namedTexts(orders, task)).toEqual(expected);
});

it('finds texts of a list, each once', () => {
  expect(namedTexts(['kitchen', 'hall', 'kitchen'], 'How warm is the kitchen?')).toEqual([{ at: '', text: 'kitchen' }]);
});

it('does not take the name of a field for a text of it', () => {
  expect(namedTexts([{ team: 'Team' }], 'Which team wins?')).toEqual([]);
});

it('finds a word that some of the texts of a column hold, in one number or the other', () => {
  const mails = ['Invoice 7', 'Reminder: invoice 7', 'Invoice 8', 'Invoice 9'].map((Subject) => ({ Subject }));
  expect(namedTexts(mails, 'How many mails are no reminders?')).toEqual([
    { at: 'Subject', text: 'Reminder', part: true },
  ]);
  expect(namedTexts(mails, 'How many invoices are there?')).toEqual([]);
});

it('knows a word with another ending', () => {
  const jobs = ['job done', 'job failed', 'job done'].map((msg) => ({ msg }));
  expect(namedTexts(jobs, 'How many failures were there?')).toEqual([{ at: 'msg', text: 'failed', part: true }]);
});

it('says where the cells are lists', () => {
  const recipes = [
    { title: 'Soup', tags: ['quick', 'cheap'], needs: ['2 onions', '100 g lentils'] },
    { title: 'Cake', tags: ['sweet'], needs: ['3 eggs', '200 g flour'] },
  ];
  expect(namedTexts(recipes, 'Which quick recipes have no onions?')).toEqual([
    { at: 'tags', text: 'quick', list: true },
    { at: 'needs', text: 'onions', part: true, list: true },
  ]);
});

it('looks at a bounded part of large data', () => {
  const row = (at: number) =>
    Object.fromEntries(Array.from({ length: 100 }, (_, c) => [`c${c}`, `some cell ${at} text ${c}`]));
  const rows = Array.from({ length: 10_000 }, (_, at) => row(at));
  const start = performance.now();
  expect(namedTexts(rows, 'How many reminders were there in the garden of Bergen?')).toEqual([]);
  expect(performance.now() - start).toBeLessThan(3_000);
});
