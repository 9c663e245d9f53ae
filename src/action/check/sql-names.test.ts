// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';

const tools = `/** Runs one SELECT (SQLite). Table: \`US Ambassadors to Chile\`. Columns: \`Name\`, \`Home team\`, \`Home team score\`, \`Pick #\`, \`Power ( MW )\`, \`Order #\`, \`Place:\`, \`Ships!\`, \`Who was who?\`, \`First aired (UK)\`, \`Result F–A\`. */
declare function query(args: { sql: string }): Promise<{ [name: string]: unknown }[]>;
/** Counts rows of Postgres by SQL. Columns: "First name". */
declare function count(args: { sql: string }): Promise<number>;
/** Writes a note, such as \`so long\`. */
declare function note(args: { text: string }): Promise<void>;`;

const mend = (source: string) => {
  const { findings, amended } = checkProgram({ source, tools, data: '', session: [] }).result;
  return { source: amended, rules: findings.map(({ rule }) => rule) };
};

it.each([
  [
    'a name with underscores',
    'answer(await query({ sql: "SELECT Name FROM US_Ambassadors_to_Chile" }))',
    'answer(await query({ sql: "SELECT Name FROM `US Ambassadors to Chile`" }))',
  ],
  [
    'names without their quotes, in a template',
    "answer(await query({ sql: `SELECT Home team score FROM US Ambassadors to Chile WHERE Home team = 'Home team'` }))",
    "answer(await query({ sql: `SELECT \\`Home team score\\` FROM \\`US Ambassadors to Chile\\` WHERE \\`Home team\\` = 'Home team'` }))",
  ],
  [
    'a template with places to fill in',
    'const of = "A";\nanswer(await query({ sql: `SELECT Name FROM US_Ambassadors_to_Chile WHERE Home_team = \'${of}\' AND Pick # = 1` }))',
    'const of = "A";\nanswer(await query({ sql: `SELECT Name FROM \\`US Ambassadors to Chile\\` WHERE \\`Home team\\` = \'${of}\' AND \\`Pick #\\` = 1` }))',
  ],
  [
    'a name in quotes, but with underscores',
    'const sql = \'SELECT "Power_MW" FROM `US Ambassadors to Chile`\';\nanswer(await query({ sql }))',
    "const sql = 'SELECT `Power ( MW )` FROM `US Ambassadors to Chile`';\nanswer(await query({ sql }))",
  ],
  [
    'a field of a row',
    'const rows = await query({ sql: "SELECT * FROM `US Ambassadors to Chile`" });\nanswer(rows.map((row) => row.Home_team))',
    'const rows = await query({ sql: "SELECT * FROM `US Ambassadors to Chile`" });\nanswer(rows.map((row) => row["Home team"]))',
  ],
  [
    'a name without the sign at its end',
    'const rows = await query({ sql: "SELECT DISTINCT Place FROM `US Ambassadors to Chile` ORDER BY Place" });\nanswer(rows.map((row) => row.Place))',
    'const rows = await query({ sql: "SELECT DISTINCT `Place:` FROM `US Ambassadors to Chile` ORDER BY `Place:`" });\nanswer(rows.map((row) => row["Place:"]))',
  ],
  [
    'a name with the sign at its end, before a bracket',
    'answer(await query({ sql: "WITH x AS (SELECT Name FROM Ships! (a)) SELECT Name FROM Who was who? (b)" }))',
    'answer(await query({ sql: "WITH x AS (SELECT Name FROM `Ships!` (a)) SELECT Name FROM `Who was who?` (b)" }))',
  ],
  [
    'a name without what stands in brackets at its end, and with another dash',
    "answer(await query({ sql: \"SELECT Result F-A FROM `US Ambassadors to Chile` WHERE First aired = 'x' AND First aired (UK) = 'y'\" }))",
    "answer(await query({ sql: \"SELECT `Result F–A` FROM `US Ambassadors to Chile` WHERE `First aired (UK)` = 'x' AND `First aired (UK)` = 'y'\" }))",
  ],
  [
    'the quotes that the tool has',
    'answer(await count({ sql: "SELECT count(*) FROM people WHERE first_name IS NULL" }))',
    'answer(await count({ sql: "SELECT count(*) FROM people WHERE \\"First name\\" IS NULL" }))',
  ],
])('mends %s', (_what, source, mended) => {
  expect(mend(source)).toEqual({ source: mended, rules: expect.arrayContaining(['sql-names']) });
});

it.each([
  [
    'names that have their quotes',
    "answer(await query({ sql: 'SELECT `Home team` FROM `US Ambassadors to Chile` ORDER BY `Pick #`' }))",
  ],
  [
    'one word that is also a word of SQL',
    'answer(await query({ sql: "SELECT Name FROM `US Ambassadors to Chile` ORDER BY Name" }))',
  ],
  [
    'a name that the statement gives',
    'const rows = await query({ sql: "SELECT `Home team` AS home_team FROM `US Ambassadors to Chile`" });\nanswer(rows[0].home_team)',
  ],
  ['a function of the same name', 'answer(await query({ sql: "SELECT Place(Name) FROM `Ships!`" }))'],
  ['texts that are no SQL', 'await note({ text: "Home team: so_long" });\nanswer("US_Ambassadors_to_Chile")'],
])('leaves %s', (_what, source) => {
  expect(mend(source)).toEqual({ source: undefined, rules: [] });
});
