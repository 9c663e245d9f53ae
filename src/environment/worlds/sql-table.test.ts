import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { sqlTable } from './sql-table.ts';

const make = () =>
  sqlTable({
    name: 'odd "name"',
    columns: ['Name', 'Power ( MW )'],
    rows: [
      ['Hill', '15'],
      ['Lake', null],
    ],
  });
const walk = ['SELECT * FROM `odd "name"`', 'UPDATE "odd ""name""" SET Name = \'Dam\' WHERE Name = \'HILL\''].map(
  (sql, at) => ({ name: at === 0 ? 'query' : 'execute', args: { sql } }),
);

it.each(environmentPromises(make, { task: 'any', walk }))('$title', ({ run }) => run());

it('gives rows, and tells how many were changed', async () => {
  const world = make();
  await world.reset({ task: 'any', seed: 1 });
  for (const act of walk) await world.act(act);
  const { observation } = await world.act(walk[0] as never);
  expect(observation).toEqual([
    { Name: 'Dam', 'Power ( MW )': '15' },
    { Name: 'Lake', 'Power ( MW )': null },
  ]);
});

it('refuses a join that would never end, and does one that does', async () => {
  const rows = Array.from({ length: 100 }, (_, at) => [String(at)]);
  const world = sqlTable({ name: 't', columns: ['n'], rows });
  await world.reset({ task: 'any', seed: 1 });
  const count = (times: number) => {
    const joined = Array.from({ length: times }, (_, at) => `t AS t${at}`).join(', ');
    return world.act({ name: 'query', args: { sql: `SELECT count(*) AS n FROM ${joined}` } });
  };
  expect((await count(2)).observation).toEqual([{ n: 10_000 }]);
  await expect(count(5)).rejects.toThrow('It would look at 100 rows 5 times over.');
});

it.each([
  ['query', 'DELETE FROM `odd "name"`', 'Only SELECT is allowed'],
  ['query', 'SELECT 1; SELECT 2', 'One statement at a time.'],
  [
    'query',
    'SELECT missing FROM `odd "name"`',
    'no such column: missing. The columns are `Name`, `Power ( MW )`; texts',
  ],
  ['query', 'SELECT Name FROM lakes', 'no such table: lakes. The table is `odd "name"`.'],
  ['query', 'SELECT Power ( MW ) FROM `odd "name"`', 'Quote these names: `Power ( MW )`.'],
  ['query', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n', 'Only SELECT'],
  ['query', "SELECT load_extension('x')", 'Only SELECT is allowed'],
  ['execute', "ATTACH DATABASE 'x.db' AS x", 'Only INSERT, UPDATE and DELETE'],
  ['execute', 'DROP TABLE `odd "name"`', 'Only INSERT, UPDATE and DELETE'],
  ['execute', 'PRAGMA writable_schema = 1', 'Only INSERT, UPDATE and DELETE'],
  ['execute', 'SELECT Name FROM `odd "name"`', 'This changes no row. To read rows, use query.'],
  ['execute', 'BEGIN', 'Only INSERT, UPDATE and DELETE'],
])('refuses to %s %s', async (name, sql, why) => {
  const world = make();
  const { stateHash } = await world.reset({ task: 'any', seed: 1 });
  await expect(world.act({ name, args: { sql } })).rejects.toThrow(why);
  expect((await world.observe()).stateHash).toBe(stateHash);
});

it('says how its table and columns are written', () => {
  expect(make().acts.query?.description).toContain('Table: `odd "name"`. Columns: `Name`, `Power ( MW )`.');
});
