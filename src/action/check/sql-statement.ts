/**
 * Statements of SQL in a program's texts.
 *
 * @module
 */
import ts from 'typescript';
import type { Edit } from './edits.ts';

/** A text that a statement stands in. */
export type Statement = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

const STATEMENT = /^\s*(?:select|insert\s+into|replace\s+into|update|delete\s+from|with)\b/i;
const COMMENT = /\/\*\*[\s\S]*?\*\//g;

export function isStatement(node: ts.Node): node is Statement {
  if (ts.isTemplateExpression(node)) return STATEMENT.test(node.head.text);
  return ts.isStringLiteralLike(node) && STATEMENT.test(node.text);
}

/** The pieces of a text: what stands between the places to fill in. */
export const piecesOf = (node: Statement): readonly ts.LiteralLikeNode[] =>
  ts.isTemplateExpression(node) ? [node.head, ...node.templateSpans.map(({ literal }) => literal)] : [node];

/** The descriptions of tools for SQL. */
export const sqlComments = (declarations: string): string[] =>
  [...declarations.matchAll(COMMENT)].map(([comment]) => comment).filter((comment) => /\bSQL/i.test(comment));

/** Words that mean something in a statement without being a name; `date` and `count` do so only ahead of a bracket. */
export const SQL_WORDS: ReadonlySet<string> = new Set(
  'all and any as asc between by case cast check collate column cross desc distinct else end except exists from full glob group having if in index inner insert intersect into is join key last left like limit not null of offset on or order outer primary references replace right row rows select set table then to union update using values view when where with'.split(
    ' ',
  ),
);

/** Stands for a place to fill in. */
const HOLE = '\u{E000}';

/**
 * The edits that give a statement another text; none where nothing changes. `mend` is given it as the database would get it, with a
 * character of its own for each place to fill in, which it keeps.
 */
export function mendedStatement(node: Statement, mend: (sql: string) => string): Edit[] {
  const pieces = piecesOf(node);
  const cooked = pieces.map(({ text }) => text);
  if (cooked.some((text) => text.includes(HOLE))) return [];
  const mended = mend(cooked.join(HOLE)).split(HOLE);
  if (mended.length !== pieces.length) return [];
  return pieces.flatMap((piece, at) => editedPiece(piece, cooked[at] ?? '', mended[at] ?? ''));
}

/** The piece with another text, in the quotes that it has. */
function editedPiece(piece: ts.LiteralLikeNode, was: string, text: string): Edit[] {
  if (text === was) return [];
  const source = piece.getText();
  const [open = ''] = source;
  const close = /(?:\$\{|[`'"])$/.exec(source)?.[0] ?? '';
  const quote = /['"]/.test(open) ? open : '`';
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
  const inner =
    quote === '`' ? escaped.replaceAll('${', '\\${') : escaped.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return [{ at: piece.getStart(), length: source.length, text: `${open}${inner}${close}` }];
}
