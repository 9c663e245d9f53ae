import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { quickjs } from '../sandbox/index.ts';
import { contextFor, type TestRun } from '../testing/index.ts';
import { executeCode } from './execute-code.ts';
import { rowsAsTable } from './sql-data.ts';
import { toTools } from './to-tools.ts';
import { tool } from './tool.ts';

const opened: TestRun[] = [];
afterEach(() => {
  for (const run of opened.splice(0)) run.close();
});

const ROWS = [
  { city: 'Ulm', eur: 5, paid: true },
  { city: 'Bonn', eur: 7, paid: false },
  { city: 'Ulm', eur: 1, paid: true },
];
const sandbox = quickjs();

async function start(rows: unknown = ROWS, tools = toTools({})): Promise<TestRun> {
  const run = contextFor({ tools });
  opened.push(run);
  const blob = await run.blobs.put(JSON.stringify(rows));
  const type = '{ city: string; eur: number; paid: boolean }[]';
  const data = [{ name: 'bills', type, doc: 'bills.csv', source: 'bills.csv', blob }];
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'How much in Ulm?' }], data });
  return run;
}

async function execute(run: TestRun, code: string, tools = toTools({})) {
  const decision = { kind: 'act', code } as const;
  const of = run.decide(decision);
  await executeCode({ sandbox, tools, observationChars: 400 }, { ...decision, of }, run);
  return run.view.last('observation');
}

it('says rows as a table, with what is told of their columns', () => {
  const shown = '{ id: string /* = bikes.id */; "unit price": number | null; open: boolean; tags: string[] }[]';
  expect(rowsAsTable({ name: 'rentals', type: '', shown, doc: '', source: '' })).toBe(
    'CREATE TABLE rentals (\n  id TEXT, -- = bikes.id\n  "unit price" REAL,\n  open INTEGER,\n  tags JSON,\n);',
  );
  const texts = '{ city: string /* "a; b" | "c" */; at: string }[]';
  expect(rowsAsTable({ name: 'x', type: texts, doc: '', source: '' })).toContain('-- "a; b" | "c"\n  at TEXT');
  expect(rowsAsTable({ name: 'text', type: 'string', doc: '', source: '' })).toBeUndefined();
  expect(rowsAsTable({ name: 'map', type: '{ a: number }', doc: '', source: '' })).toBeUndefined();
});

it('answers a query over the rows, and notes what it gave', async () => {
  const run = await start();
  const observation = await execute(run, "answer(await sql(`SELECT sum(eur) AS eur FROM bills WHERE city = 'Ulm'`))");
  expect(observation?.proposed).toEqual({ value: [{ eur: 6 }], how: 'answer' });
  const [note] = run.view.events().filter((event) => event.kind === 'note' && event.name === 'settled');
  expect(note).toMatchObject({ value: { outcome: { value: [{ eur: 6 }] } } });
  expect(run.view.last('call')).toBeUndefined();
});

it.each([
  ["sql('SELECT price FROM bills')", /no such column: price/],
  ["sql('DELETE FROM bills')", /Only SELECT/],
  ["sql({ sql: 'SELECT 1' })", /takes one SELECT as a text/],
  ["sql('SELECT a.city FROM bills a, bills b, bills c, bills d, bills e, bills f, bills g, bills h')", /Aggregate/],
])('fails in the program that asks %s', async (call, why) => {
  const observation = await execute(await start(), `answer(await ${call})`);
  expect(observation).toMatchObject({ state: 'failed', error: { name: 'DataError' } });
  expect(observation?.error?.message).toMatch(why);
});

it('has nothing to ask where there are no rows', async () => {
  const observation = await execute(await start([]), "await sql('SELECT 1')");
  expect(observation?.error?.message).toMatch('There are no rows to ask');
});

it('leaves the word to a tool that has its name', async () => {
  const tools = toTools({
    sql: tool({
      description: 'Asks another place',
      effect: 'read',
      input: z.object({ q: z.string() }),
      output: z.string(),
      run: ({ q }) => `theirs: ${q}`,
    }),
  });
  const observation = await execute(await start(ROWS, tools), "answer(await sql({ q: 'x' }))", tools);
  expect(observation?.proposed?.value).toBe('theirs: x');
});
