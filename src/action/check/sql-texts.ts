/**
 * Texts within SQL: in double quotes, as MySQL has them, and with an apostrophe that ends them (`'Men's'`).
 *
 * Standard SQL takes what stands in double quotes for a name, and the database then says that there is no such column. A small
 * model reads that the column is wrong, and writes the same statement again.
 *
 * @module
 */
import type { Compiled } from './compile.ts';
import { eachNode } from './nodes.ts';
import { amend, type Report } from './rule.ts';
import { isStatement, mendedStatement, SQL_WORDS, sqlComments } from './sql-statement.ts';

const TOKEN = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|`[^`]*`/g;
const NAME_IN_QUOTES = /(`|")((?:(?!\1)[^\n]){1,200})\1/g;
/** A value follows. */
const VALUE_NEXT = /(?:[=<>]|\b(?:like|glob|then|else))\s*$/i;
/** A list of values was opened. */
const LIST_OPEN = /(?:\bvalues|\bin|\)\s*,)\s*\([^()]*$/i;
/** An apostrophe within a word. The word before it is looked at, too: `LIKE'a%'` and `x'00'` are none. */
const WITHIN = /(\p{L}+)'(?=(\p{L}+))/gu;
const PREFIXES = new Set(['x', 'n', 'e', 'b']);
/** What stands in the quotes of names, in which an apostrophe is one. */
const NAMES = /("[^"]*"|`[^`]*`)/;

/** Writes texts in SQL as SQL has them. */
export function sqlTexts(compiled: Compiled, report: Report): void {
  let names: ReadonlySet<string> | undefined;
  eachNode(compiled, (node) => {
    if (!isStatement(node)) return;
    const edits = mendedStatement(node, (sql) => {
      if (!/["']/.test(sql)) return sql;
      names ??= namesIn(compiled);
      return textsMended(sql, names);
    });
    if (edits.length > 0)
      amend(report, 'sql-texts', node, 'A text in SQL stands in single quotes, an apostrophe in it twice.', edits);
  });
}

/** What descriptions of tools and types of data name: in double quotes it may be meant. */
function namesIn({ tools, data }: Compiled): ReadonlySet<string> {
  const said = sqlComments(tools.file.text).flatMap((comment) => [...comment.matchAll(NAME_IN_QUOTES)]);
  const fields = data.file.text.matchAll(/"([^"\n]+)"|[\p{L}_$][\p{L}\p{N}_$]*/gu);
  return new Set(
    [...said.map(([, , name = '']) => name), ...[...fields].map(([word, name = word]) => name)].map(lower),
  );
}

const lower = (text: string) => text.toLowerCase();

function doubled(found: string, before: string, after: string): string {
  const isQuote = [before, after].some((word) => SQL_WORDS.has(lower(word))) || PREFIXES.has(lower(before));
  return isQuote ? found : `${before}''`;
}

function textsMended(statement: string, names: ReadonlySet<string>): string {
  const sql = statement
    .split(NAMES)
    .map((piece, at) => (at % 2 === 0 ? piece.replace(WITHIN, doubled) : piece))
    .join('');
  let before = '';
  let end = 0;
  let mended = '';
  for (const match of sql.matchAll(TOKEN)) {
    const between = sql.slice(end, match.index);
    before += between;
    mended += between;
    const [token, text] = match;
    const isText = text !== undefined && !names.has(lower(text)) && (VALUE_NEXT.test(before) || LIST_OPEN.test(before));
    mended += isText ? `'${text.replaceAll('""', '"').replace(/(?<!')'(?!')/g, "''")}'` : token;
    // What stands in quotes opens and closes nothing.
    before += '?';
    end = match.index + token.length;
  }
  return mended + sql.slice(end);
}
