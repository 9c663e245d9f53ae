// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';

const tools = `/** Runs one SELECT (SQLite). Table: \`teams\`. Columns: \`Name\`, \`City\`, \`Women's record\`. */
declare function query(args: { sql: string }): Promise<{ [name: string]: unknown }[]>;
/** Runs one INSERT, UPDATE or DELETE (SQLite). Table: \`teams\`. */
declare function execute(args: { sql: string }): Promise<{ changed: number }>;
/** Asks what was told to DELETE. */
declare function ask(args: { text: string }): Promise<string>;`;

const mend = (source: string, written?: [string, string][], given = tools) =>
  checkProgram({ source, tools: given, data: '', session: [], ...(written && { written }) }).result.amended;

it.each([
  [
    'a text in double quotes',
    `answer(await query({ sql: 'SELECT City FROM teams WHERE Name = "Titans" AND City != "Rome"' }))`,
    `answer(await query({ sql: 'SELECT City FROM teams WHERE Name = \\'Titans\\' AND City != \\'Rome\\'' }))`,
  ],
  [
    'an apostrophe in it',
    'answer(await query({ sql: `SELECT City FROM teams WHERE Name LIKE "Men\'s %" OR Name IN ("O\'Neil", "x")` }))',
    "answer(await query({ sql: `SELECT City FROM teams WHERE Name LIKE 'Men''s %' OR Name IN ('O''Neil', 'x')` }))",
  ],
  [
    'values, within double quotes of the program',
    'await execute({ sql: "INSERT INTO teams (Name, City) VALUES (\\"A\\", \\"B\\"), (\\"C\\", \\"D\\")" });\nanswer(1)',
    "await execute({ sql: \"INSERT INTO teams (Name, City) VALUES ('A', 'B'), ('C', 'D')\" });\nanswer(1)",
  ],
  [
    'an apostrophe that ends the text',
    "await execute({ sql: `UPDATE teams SET Name = 'Men\\'s team' WHERE City = 'Ann's'` });\nanswer(1)",
    "await execute({ sql: `UPDATE teams SET Name = 'Men''s team' WHERE City = 'Ann''s'` });\nanswer(1)",
  ],
  [
    'places to fill in',
    'const of = "A";\nanswer(await query({ sql: `SELECT City FROM teams WHERE Name = "${of}" AND City = "x"` }))',
    "const of = \"A\";\nanswer(await query({ sql: `SELECT City FROM teams WHERE Name = '${of}' AND City = 'x'` }))",
  ],
])('writes texts as SQL has them: %s', (_what, source, mended) => {
  expect(mend(source)).toBe(mended);
});

it.each([
  ['a name in double quotes', `answer(await query({ sql: 'SELECT "City" FROM teams WHERE "Name" = "city"' }))`],
  ['a name with an apostrophe', 'answer(await query({ sql: `SELECT "Women\'s record" FROM teams` }))'],
  ['words of SQL', "answer(await query({ sql: `SELECT City FROM teams WHERE Name LIKE'a'AND City = x'00'` }))"],
  ['an apostrophe that is doubled', "answer(await query({ sql: `SELECT City FROM teams WHERE Name = 'Men''s'` }))"],
  ['a text that is no statement', `answer('She said = "yes"')`],
])('leaves %s', (_what, source) => {
  expect(mend(source)).toBeUndefined();
});

it.each([
  [
    'an INSERT to the tool for SELECT',
    'const args = { sql: `INSERT INTO teams VALUES (1)` };\nanswer(await query(args))',
    'const args = { sql: `INSERT INTO teams VALUES (1)` };\nanswer(await execute(args))',
  ],
  [
    'a statement in a constant of its own',
    "const sql = 'DELETE FROM teams';\nanswer(await query({ sql }))",
    "const sql = 'DELETE FROM teams';\nanswer(await execute({ sql }))",
  ],
])('calls the tool that is for it: %s', (_what, source, mended) => {
  expect(mend(source)).toBe(mended);
});

it.each([
  ['the tool that is for it', "answer(await execute({ sql: 'UPDATE teams SET Name = 1' }))"],
  ['a tool that takes something else', "answer(await ask({ text: 'INSERT INTO teams VALUES (1)' }))"],
  ['what may change', "let sql = 'DELETE FROM teams';\nsql = 'SELECT 1';\nanswer(await query({ sql }))"],
])('leaves a statement at %s', (_what, source) => {
  expect(mend(source)).toBeUndefined();
});

it('makes a change once that is asked for twice', () => {
  const args = "const args = { sql: 'DELETE FROM teams' };";
  expect(mend(`${args}\nawait execute(args);\nanswer((await execute(args)).changed)`)).toBe(
    `${args}\n\nanswer((await execute(args)).changed)`,
  );
  const rows = "const args = { sql: 'SELECT City FROM teams' };";
  expect(mend(`${rows}\nawait query(args);\nanswer(await query(args))`)).toBeUndefined();
});

it('writes values as the task does, where all columns are texts', () => {
  const texts = tools.replace('Runs one SELECT (SQLite).', 'Runs one SELECT (SQLite). All columns are texts.');
  const written: [string, string][] = [
    ['64798', '64,798'],
    ['7.4', '7.400'],
    ['2021-08-11', 'August 11, 2021'],
  ];
  const insert = (values: string) => `await execute({ sql: "INSERT INTO teams (Name, City) VALUES (${values})" });`;
  expect(mend(insert("64798, 7.4, '2021-08-11', 8, 'A'"), written, texts)).toBe(
    insert("'64,798', '7.400', 'August 11, 2021', 8, 'A'"),
  );
  expect(mend(insert('64798'), written)).toBeUndefined();
  expect(mend(insert("'64,798', 8"), written, texts)).toBeUndefined();
  const update = (value: string) => `await execute({ sql: \`UPDATE teams SET City = ${value} WHERE Name = 7.4\` });`;
  expect(mend(update('64798'), written, texts)).toBe(update("'64,798'"));
});
