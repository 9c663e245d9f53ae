/**
 * Values that SQL puts into columns of texts, in another form than the task writes them: `64798` for `64,798`, `7.4` for `7.400`.
 *
 * @module
 */
import type { WrittenValue } from '../written-values.ts';
import type { Compiled } from './compile.ts';
import { eachNode } from './nodes.ts';
import { amend, type Report } from './rule.ts';
import { isStatement, mendedStatement, sqlComments } from './sql-statement.ts';

const ALL_TEXTS = /\ball columns are texts?\b/i;
const CHANGES = /^\s*(?:insert|replace|update)\b/i;
const VALUES = /\bvalues\b|\bset\b/i;
const TOKEN = /'((?:[^']|'')*)'|"(?:[^"]|"")*"|`[^`]*`|\bwhere\b|(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])/gi;
const DATE_OR_NUMBER = /^-?\d+(?:\.\d+)?$|^\d{4}-\d{2}(?:-\d{2})?$/;

/** Writes values as the task does, where a tool says that all columns are texts. */
export function sqlValues(compiled: Compiled, written: readonly WrittenValue[], report: Report): void {
  if (written.length === 0 || !sqlComments(compiled.tools.file.text).some((comment) => ALL_TEXTS.test(comment))) return;
  const forms = new Map(written);
  eachNode(compiled, (node) => {
    if (!isStatement(node)) return;
    const edits = mendedStatement(node, (sql) => (CHANGES.test(sql) ? valuesAsWritten(sql, forms) : sql));
    if (edits.length > 0) amend(report, 'sql-values', node, 'Values are written as the task writes them.', edits);
  });
}

function valuesAsWritten(statement: string, forms: ReadonlyMap<string, string>): string {
  const start = VALUES.exec(statement);
  if (start === null) return statement;
  const from = start.index + start[0].length;
  let within = true;
  const values = statement.slice(from).replace(TOKEN, (token, text?: string) => {
    // What a row is found by is left as it is.
    if (/^where$/i.test(token)) within = false;
    const plain = text ?? token;
    if (!within || !DATE_OR_NUMBER.test(plain)) return token;
    const form = forms.get(/^\d{4}-/.test(plain) ? plain : String(Number(plain)));
    return form === undefined || form === text ? token : `'${form.replaceAll("'", "''")}'`;
  });
  return statement.slice(0, from) + values;
}
