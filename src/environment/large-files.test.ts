import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../record/index.ts';
import { readData } from './read-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-large-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The one table that a file becomes which is larger than allowed. */
async function tableOf(name: string, content: string | Uint8Array) {
  await writeFile(join(folder, name), content);
  const { tables, skipped } = await readData(join(folder, name), { maxInlineBytes: 1 });
  try {
    expect(skipped).toEqual([]);
    expect(tables?.list).toHaveLength(1);
    const [one] = tables?.list ?? [];
    const rows = (await tables?.query(`SELECT * FROM ${one?.name} ORDER BY rowid DESC LIMIT 2`)) as Json[];
    return { doc: one?.doc, type: one?.type, last: rows[0], rows: one?.rows };
  } finally {
    await tables?.close();
  }
}

/** More than one piece of a file: those in the second are not among the rows that decide how a column is read. */
const PAD = 'x'.repeat(120);
const many = (line: (n: number) => string) => Array.from({ length: 10_000 }, (_, n) => `${line(n)}\n`).join('');

describe('a large CSV file', () => {
  // What the first rows had decided was forced on the later ones: "unknown" became 0, "$5.50" became 5.5 in euros.
  it.each([
    ['a truth value', (n: number) => `${n % 2 === 0}`, 'unknown', 'string | number'],
    ['a currency', () => '€5.50', '$5.50', 'string | number'],
    ['a percent sign', () => '5%', '0.5', 'string | number'],
    ['a decimal comma', () => '"1,55"', '1.5', 'string | number'],
    ['a date', () => '05.03.2026', 'soon', 'string'],
  ])('keeps a later cell as text that is no such thing as %s, and says so', async (_what, usual, odd, type) => {
    const table = await tableOf('t.csv', `pad,value\n${many((n) => `${PAD},${usual(n)}`)}x,${odd}\n`);
    expect(table.last).toEqual({ pad: 'x', value: odd });
    expect(table.type).toBe(`{ pad: string; value: ${type} }[]`);
    expect(table.doc).toContain('value: 1 cell of another kind, as text');
  });

  it('gets columns for later rows that are wider', async () => {
    const table = await tableOf('t.csv', `pad,n\n${many((n) => `${PAD},${n}`)}x,1,more,5\n`);
    expect(table.last).toEqual({ pad: 'x', n: 1, column3: 'more', column4: '5' });
  });

  it('says that it leaves out columns after the first 1,000', async () => {
    const row = (cell: (n: number) => string) => Array.from({ length: 1_002 }, (_, n) => cell(n)).join(',');
    const { doc, last } = await tableOf('t.csv', `${row((n) => `c${n}`)}\n${row(String)}\n`);
    expect(Object.keys(last ?? {}).length).toBe(1_000);
    expect(doc).toContain('columns after the first 1,000 are left out');
  });

  it('says what was taken off', async () => {
    const { doc } = await tableOf('t.csv', 'name,unit price\na,€5\nb,€6\n');
    expect(doc).toContain('unit_price: in €; unit_price: "unit price" in the file.');
  });

  it('keeps columns apart that differ in their case', async () => {
    expect((await tableOf('t.csv', 'id,ID\n1,2\n3,4\n')).last).toEqual({ id: 3, ID_2: 4 });
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffname,n\nSüd,1\nOst,2\nSüd,5\n', 'utf16le')],
    ['UTF-16 the other way round', Buffer.from('\ufeffname,n\nSüd,1\nOst,2\nSüd,5\n', 'utf16le').swap16()],
    ['UTF-8 with a mark', Buffer.from('\ufeffname,n\nSüd,1\nOst,2\nSüd,5\n')],
    ['the Western code page', Buffer.from('name,n\nWest,1\nOst,2\nSüd,5\n', 'latin1')],
    ['the Western code page, far down', Buffer.from(`name,n\n${many((n) => `${PAD},${n}`)}Süd,5\n`, 'latin1')],
  ])('is read in %s', async (_what, bytes) => {
    expect((await tableOf('t.csv', bytes)).last).toEqual({ name: 'Süd', n: 5 });
  });

  it('has the euro sign where Windows has it', async () => {
    const table = await tableOf('t.csv', Buffer.from('name,price\nS\xfcd,\x805\nOst,\x806\n', 'latin1'));
    expect(table).toMatchObject({ last: { name: 'Ost', price: 6 }, doc: expect.stringContaining('price: in €') });
  });

  it('may name its separator', async () => {
    expect((await tableOf('t.csv', 'sep=;\nname;n\na;1,5\nb;2,5\n')).last).toEqual({ name: 'b', n: 2.5 });
  });

  it('may have a title', async () => {
    const table = await tableOf('t.csv', 'Sales of May\n\nname,n\na,1\nb,2\nc,3\n');
    expect(table).toMatchObject({ rows: 3, last: { name: 'c', n: 3 }, doc: expect.stringContaining('Sales of May') });
  });

  it('says that quotes are broken', async () => {
    expect((await tableOf('t.csv', 'a,b\n1,"x" y"\n2,z\n')).doc).toContain('quotes are broken');
  });
});

it.each([
  ['t.json', '\ufeff[{"n":1},{"n":2}]'],
  ['t.jsonl', '\ufeff{"n":1}\n{"n":2}\n'],
])('reads %s with a byte order mark', async (name, content) => {
  expect((await tableOf(name, content)).last).toEqual({ n: 2 });
});

it('reads a list whose first record is empty', async () => {
  expect(await tableOf('t.json', '[{},{"n":2}]')).toMatchObject({ rows: 2, last: { n: 2 } });
});

it('refuses a large file that is no text', async () => {
  await writeFile(join(folder, 'a.csv'), new Uint8Array([0, 1, 2, 3]));
  const { skipped } = await readData(folder, { maxInlineBytes: 1 });
  expect(skipped).toEqual([{ file: 'a.csv', why: 'a.csv is no text.' }]);
});

describe('a database', () => {
  const GONE = 'CREATE TABLE gone (n); CREATE VIEW bad AS SELECT n FROM gone; DROP TABLE gone';
  const make = (sql: string) => {
    const database = new DatabaseSync(join(folder, 'shop.db'));
    database.exec(sql);
    database.close();
  };

  // An empty table, or a view of a table that is gone, took all others with it.
  it('that is large has its empty tables and its views, and is there without a view that is broken', async () => {
    make(`CREATE TABLE archive (x, y); CREATE TABLE orders (id); INSERT INTO orders VALUES (1), (2); ${GONE};
      CREATE VIEW late AS SELECT id FROM orders WHERE id > 1`);
    const { tables, skipped } = await readData(folder, { maxInlineBytes: 1 });
    expect(tables?.list).toMatchObject([
      { name: 'archive', type: '{ x: any; y: any }[]', doc: 'shop.db: archive, empty.', rows: 0 },
      { name: 'late', type: '{ id: number }[]', rows: 1 },
      { name: 'orders', rows: 2 },
    ]);
    expect(await tables?.query('SELECT count(*) AS n FROM archive')).toEqual([{ n: 0 }]);
    expect(skipped).toEqual([{ file: 'shop.db: bad', why: 'It could not be read: no such table: main.gone.' }]);
    await tables?.close();
  });

  it('that is small is there without a view that is broken', async () => {
    make(`CREATE TABLE orders (id); INSERT INTO orders VALUES (1); ${GONE}`);
    const { variables, skipped } = await readData(folder);
    expect(variables.map(({ name }) => name)).toEqual(['orders']);
    expect(skipped).toEqual([{ file: 'shop.db: bad', why: 'It could not be read: no such table: main.gone.' }]);
  });

  it('is there without a view that joins everything with everything', async () => {
    make(`CREATE TABLE n (a); WITH RECURSIVE r(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM r LIMIT 2000) INSERT INTO n SELECT a FROM r;
      CREATE VIEW pairs AS SELECT x.a FROM n AS x, n AS y`);
    const { variables, skipped } = await readData(folder);
    expect(variables.map(({ name }) => name)).toEqual(['n']);
    expect(skipped).toEqual([{ file: 'shop.db: pairs', why: 'The view gives more than 1,000,000 rows.' }]);
  });
});

describe('a large log', () => {
  const time = (n: number) => `21/Mar/2026:10:${String(n % 60).padStart(2, '0')}:39 +0000`;

  it('has the columns of its form, also where an odd line comes late', async () => {
    const lines = many((n) => `10.0.4.${n % 9} - - [${time(n)}] "GET /items HTTP/1.1" 200 ${n}`);
    const table = await tableOf('access.log', `${lines}\nKilled\n`);
    expect(table.rows).toBe(10_001);
    expect(table.last).toMatchObject({ client: null, status: null, raw: 'Killed' });
    expect(table.type).toContain('status: number | null; bytes: number | null; raw?: string');
  });

  it('has what its messages say, and keys that come late', async () => {
    const at = (n: number) => `2026-03-21T10:${String(n % 60).padStart(2, '0')}:39Z`;
    const lines = many((n) => `${at(n)} INFO job-${n} took ${n} ms`);
    const { last, doc } = await tableOf('a.log', `${lines}${at(1)} WARN job-12 took 12 ms region=north\n`);
    expect(last).toMatchObject({ level: 'WARN', ms: 12, region: 'north' });
    expect(doc).toContain('took {ms} ms"');
  });

  it('is read as JSON lines where it has them', async () => {
    const table = await tableOf('a.log', `${many((n) => `{"level":30,"n":${n}}`)}Killed\n{"level":50,"n":7}\n`);
    expect(table).toMatchObject({ rows: 10_002, last: { level: 50, n: 7 } });
  });

  it('stays lines where it has no form', async () => {
    const { last, rows } = await tableOf(
      'a.log',
      many((n) => (n % 2 === 0 ? `ready ${n}` : 'so be it')),
    );
    expect([last, rows]).toEqual([{ line: 10_000, text: 'so be it' }, 10_000]);
  });
});

describe('an object that is too large', () => {
  // Beside other variables it became the text "[object Object]".
  it.each([
    ['of records of one form, is these', { a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, d: { n: 4 } }, { name: 'd', n: 4 }],
    ['with one list, is the list', { total: 2, rows: [{ n: 1 }, { n: 2 }] }, { n: 2 }],
    ['of other things, is its entries', { total: 2, rows: [1], more: [2] }, { key: 'more', value: '[2]' }],
  ])('%s', async (_what, value, expected) => {
    const text = JSON.stringify(value);
    expect((await tableOf('t.json', text)).last).toEqual(expected);
    await writeFile(join(folder, 't.json'), text);
    await writeFile(join(folder, 'a.json'), `[${'"a",'.repeat(30)}"a"]`);
    const { tables } = await readData(folder, { maxInlineBytes: 130 });
    expect(await tables?.query('SELECT * FROM t ORDER BY rowid DESC LIMIT 1')).toEqual([expected]);
    await tables?.close();
  });

  it('says what of it is left out', async () => {
    expect((await tableOf('t.json', '{"total":2,"rows":[{"n":1}]}')).doc).toContain('left out: total');
  });
});
