/**
 * Judges a program that has run by the data themselves: a list that holds no such text, a number made of half a text, an id
 * where a name is asked for.
 *
 * What a type does not show, the session's data do. They are asked in forks, which are thrown away.
 *
 * @module
 */
import type { DataVariable, Finding, JsonSchema } from '../record/index.ts';
import { withoutComments } from './numbers.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { namesClock } from './review-dates.ts';
import { textsIn, variablesIn } from './source-text.ts';
import {
  accessTo,
  columnsIn,
  conditionOf,
  foundBy,
  optional,
  referencesOf,
  textFieldsIn,
  usedIn,
} from './task-columns.ts';
import { type VariationCase, valueIn } from './variations.ts';

export interface ValuesCase extends Omit<VariationCase, 'resultOf'> {
  /** Of the answer that is asked for. */
  schema: JsonSchema | undefined;
}

/** The findings of all rules that ask the data. */
export async function valueFindings(values: ValuesCase): Promise<Finding[]> {
  const code = withoutComments(values.code);
  const used = usedIn(code, values.data);
  const findings = [
    values.on('text-unheld') ? await unheldInLists(values, code, used) : undefined,
    values.on('number-cut') ? await cutNumber(values, code) : undefined,
    values.on('answer-is-reference') ? await referenceFinding(values, code, used) : undefined,
  ];
  return findings.filter((finding) => finding !== undefined);
}

const IN_LIST =
  /(?:\.([\p{L}\p{N}_$]+)|\[["']([^"'\n]+)["']\])\??\.includes\(\s*("[^"\\\n]*"|'[^'\\\n]*'|`[^`\\\n$]*`)\s*\)/gu;

/** `row.ingredients.includes("onions")`, where the lists have "2 onions": `includes` of a list is true of a whole text alone. */
async function unheldInLists(
  { session, now }: ValuesCase,
  code: string,
  used: readonly DataVariable[],
): Promise<Finding | undefined> {
  for (const [, dotted, bracketed = '', quoted = ''] of code.matchAll(IN_LIST)) {
    const field = dotted ?? bracketed;
    const [text = ''] = textsIn(quoted);
    const tables = used.filter(({ type }) => listFields(type).includes(field));
    if (tables.length === 0 || text === '') continue;
    const cells = `[${tables.map(({ name }) => name).join(', ')}].flat().flatMap((row) => row${accessTo(field)} ?? [])`;
    const lower = JSON.stringify(text.toLowerCase());
    const isPart = `all.some((one) => String(one).toLowerCase().includes(${lower}))`;
    const kind = `((all) => (all.includes(${quoted}) ? 'whole' : ${isPart} ? 'part' : 'none'))(${cells})`;
    const held = await valueIn(session, kind, now);
    if (held !== 'part' && held !== 'none') continue;
    const message = `No \`${field}\` has a text that is ${JSON.stringify(text)}${held === 'part' ? '; some have it as a part' : ''}.`;
    const part = conditionOf(`row${accessTo(field)}`, { text, part: true, list: true }, false);
    return { rule: 'text-unheld', severity: 'warn', message, ...(held === 'part' && { remedy: `Use \`${part}\`.` }) };
  }
  return undefined;
}

/** Fields that hold lists of texts. */
const listFields = (type: string): string[] => columnsIn(type, String.raw`string\[\]`).map(({ field }) => field);

const MAKES_NUMBERS = /\bparse(?:Float|Int)\s*\(/;
const CUT_CHARS = 30;

/** Remembers the first text of which a number is made though it goes on with another. Not a date: its year may be meant. */
const WATCHED = `{
  const watch = (name) => {
    const make = globalThis[name];
    globalThis[name] = (text, ...more) => {
      const number = make(text, ...more);
      const [, rest = ''] = /^\\s*[+-]?(?:\\d+\\.?\\d*|\\.\\d+)([^]*)$/.exec(typeof text === 'string' ? text : '') ?? [];
      if (/\\d/.test(rest) && !/^\\d{4}-\\d\\d/.test(text)) globalThis.poactCut ??= text;
      return number;
    };
  };
  watch('parseFloat');
  watch('parseInt');
}`;

/** `parseFloat("06:30-12:30")` is 6: what comes after the first number is lost without a word. */
async function cutNumber({ session, code: source, now, task }: ValuesCase, code: string): Promise<Finding | undefined> {
  if (!MAKES_NUMBERS.test(code)) return undefined;
  const fork = await session.fork();
  try {
    if ((await fork.start({ source: WATCHED, now })).state !== 'done') return undefined;
    if ((await fork.start({ source, now })).state !== 'done') return undefined;
    const cut = await valueIn(fork, 'globalThis.poactCut ?? null', now);
    if (typeof cut !== 'string' || (isTimeOfDay(cut) && namesClock(task))) return undefined;
    const shown = JSON.stringify(cut.slice(0, CUT_CHARS));
    const message = `A number is made of ${shown}, which holds more than one number: the rest of it is lost.`;
    return { rule: 'number-cut', severity: 'warn', message, remedy: takenApart(cut) };
  } finally {
    fork.close();
  }
}

/** The hour of such a text is its first number. */
const isTimeOfDay = (text: string) => /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(text);

/** How a text of several numbers is read. */
function takenApart(text: string): string {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return "Leave the commas out first: `.replaceAll(',', '')`.";
  if (/^\d+(?::\d\d)+$/.test(text))
    return "Take its parts together: `text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)`.";
  return 'Take it apart first.';
}

/** An id, where the program never looks at the rows that it names, which have texts of their own, and the task asks for no id. */
async function referenceFinding(
  { session, now, task, data, schema, result }: ValuesCase,
  code: string,
  used: readonly DataVariable[],
): Promise<Finding | undefined> {
  const given = (Array.isArray(result) ? result : [result]).filter((one) => typeof one === 'string');
  const type = schema?.type === 'array' ? (schema.items as JsonSchema | undefined)?.type : schema?.type;
  if (given.length === 0 || type !== 'string') return undefined;
  const names = variablesIn(code);
  const words = new Set(stemsOf(task));
  for (const reference of referencesOf(used)) {
    const { variable, of } = reference;
    const target = data.get(variable);
    if (of === undefined || target === undefined || names.has(variable)) continue;
    if (ASKS_ID.test(task) || stemsOf(of).some((word) => words.has(word))) continue;
    const own = textFieldsIn(target.type).filter((one) => one !== of);
    const meant = own.find((one) => stemsOf(one).some((word) => words.has(word))) ?? own.find((one) => NAME.test(one));
    if (meant === undefined) continue;
    const isOne = `${JSON.stringify(given)}.every((text) => ${variable}.some((row) => row${accessTo(of)} === text))`;
    if ((await valueIn(session, isOne, now)) !== true) continue;
    const message = `The result is the \`${of}\` of \`${variable}\`, ${JSON.stringify(given[0])}, and the task asks for something else of them.`;
    const remedy = `Take \`${foundBy(reference, 'id')}${optional(meant)}\`.`;
    return { rule: 'answer-is-reference', severity: 'warn', message, remedy };
  }
  return undefined;
}

const NAME = /name|title|label/i;
const ASKS_ID = /\b(?:ids?|codes?|numbers?)\b/i;
