/**
 * Runs a program once more on data that were varied in a way that must not change its result.
 *
 * The type checker does not see that a program took rows as if they were sorted, and programs that make the same mistake
 * agree in a vote. Such tests are called metamorphic: the right result need not be known, only that it must stay the same.
 *
 * @module
 */
import { canonicalJson, type DataVariable, type Finding, type Json } from '../record/index.ts';
import type { Session, Turn } from '../sandbox/index.ts';
import { comparedWith, comparisonsIn } from './compared.ts';
import { withoutComments } from './numbers.ts';
import { wordsOf as stemsOf } from './rank.ts';
import type { RuleName } from './rules.ts';
import { namesIn } from './source-text.ts';
import { accessTo, columnsIn, fieldNamesIn, isDenied, isLeftOut, textFieldsIn } from './task-columns.ts';
import { keyOf } from './vote-key.ts';

export interface VariationCase {
  code: string;
  /** What `Date` told it. */
  now: number;
  task: string;
  data: ReadonlyMap<string, DataVariable>;
  /** The session as it was before the program; it is left as it is. */
  session: Session;
  /** What the program gave. */
  result: Json;
  /** What a turn of it gives. */
  resultOf(turn: Turn): Json | undefined;
  on(rule: RuleName): boolean;
}

/** What a result hangs on that it must not: the order of rows that are in no order, rows that the task leaves out, a text that no row has. */
export async function variationFindings(parts: VariationCase): Promise<Finding[]> {
  const names = fieldNamesIn(withoutComments(parts.code));
  const named = [...parts.data.values()].filter(({ name }) => names.has(name));
  const findings = [
    parts.on('order-dependent') ? await orderFinding(parts, named) : undefined,
    parts.on('blank-counted') ? await blankFinding(parts, named.filter(isTable), names) : undefined,
    parts.on('text-unheld') ? await unheldFinding(parts, named.filter(isTable)) : undefined,
  ];
  return findings.filter((finding) => finding !== undefined);
}

/** So many orders are tried: one of few rows may leave the first and the last where they were. */
const ORDERS = [1, 2, 3];

const STEP = '(?:hour|day|night|week|month|quarter|year|row|line|entry|item|one|order|game|reading|visit)s?';
/** A task that is about the order in which rows stand: "in the week before", "three in a row", "the last song on the list". */
const ABOUT_ORDER = new RegExp(
  [
    String.raw`\b(?:consecutive(?:ly)?|in a row|in succession|successive|streaks?|running total|so far)\b`,
    String.raw`\b${STEP} (?:before|earlier)\b(?! \d|\s+\p{Lu})`,
    String.raw`\b(?:previous|preceding|next|following) ${STEP}\b`,
    String.raw`\b(?:first|last|next|second|third) (?:\p{L}+ )?(?:in|on|of|from) the (?:list|table|file|column|sequence|queue|playlist|program(?:me)?|schedule)\b`,
    String.raw`\b(?:week|day|month|year|row) (?:by|after|over|to|on) (?:week|day|month|year|row)\b`,
  ].join('|'),
  'iu',
);

async function orderFinding(parts: VariationCase, data: readonly DataVariable[]): Promise<Finding | undefined> {
  // Rows that are said to be in no order are to be sorted first, whatever is asked.
  const counts = ABOUT_ORDER.test(parts.task);
  const tables = data.filter((one) => isTable(one) && !inOrder(one) && !(counts && !isUnordered(one)));
  const objects = data.filter(isObject);
  if (tables.length + objects.length === 0) return undefined;
  for (const seed of ORDERS) {
    if (!(await changes(parts, shuffling(tables, objects, seed)))) continue;
    const names = [...tables, ...objects].map(({ name }) => `\`${name}\``).join(' and ');
    return {
      rule: 'order-dependent',
      severity: 'warn',
      message: `The result changes when ${names} stand${tables.length + objects.length > 1 ? '' : 's'} in another order: nothing is sorted there, or several tie.`,
      remedy: firstAlone(parts.code, tables) ?? 'Sort first, or compare all of them.',
    };
  }
  return undefined;
}

/** `groups[0].members`: one of several is looked at. */
function firstAlone(code: string, tables: readonly DataVariable[]): string | undefined {
  const one = tables.find(({ name }) => namesIn(code).has(name) && code.includes(`${name}[0]`));
  return one && `Go through all of \`${one.name}\`: \`${one.name}[0]\` is one of ${one.rows}.`;
}

const isTable = ({ rows = 0 }: DataVariable): boolean => rows > 1;
const isObject = ({ type }: DataVariable): boolean => type.startsWith('{') && !type.endsWith('[]');
/** A column of dates that rise or fall: other ones are said to be in no order. Such a table may be read in its order. */
const inOrder = ({ shown = '' }: DataVariable): boolean => /" to "[^"]*" \*\//.test(shown);

const isUnordered = ({ shown = '' }: DataVariable): boolean => /, in no order \*\//.test(shown);

/**
 * Swaps rows, and an object's keys, by a linear congruential generator, so that the same seed gives the same order
 * everywhere.
 */
const shuffling = (tables: readonly DataVariable[], objects: readonly DataVariable[], seed: number): string => `{
  let state = ${seed};
  const shuffle = (list) => {
    for (let at = list.length - 1; at > 0; at--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const other = Math.floor((state / 2 ** 32) * (at + 1));
      [list[at], list[other]] = [list[other], list[at]];
    }
    return list;
  };
  for (const rows of [${namesOf(tables)}]) shuffle(rows);
  for (const object of [${namesOf(objects)}]) {
    const entries = shuffle(Object.entries(object));
    for (const [key] of entries) delete object[key];
    Object.assign(object, Object.fromEntries(entries));
  }
}`;

const namesOf = (data: readonly DataVariable[]): string => data.map(({ name }) => name).join(', ');

/** Words with which a task says that rows without a value do not count. */
const LEFT_OUT =
  /\b(?:(?:leav(?:e|es|ing)|left) out|ignor(?:e|es|ing)|skip(?:s|ping)?|exclud(?:e|es|ing)|disregard\w*|(?:do|does|don['’]t|doesn['’]t)(?: not)? count)\b/i;

/** The task leaves out rows without a value; one more of them must change nothing. */
async function blankFinding(
  parts: VariationCase,
  tables: readonly DataVariable[],
  names: ReadonlySet<string>,
): Promise<Finding | undefined> {
  if (!LEFT_OUT.test(parts.task)) return undefined;
  for (const { name, type, named } of tables) {
    for (const field of blankFields(type)) {
      if (!areLeftOut(field, named, parts.task)) continue;
      if (!names.has(field) || !(await changes(parts, oneMoreBlank(name, field)))) continue;
      return {
        rule: 'blank-counted',
        severity: 'warn',
        message: `The result changes when \`${name}\` holds one more row without \`${field}\`; the task leaves rows out.`,
        remedy: `Take the rows that have \`${field}\` first, and use only them.`,
      };
    }
  }
  return undefined;
}

/** Fields of a row that may be null or missing. */
const blankFields = (type: string): string[] =>
  columnsIn(type, '([^;{}]*)')
    .filter(({ isOptional, said: [its = ''] }) => isOptional || /\bnull\b/.test(its))
    .map(({ field }) => field);

const BLANK = /\b(?:no|none|without|empty|blanks?|missing|lack(?:s|ing)?|null|unknown|not|nothing)\b/i;

/** "No email", "without a known price", "whose price is missing". */
const LACKS =
  /\b(?:no|without|missing|lack(?:s|ing)?|empty|blank|unknown|not have|n['’]t have)\s+(?:\p{L}+\s+){0,2}$/iu;
const IS_LACKING = /^\s+(?:is|are|was|were)\s+(?:missing|empty|blank|unknown|null|not (?:known|given|set))\b/i;

/** Rows without the field are those that the task leaves out; not where it asks for them, or leaves out what has another text. */
function areLeftOut(field: string, named: DataVariable['named'] = [], task: string): boolean {
  const its = new Set(stemsOf(field));
  const clauses = task.split(/[.,;:?!\n]/);
  const asksFor = (clause: string) =>
    [...clause.matchAll(/[\p{L}\p{N}]+/gu)].some(
      ({ 0: word, index }) =>
        stemsOf(word).some((stem) => its.has(stem)) &&
        (LACKS.test(clause.slice(0, index)) || IS_LACKING.test(clause.slice(index + word.length))),
    );
  if (clauses.some((clause) => !LEFT_OUT.test(clause) && asksFor(clause))) return false;
  const out = clauses.filter((clause) => LEFT_OUT.test(clause)).join('. ');
  const lacks = BLANK.test(out.replace(/\b(?:do|does)(?: not|n['’]t) count\b/gi, ' '));
  return lacks || !named.some(({ text }) => isLeftOut(text, out));
}

/** Behind the row that it is a copy of, so that rows in order stay so. */
const oneMoreBlank = (table: string, field: string): string => `{
  const at = ${table}.findIndex((row) => (row${accessTo(field)} ?? null) === null);
  if (at >= 0) ${table}.splice(at + 1, 0, { ...${table}[at] });
}`;

/** A comparison with a text that no row of the tables has: it keeps none, or all. */
async function unheldFinding(
  { session, code, now, task }: VariationCase,
  tables: readonly DataVariable[],
): Promise<Finding | undefined> {
  const columns = tables.flatMap(({ name, type }) => textFieldsIn(type).map((field) => ({ name, field })));
  for (const compared of comparisonsIn(code)) {
    const { field, text, isOther } = compared;
    const its = columns.filter((column) => column.field === field);
    if (its.length === 0 || text === '') continue;
    const meets = comparedWith(`row${accessTo(field)}`, compared);
    const isHeld = its.map(({ name }) => `${name}.some((row) => ${meets})`).join(' || ');
    if ((await valueIn(session, isHeld, now)) !== false) continue;
    // None is cancelled: leaving out those that are leaves out none. Where the text is a part of others, that was meant.
    const isPart = its.map(({ name }) => holdsPart(name, field, text)).join(' || ');
    if (isOther && isDenied(text, task) && (await valueIn(session, isPart, now)) !== true) continue;
    const others = columns.filter(({ name }) => its.some((one) => one.name === name));
    const message = `No row has ${JSON.stringify(text)} as \`${field}\`.`;
    const remedy = await unheldRemedy(text, field, others, (source) => valueIn(session, source, now));
    return { rule: 'text-unheld', severity: 'warn', message, ...(remedy !== undefined && { remedy }) };
  }
  return undefined;
}

/** The condition that a text is a part of a row's field, in any case. */
const hasPart = (field: string, text: string): string =>
  `row${accessTo(field)}.toLowerCase().includes(${JSON.stringify(text.toLowerCase())})`;

/** Says, as an expression, whether a text is a part of what a column has. */
const holdsPart = (table: string, field: string, text: string): string =>
  `${table}.some((row) => typeof row${accessTo(field)} === 'string' && ${hasPart(field, text)})`;

/** Where the text is a part of what a column has; or what it says in the words of the task: "no reminder". */
async function unheldRemedy(
  text: string,
  field: string,
  columns: readonly { name: string; field: string }[],
  evaluate: (source: string) => Promise<Json | undefined>,
): Promise<string | undefined> {
  // The column that was compared first: a part of it was meant.
  for (const column of columns.toSorted((one, other) => Number(other.field === field) - Number(one.field === field))) {
    if ((await evaluate(holdsPart(column.name, column.field, text))) === true)
      return `Use \`${hasPart(column.field, text)}\`.`;
  }
  const [, what] = /^(?:no|not) (.+)/i.exec(text) ?? [];
  if (what === undefined) return undefined;
  return `Say it with a condition: \`!${hasPart(field, what)}\`.`;
}

/** What an expression gives in a session, which it leaves as it was. */
export async function valueIn(session: Session, source: string, now: number): Promise<Json | undefined> {
  const fork = await session.fork();
  try {
    const turn = await fork.start({ source, now });
    return turn.state === 'done' ? turn.value?.json : undefined;
  } finally {
    fork.close();
  }
}

/** Whether the program gives another result after `change` ran. One that fails then, or waits, says nothing. */
async function changes({ session, code, now, result, resultOf }: VariationCase, change: string): Promise<boolean> {
  const fork = await session.fork();
  try {
    const changed = await fork.start({ source: change, now });
    if (changed.state !== 'done') return false;
    const turn = await fork.start({ source: code, now });
    const again = turn.state === 'done' ? resultOf(turn) : undefined;
    return again !== undefined && orderless(again) !== orderless(result);
  } finally {
    fork.close();
  }
}

/** A list may follow the order of the rows, and so may the words of a text. */
function orderless(value: Json): string {
  if (Array.isArray(value)) return value.map(orderless).sort().join('\n');
  if (typeof value === 'string') return keyOf((value.match(/[^\s,;]+/g) ?? []).sort().join(' '));
  if (value === null || typeof value !== 'object') return keyOf(value);
  return canonicalJson(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, orderless(inner)])));
}
