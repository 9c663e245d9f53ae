/**
 * Chooses what a step may use, and says it as text.
 *
 * All tools when they are few; else the best by words, those that were used, and those that were named. What is chosen
 * stands in the order in which the tools were given, so that the text stays the same from step to step while the set does.
 *
 * @module
 */

import { docText, writtenDates } from '../environment/index.ts';
import {
  type ActionSpace,
  type DataVariable,
  type JsonSchema,
  type RunEvent,
  requirePositive,
} from '../record/index.ts';
import type { ActionController } from './action.ts';
import { briefTools, declareTools } from './declare.ts';
import { askedSchema, type History, history, taskText } from './history.ts';
import { type Ranker, rankTools } from './rank.ts';
import { dataFor } from './rank-data.ts';
import { schemaToType } from './schema-to-type.ts';
import { shownDoc, shownType } from './shown-type.ts';
import { namesIn as wordsLikeNames } from './source-text.ts';
import { hasSqlWord, rowsAsTable } from './sql-data.ts';
import type { NamedTool } from './tool.ts';

export interface SelectOptions {
  /** Most tools whose declarations a step is given; when there are no more, all are. @default 12 */
  most?: number;
  /** Most tools whose names a step that thinks is given. @default 36, at least `most` */
  mostNames?: number;
  /** Longest text of data declarations, in characters; what is more is named only. @default 6_000 */
  dataChars?: number;
}

/** Longest doc of a data variable, in characters. */
const DOC_CHARS = 600;
/** Longest name of a file beside a variable that is only named. */
const SOURCE_CHARS = 80;

/** What is said of one choice. */
interface Said {
  text: string;
  schemas: ActionSpace['schemas'];
  names: string[];
}

/** Longest type of an answer that is written out. */
const ANSWER_CHARS = 300;

/** What a program may use beside the tools: `answer`, which takes what the task asks for. */
function guestWords(schema: JsonSchema | undefined): string {
  const { type, declarations } = schemaToType(schema ?? {}, { side: 'input', prefix: 'Answer' });
  const takes = type.length > ANSWER_CHARS || declarations.length > 0 ? 'unknown' : type;
  return `/** Gives the final answer. */\ndeclare function answer(value: ${takes}): void;`;
}

/** Builds `select` over some tools. */
export function selector(
  tools: readonly NamedTool[],
  format: ActionSpace['format'],
  options: SelectOptions = {},
): ActionController['select'] {
  const { most = 12, dataChars = 6_000 } = options;
  const { mostNames = Math.max(36, most) } = options;
  requirePositive({ most, mostNames, dataChars });
  const places = new Map(tools.map((tool, place) => [tool.name, place]));
  /** By the run's data, then by what was chosen: the declarations are written once. */
  const said = new WeakMap<History['data'], ReturnType<typeof newCache<Said>>>();
  const cacheOf = ({ data }: History) => {
    const found = said.get(data) ?? newCache<Said>();
    said.set(data, found);
    return found;
  };
  let ranker: Ranker | undefined;

  const choose = (purpose: 'think' | 'act', need: string | undefined, past: History) => {
    const room = (purpose === 'act' ? most : mostNames) * (1 + past.needs.length);
    if (tools.length <= room) return { chosen: tools };
    ranker ??= rankTools(tools);
    const query = [need ?? `${taskText(past)}\n${past.thought ?? ''}`, ...past.needs].join('\n');
    const ranked = ranker(query);
    const scores = new Map(ranked.map(({ tool, score }) => [tool.name, score]));
    const kept = new Set(
      [...past.used, ...namesIn(`${query}\n${lastCode(past)}`, places)].filter((name) => places.has(name)),
    );
    for (const { tool, score } of ranked) {
      if (kept.size >= room || (score === 0 && kept.size > 0)) break;
      kept.add(tool.name);
    }
    const chosen = tools.filter(({ name }) => kept.has(name));
    return { chosen, scores: chosen.map(({ name }) => Number((scores.get(name) ?? 0).toFixed(4))) };
  };

  return (run, purpose, need) => {
    const past = run.view.project(history);
    const { chosen, scores } = choose(purpose, need, past);
    const complete = chosen.length === tools.length;
    /** With all tools in it, thinking and acting see one text: it stands in front of every prompt and is evaluated once. */
    const level = complete ? 'act' : purpose;
    const set = complete ? level : `${purpose} ${chosen.map(({ name }) => name).join(' ')}`;
    const key = `${past.tasks.length} ${set}`;
    const { text, schemas, names } = cacheOf(past)(key, () => ({
      text: spaceText(level, format, chosen, tools.length, {
        data: dataText(past, level, format, dataChars),
        answer: askedSchema(past),
      }),
      schemas: chosen.map(({ name, description, input }) => ({ name, description, input })),
      names: chosen.map(({ name }) => name),
    }));
    // A choice that was made before stands in the log already.
    const made = past.selections.get(purpose);
    const event =
      made !== undefined && made.format === format && isSame(made, names, tools.length, scores, need)
        ? made
        : run.append<'selection'>({
            kind: 'selection',
            by: 'action',
            purpose,
            format,
            tools: names,
            of: tools.length,
            ...(scores === undefined ? {} : { scores }),
            ...(need === undefined ? {} : { need }),
          });
    return {
      seq: event.seq,
      purpose,
      format,
      tools: chosen,
      complete,
      text,
      schemas,
      sqlTables: () => (format === 'code' && hasSqlWord(tools) ? asTables(past, dataChars) : undefined),
    };
  };
}

function isSame(
  made: RunEvent<'selection'>,
  names: readonly string[],
  of: number,
  scores: readonly number[] | undefined,
  need: string | undefined,
): boolean {
  return made.of === of && made.need === need && sameItems(made.tools, names) && sameItems(made.scores, scores);
}

function sameItems<Item>(one: readonly Item[] | undefined, other: readonly Item[] | undefined): boolean {
  if (one === other || one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

/** The space as a prompt says it: tools first, because they change least. */
function spaceText(
  purpose: 'think' | 'act',
  format: ActionSpace['format'],
  chosen: readonly NamedTool[],
  all: number,
  { data, answer }: { data: string; answer: JsonSchema | undefined },
): string {
  const left = all - chosen.length;
  const more =
    left === 0 ? '' : `// ${left} more tools are not shown. Say what is lacking, and they are looked through.`;
  const join = (...parts: string[]) => parts.filter((part) => part !== '').join('\n\n');
  if (purpose === 'think') return join(briefTools(chosen), more, data);
  if (format !== 'code') return join(declareTools(chosen), more, data);
  return join(declareTools(chosen), more, guestWords(answer), data);
}

/** The run's data for a prompt: in full where the task is about them, by plain type where it is near, else by name. */
function dataText(past: History, purpose: 'think' | 'act', format: ActionSpace['format'], chars: number): string {
  const data = [...past.data.values()];
  if (purpose === 'think' || format !== 'code') return briefData(data, chars);
  const task = taskText(past);
  const { about, far } = dataFor(data, task);
  const inFull = new Set(about);
  const declared = data
    .filter((one) => !far.includes(one))
    .map((one) => (inFull.has(one) ? { ...one, shown: shownType(one, task), doc: shownDoc(one) } : plainly(one)));
  return [declareData(declared, chars), alsoThere(far), datesOf(task, declared)]
    .filter((text) => text !== '')
    .join('\n');
}

/**
 * The rows that the task is about or near, as SQL tables; none where there are none, where they are too long, or where no form of
 * the answer is asked for: rows are then no answer.
 */
function asTables(past: History, chars: number): string | undefined {
  if (askedSchema(past) === undefined) return undefined;
  const data = [...past.data.values()];
  const task = taskText(past);
  const { about, near } = dataFor(data, task);
  const tables = data.flatMap((one) => {
    const isNear = near.includes(one);
    if (!isNear && !about.includes(one)) return [];
    const table = rowsAsTable({ ...one, shown: isNear ? one.type : shownType(one, task) });
    const said = isNear ? '' : saidOf({ ...one, doc: shownDoc(one) });
    return table === undefined ? [] : [said === '' ? table : `-- ${said}\n${table}`];
  });
  const sql = [...tables, datesOf(task, data).replace(/^\/\//, '--')].filter((text) => text !== '').join('\n');
  return tables.length === 0 || sql.length > chars ? undefined : sql;
}

const ISO_DATE = /\b\d{4}-\d\d-\d\d/;

/** The dates of a task as its data have theirs. */
function datesOf(task: string, declared: readonly DataVariable[]): string {
  if (!declared.some(({ shown = '', doc }) => ISO_DATE.test(shown) || ISO_DATE.test(doc))) return '';
  const said = writtenDates(task).map(({ text, iso }) => `${text} is ${JSON.stringify(iso)}`);
  return said.length === 0 ? '' : `// In the data, ${said.join(', ')}.`;
}

const plainly = ({ name, type, source }: DataVariable): DataVariable => ({ name, type, source, doc: '' });

/**
 * Data variables as declarations, each with its doc, the texts of its columns, and what the task names of it.
 *
 * @example
 * ```ts
 * declareData([{ name: 'xs', type: 'number[]', doc: 'xs.json, 3 rows.', source: 'xs.json' }], 1_000);
 * // '/** xs.json, 3 rows. *\/\ndeclare const xs: number[];'
 * ```
 */
export function declareData(data: readonly DataVariable[], chars: number): string {
  return within(data, chars, (one) => {
    const { name, type, shown = type } = one;
    const declaration = `declare const ${name}: ${shown};`;
    const said = saidOf(one);
    return said === '' ? declaration : `/** ${said} */\n${declaration}`;
  });
}

/** A variable's doc, and what the task names of it. */
function saidOf({ doc, named = [] }: DataVariable): string {
  const texts = named.map(
    ({ at, text, part }) => `${at === '' ? '' : `${at} `}${part ? 'with ' : ''}${inert(JSON.stringify(text))}`,
  );
  return [inert(doc), texts.length === 0 ? '' : `The task names ${texts.join(', ')}.`].filter(Boolean).join(' ');
}

function briefData(data: readonly DataVariable[], chars: number): string {
  return within(data, chars, ({ name, doc }) => `${name}: ${inert(doc)}`);
}

/** As many in full as fit; the rest by name, never silently left out. */
function within(data: readonly DataVariable[], chars: number, say: (variable: DataVariable) => string): string {
  const said: string[] = [];
  const names: DataVariable[] = [];
  let left = chars;
  for (const variable of data) {
    const text = say(variable);
    left -= text.length;
    if (left >= 0) said.push(text);
    else names.push(variable);
  }
  said.push(alsoThere(names));
  return said.filter((text) => text !== '').join('\n');
}

function alsoThere(data: readonly DataVariable[]): string {
  if (data.length === 0) return '';
  return `// Also there, as variables: ${data.map(({ name, source }) => `${name} (${docText(source, SOURCE_CHARS)})`).join(', ')}`;
}

/** A doc comment quotes data from outside; the data room bounds it, and this bounds it again. */
const inert = (doc: string) => docText(doc, DOC_CHARS);

function lastCode(past: History): string {
  const last = past.decisions.findLast(({ decision }) => decision.kind === 'act' || decision.kind === 'candidates');
  return last === undefined ? '' : (past.programs.get(last.seq)?.code ?? '');
}

/** Tools whose names stand in a text as words. */
function namesIn(text: string, places: ReadonlyMap<string, number>): string[] {
  return [...wordsLikeNames(text)].filter((word) => places.has(word));
}

/** Keeps the last few values by key. */
function newCache<Value>(size = 16) {
  const held = new Map<string, Value>();
  return (key: string, make: () => Value): Value => {
    const found = held.get(key);
    if (found !== undefined) return found;
    const value = make();
    if (held.size >= size) held.delete(held.keys().next().value as string);
    held.set(key, value);
    return value;
  };
}
