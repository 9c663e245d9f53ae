/**
 * Judges how a program finds who has most in all, or the highest average: the rows of each are added up before any is compared. Small
 * models compare the rows.
 *
 * @module
 */
import { escaped } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { comparisonsIn } from './compared.ts';
import { askedFor, type GroupsCase, groupField, howToRank, isAdded, isAveraged, listsIn } from './how-to-rank.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { callsAnswer } from './source-text.ts';
import { fieldsIn, holdsShare, referencesOf, textFieldsIn } from './task-columns.ts';

/** Something is kept for each of several: a map, an object by a field, the rows of one after another. */
const GROUPED =
  /groupBy|\bnew Map\b|\.set\(|\[[^\]\n]*\.[\p{L}_$][\w$]*\]|\[[\w$.]+\[["'][^"'\n]+["']\]\]|\[[a-z]\w*\]\s*(?:=|\+=|\?\?|\|\|)/u;

/** A field that holds a number of others: `total_eur`, `number of pupils`. Not `country`, and not the `number` of a room. */
const holdsTotal = (field: string): boolean =>
  stemsOf(field).some(
    (word, at, all) => /^(?:total|sum|count)$/.test(word) || (word === 'number' && at < all.length - 1),
  );

/** What the most, or the highest average, is asked of is added up for each, unless the data hold it: the largest row is something else. */
export function groupsNotAdded(groups: GroupsCase): Finding[] {
  const { code, used, task } = groups;
  const averaged = isAveraged(task);
  if (!callsAnswer(code) || !(averaged || isAdded(task)) || /\bsingle\b/i.test(task)) return [];
  if (keepsGroups(groups) || used.some((table) => usesList(code, table) || isOneEach(table, used, task))) return [];
  const holds = averaged ? holdsShare : holdsTotal;
  if (used.some(({ type }) => fieldsIn(type).some(holds))) return [];
  const what = averaged ? 'highest average of several' : 'most in all';
  const message = `The task asks for the ${what}, and the program keeps nothing for each of them.`;
  const remedy = howToRank(groups) ?? 'First add up the rows of each, then compare.';
  return [{ rule: 'groups-not-added', severity: 'warn', message, remedy }];
}

/** "Which planet", of `planets`: each row is one, where no column of the data says of which planet a row is. */
function isOneEach(table: DataVariable, used: readonly DataVariable[], task: string): boolean {
  const [asked] = askedFor(task).words;
  if (asked === undefined || stemsOf(table.name).at(-1) !== asked) return false;
  const isNamed = referencesOf(used).some(({ variable, from }) => variable === table.name && from !== variable);
  return !isNamed && used.every((one) => groupField(one, task) === undefined);
}

/** The rows of one at a time are looked at: by a map, or where a column of texts is compared with what varies. */
function keepsGroups({ code, used, task }: GroupsCase): boolean {
  if (GROUPED.test(code)) return true;
  const texts = new Set(used.flatMap(({ type }) => textFieldsIn(type)));
  const own = withoutJoins(code, used);
  const fields = [...texts, ...calledAs(own, texts)];
  if (fields.some((field) => isComparedWithVarying(own, field))) return true;
  const by = used.map((table) => groupField(table, task)).filter((field) => field !== undefined);
  return countsEach(code, by.length > 0 ? by : [...texts]);
}

/** Looking for the one row that another names puts no rows together: `prices.find((one) => one.item === order.item)`. */
const withoutJoins = (code: string, used: readonly DataVariable[]): string =>
  used.reduce(
    (left, { name }) =>
      left.replace(
        new RegExp(`(?<![\\w$.])${name}\\??\\.(?:find|findIndex|some)\\([^=]*=>[^;\\n]*?===?[^;\\n]*?\\)`, 'g'),
        ' ',
      ),
    code,
  );

/** Names that a program gives to texts of the columns: `{ key: row.who }`, `const who = row.who`. */
const calledAs = (code: string, texts: ReadonlySet<string>): string[] =>
  [
    ...code.matchAll(/(?<![\w$.])([\p{L}_$][\w$]{0,60})\s*[:=]\s*[\p{L}_$][\w$]*\.([\p{L}_$][\w$]*)(?![\w$(.])/gu),
  ].flatMap(([, name = '', field = '']) => (texts.has(field) ? [name] : []));

/** `row.who === who`, `name === row["Cost Centre"]`, `({ who }) => who === name`. */
function isComparedWithVarying(code: string, field: string): boolean {
  const name = escaped(field);
  const read = `(?:\\.${name}|\\["${name}"\\]|\\['${name}'\\])`;
  const varying = '(?!(?:null|undefined|true|false|typeof)\\b)[\\p{L}_$]';
  return [
    `(?:${read}|(?<![\\w$.'"])${name})\\s*===?\\s*${varying}`,
    `[\\p{L}\\p{N}_$\\])]\\s*===?\\s*[\\p{L}_$][\\w$.]{0,60}${read}(?![\\w$.(])`,
  ].some((form) => new RegExp(form, 'u').test(code));
}

const FEWEST_GROUPS = 2;

/** Texts of the column one by one: `if (row.who === "Ann") ann += row.hours; else if (row.who === "Bo") …`. */
const countsEach = (code: string, fields: readonly string[]): boolean =>
  fields.some((field) => {
    const texts = comparisonsIn(code).filter((one) => one.field === field && !one.isOther);
    return (
      new Set(texts.map(({ text }) => text)).size >= FEWEST_GROUPS ||
      new RegExp(`switch\\s*\\([^)\\n]*\\b${field}\\b`).test(code)
    );
  });

/** Rows that hold lists are groups already: `school.pupils.length`, `for (const pupil of school.pupils)`. */
const usesList = (code: string, table: DataVariable): boolean =>
  listsIn(table).some(({ field }) => new RegExp(`\\.${field}\\b`).test(code));
