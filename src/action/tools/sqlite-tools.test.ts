import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { toolPromises } from '../../testing/index.ts';
import { invokeTool } from '../invoke-tool.ts';
import { takeBack } from '../take-back.ts';
import { toTools } from '../to-tools.ts';
import type { NamedTool } from '../tool.ts';
import { keyValueTools } from './key-value-tools.ts';
import { sqliteRowTools } from './sqlite-row-tools.ts';

const SCHEMA = `
CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, price REAL);
CREATE TABLE lines (item INTEGER REFERENCES items (id), n INTEGER, PRIMARY KEY (item, n));
CREATE TABLE heap (x);
CREATE TABLE watched (id INTEGER PRIMARY KEY, x);
CREATE TRIGGER watch AFTER INSERT ON watched BEGIN DELETE FROM heap; END;
CREATE TABLE parents (id INTEGER PRIMARY KEY);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent REFERENCES parents (id) ON DELETE CASCADE);
CREATE VIEW cheap AS SELECT * FROM items WHERE price < 5;
INSERT INTO items VALUES (1, 'lamp', 20.5), (2, 'mug', 3);
INSERT INTO lines VALUES (1, 1);`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-rows-'));
  path = join(folder, 'shop.db');
  sql(SCHEMA);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function sql(text: string): void {
  const db = new DatabaseSync(path);
  db.exec(text);
  db.close();
}
function all(query: string): Json {
  const db = new DatabaseSync(path);
  const rows = db.prepare(query).all();
  db.close();
  return JSON.parse(JSON.stringify(rows)) as Json;
}

const context = () => ({ signal: new AbortController().signal, idempotencyKey: 'k', run: 'r', call: 'c' });
const toolsOf = () => toTools({ ...sqliteRowTools(path), ...keyValueTools(join(folder, 'values.db')) });
const toolOf = (name: string) => toolsOf().find((tool) => tool.name === name) as NamedTool;
const call = (name: string, args: Json) => invokeTool(toolOf(name), args, context()) as Promise<never>;
const undo = (name: string, args: Json, result: Json) => takeBack(toolOf(name), { args, result }, context());

describe.each([
  ['insertRow', { table: 'items', row: { name: 'desk', price: 100 } }],
  ['updateRow', { table: 'items', key: { id: 1 }, set: { price: 1 } }],
  ['deleteRow', { table: 'items', key: { id: 2 } }],
  ['readRows', { table: 'items', where: { id: 1 } }],
  ['listTables', {}],
  ['setValue', { key: 'a', value: { deep: [1] } }],
  ['getValue', { key: 'a' }],
  ['listKeys', {}],
] as const)('%s', (name, args) => {
  const observe = async () => [
    all('SELECT rowid, * FROM items'),
    all('SELECT * FROM sqlite_sequence'),
    (await call('getValue', { key: 'a' })) as Json,
  ];
  it.each(toolPromises(() => ({ tool: toolOf(name), args: args as Json, observe })))('$title', ({ run }) => run());
});

it('reads tables and rows', async () => {
  expect(await call('readRows', { table: 'items' })).toEqual([
    { id: 1, name: 'lamp', price: 20.5 },
    { id: 2, name: 'mug', price: 3 },
  ]);
  expect(await call('readRows', { table: 'cheap' })).toHaveLength(1);
  expect(await call('listTables', {})).toContainEqual({
    table: 'lines',
    columns: { item: 'INTEGER', n: 'INTEGER' },
    key: ['item', 'n'],
  });
});

it.each([
  ['no such table', 'insertRow', { table: 'none', row: { a: 1 } }, 'none is no table of this database.'],
  ['its own tables', 'insertRow', { table: 'sqlite_sequence', row: { name: 'x' } }, 'is no table of this database'],
  ['a view', 'insertRow', { table: 'cheap', row: { id: 1 } }, 'cheap is a view'],
  ['no primary key', 'insertRow', { table: 'heap', row: { x: 1 } }, 'heap has no primary key'],
  ['a trigger', 'insertRow', { table: 'watched', row: { x: 1 } }, 'watched has a trigger (watch)'],
  ['rows that follow', 'deleteRow', { table: 'parents', key: { id: 1 } }, 'parents is followed by rows of children'],
  [
    'no such column',
    'insertRow',
    { table: 'items', row: { colour: 1 } },
    'items has no column colour. It has: id, name, price.',
  ],
  ['a part of a key', 'deleteRow', { table: 'lines', key: { item: 1 } }, 'Give the whole primary key of lines'],
  ['no such row', 'deleteRow', { table: 'items', key: { id: 9 } }, 'items has no row with {"id":9}.'],
  ['another key', 'updateRow', { table: 'items', key: { id: 1 }, set: { id: 5 } }, 'id is of the key'],
  ['nothing to set', 'updateRow', { table: 'items', key: { id: 1 }, set: {} }, 'Nothing is set.'],
  ['a row that is there', 'insertRow', { table: 'items', row: { name: 'lamp' } }, 'UNIQUE constraint failed'],
  ['a row that is referred to', 'deleteRow', { table: 'items', key: { id: 1 } }, 'FOREIGN KEY constraint failed'],
  ['SQL in a name', 'readRows', { table: 'items"; DROP TABLE items; --' }, 'is no table of this database'],
] as const)('refuses %s, and changes nothing', async (_title, name, args, message) => {
  const before = [all('SELECT * FROM items'), all('SELECT * FROM sqlite_sequence')];
  await expect(call(name, args as Json)).rejects.toMatchObject({
    code: 'tool-refused',
    message: expect.stringContaining(message),
  });
  expect([all('SELECT * FROM items'), all('SELECT * FROM sqlite_sequence')]).toEqual(before);
});

it('changes only the tables it was given', async () => {
  const [, , insertRow] = toTools(sqliteRowTools(path, { tables: ['items'] }));
  const args = { table: 'parents', row: { id: 1 } };
  await expect(invokeTool(insertRow as NamedTool, args, context())).rejects.toThrow('only those of items');
});

it('does not undo over what somebody else wrote since, and undoes once where it is asked twice', async () => {
  const args = { table: 'items', key: { id: 1 }, set: { price: 1 } };
  const result = await call('updateRow', args);
  sql('UPDATE items SET price = 99 WHERE id = 1');
  await expect(undo('updateRow', args, result)).rejects.toMatchObject({
    code: 'tool-conflict',
    message: 'The row of items with id 1 was changed since; it is left as it is.',
  });
  expect(all('SELECT price FROM items WHERE id = 1')).toEqual([{ price: 99 }]);
  sql('UPDATE items SET price = 1 WHERE id = 1');
  await undo('updateRow', args, result);
  await undo('updateRow', args, result);
  expect(all('SELECT price FROM items WHERE id = 1')).toEqual([{ price: 20.5 }]);
});

it('names it where the place of a deleted row is taken', async () => {
  const args = { table: 'items', key: { id: 2 } };
  const result = await call('deleteRow', args);
  sql("INSERT INTO items (name) VALUES ('mug')");
  await expect(undo('deleteRow', args, result)).rejects.toMatchObject({
    code: 'tool-conflict',
    message: expect.stringContaining('cannot be put back: UNIQUE constraint failed'),
  });
});

it('keeps values by key, and says nothing where there is none', async () => {
  expect(await call('getValue', { key: 'a' })).toBe(null);
  expect(await call('listKeys', {})).toEqual([]);
  await call('setValue', { key: 'a', value: { n: [1, 'ü\0'] } });
  await call('setValue', { key: 'b', value: null });
  expect(await call('getValue', { key: 'a' })).toEqual({ n: [1, 'ü\0'] });
  expect(await call('listKeys', { after: 'a' })).toEqual(['b']);
  await expect(call('deleteValue', { key: 'none' })).rejects.toMatchObject({ code: 'tool-refused' });
  await expect(call('setValue', { key: '', value: 1 })).rejects.toMatchObject({ code: 'tool-input-invalid' });
});

it('does not undo a value over a newer one', async () => {
  const args = { key: 'a', value: 1 };
  const result = await call('setValue', args);
  await call('setValue', { key: 'a', value: 2 });
  await expect(undo('setValue', args, result)).rejects.toMatchObject({ code: 'tool-conflict' });
  expect(await call('getValue', { key: 'a' })).toBe(2);
});

it('is refused where the file is no database, or not there', async () => {
  const [, readRows] = toTools(sqliteRowTools(join(folder, 'none.db')));
  await expect(invokeTool(readRows as NamedTool, { table: 'x' }, context())).rejects.toThrow('is not there');
  const [listTables] = toTools(sqliteRowTools(import.meta.filename));
  await expect(invokeTool(listTables as NamedTool, {}, context())).rejects.toMatchObject({ code: 'tool-refused' });
});
