/**
 * Names in SQL: a statement that says `US_Ambassadors`, or the words without quotes, where the tool's description has `US Ambassadors` in quotes.
 *
 * A small model reads a quoted name and writes it as it would name a variable. The statement stands in a text, where no compiler
 * looks, and the database's answer does not help it.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import { eachNode } from './nodes.ts';
import { amend, type Report } from './rule.ts';
import { isStatement, piecesOf, SQL_WORDS, sqlComments } from './sql-statement.ts';

/** A name as a description has it, and what else is taken for it. */
interface QuotedName {
  name: string;
  quote: string;
  /** Its words alone, in small letters. */
  plain: string;
  /** Matches it where it stands without quotes. */
  bare: string;
}

const QUOTED_NAME = /(`|")((?:(?!\1)[^\n]){1,200})\1/g;
/** Texts and names in quotes, within the source of a literal: a quote may be escaped. */
const QUOTED = /\\?(['"`])(?:(?!\\?\1)[\s\S])*\\?\1/g;
const WORDS = /[\p{L}\p{N}]+/gu;
/** What may stand between the words of a name that lost its quotes. */
const BETWEEN = '[\\s_()./#%&–—-]*';

/** Writes names in SQL as the tools' descriptions have them. */
export function sqlNames(compiled: Compiled, report: Report): void {
  const known = namesOf(compiled.tools.file);
  if (known === undefined) return;
  const { names } = known;
  const aliases = new Set<string>();
  eachNode(compiled, (node) => {
    if (!isStatement(node)) return;
    for (const [, alias = ''] of node.getText().matchAll(/\bas\s+(\w+)/gi)) aliases.add(alias);
    const wrong = new Set<string>();
    const edits = piecesOf(node).flatMap((piece) => {
      const text = piece.getText();
      const mended = withQuotes(text, known, wrong);
      return mended === text ? [] : [{ at: piece.getStart(), length: text.length, text: mended }];
    });
    if (edits.length === 0) return;
    const said = [...wrong].slice(0, 3).join(', ');
    amend(report, 'sql-names', node, `The statement names ${said} in another way than the tool.`, edits);
  });
  eachNode(compiled, (node) => {
    if (!ts.isPropertyAccessExpression(node) || aliases.has(node.name.text)) return;
    const meant = names.find(({ plain }) => plain === plainOf(node.name.text));
    if (
      meant === undefined ||
      compiled.checker.getPropertyOfType(compiled.checker.getTypeAtLocation(node.expression), node.name.text)
    )
      return;
    const at = node.expression.end;
    const text = `${node.questionDotToken === undefined ? '' : '?.'}[${JSON.stringify(meant.name)}]`;
    const message = `A row has \`${meant.name}\`, not \`${node.name.text}\`.`;
    amend(report, 'sql-names', node.name, message, [{ at, length: node.end - at, text }]);
  });
}

const plainOf = (name: string) => (name.match(WORDS) ?? []).join(' ').toLowerCase();
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** What the descriptions of tools name. */
interface Known {
  names: readonly QuotedName[];
  /** One of them without its quotes, each in a group of its own. */
  any: RegExp;
}

/** By the file of tools, which is the same for each program of a run. */
const knownNames = new WeakMap<ts.SourceFile, Known | undefined>();

function namesOf(tools: ts.SourceFile): Known | undefined {
  if (knownNames.has(tools)) return knownNames.get(tools);
  const names = namesIn(tools.text);
  const groups = names.map(({ bare }) => `(${bare})`).join('|');
  const any = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${groups})(?![\\p{L}\\p{N}_])`, 'giu');
  const known = names.length === 0 ? undefined : { names, any };
  knownNames.set(tools, known);
  return known;
}

/** Names with more than word characters that the description of a tool for SQL has in quotes, the longest first. */
function namesIn(declarations: string): QuotedName[] {
  const found = new Map<string, QuotedName>();
  for (const comment of sqlComments(declarations)) {
    for (const [, quote = '', name = ''] of comment.matchAll(QUOTED_NAME)) {
      const words = name.match(WORDS) ?? [];
      const [, end = ''] = /([^\p{L}\p{N}\s]+)\s*$/u.exec(name) ?? [];
      if (words.length === 0 || !/\W/.test(name) || (words.length === 1 && end === '')) continue;
      const tail = end === '' ? '' : `\\s*${escaped(end)}`;
      // What stands in brackets at its end is often left out: `Airdate (UK)`.
      const most = name.replace(/\s*[([][^()[\]]*[)\]]\s*$/, '').match(WORDS) ?? [];
      const rest = most.length > 1 && most.length < words.length ? words.slice(most.length) : [];
      const said = words.slice(0, words.length - rest.length).join(BETWEEN);
      const aside = rest.length === 0 ? '' : `(?:${BETWEEN}${rest.join(BETWEEN)})?`;
      const bare = said + aside + (words.length > 1 && tail !== '' ? `(?:${tail})?` : endOf(words, tail));
      found.set(name, { name, quote, plain: plainOf(name), bare });
    }
  }
  const names = [...found.values()].sort((one, other) => other.name.length - one.name.length);
  // Two names of the same words cannot be told apart.
  return names.filter(({ plain }) => names.filter((other) => other.plain === plain).length === 1);
}

/** One word may lack the sign at its end, unless it means something in SQL, or a bracket makes a function of it. */
const endOf = ([word = '', ...more]: readonly string[], tail: string) =>
  tail === '' || more.length > 0 || SQL_WORDS.has(word.toLowerCase()) ? tail : `(?:${tail}|(?!${tail}|\\s*\\())`;

/** The source of a literal, its names in quotes. */
function withQuotes(source: string, { names, any }: Known, wrong: Set<string>): string {
  const [open = '', inner = '', close = ''] = /^([`'"}])([\s\S]*?)(\$\{|[`'"])$/.exec(source)?.slice(1) ?? [];
  const delimiter = open === '}' || close === '${' ? '`' : open;
  const inQuotes = ({ name, quote }: QuotedName) => {
    const mark = quote === delimiter ? `\\${quote}` : quote;
    return `${mark}${name.replaceAll('\\', '\\\\').replaceAll(delimiter, `\\${delimiter}`)}${mark}`;
  };
  const bareMended = (text: string) =>
    text.replace(any, (written: string, ...groups: unknown[]) => {
      const name = names[groups.findIndex((group) => group !== undefined)];
      const at = groups[names.length] as number;
      // A name that the statement gives.
      if (name === undefined || /\bas\s+$/i.test(text.slice(0, at))) return written;
      wrong.add(written.trim());
      return inQuotes(name);
    });
  let mended = '';
  let end = 0;
  for (const match of inner.matchAll(QUOTED)) {
    const [quoted, mark = ''] = match;
    mended += bareMended(inner.slice(end, match.index));
    end = match.index + quoted.length;
    const written = quoted.replace(/^\\?.|\\?.$/g, '');
    const name = mark === "'" ? undefined : names.find(({ plain }) => plain === plainOf(written));
    if (name !== undefined && name.name !== written) wrong.add(written);
    mended += name === undefined || name.name === written ? quoted : inQuotes(name);
  }
  return `${open}${mended}${bareMended(inner.slice(end))}${close}`;
}
