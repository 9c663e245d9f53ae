/**
 * Judges a result beside its program: does it tell what the task asks for, or give back what was there before?
 *
 * Suspicions that a person has at once ("Bergen" is no month), and that neither types nor conditions show. They warn, and weigh
 * in the vote of candidates.
 *
 * @module
 */
import type { DataVariable, Finding, Json, JsonSchema } from '../record/index.ts';
import { comparisonsIn } from './compared.ts';
import { groupField, howToRank, LEAST } from './how-to-rank.ts';
import { withoutComments } from './numbers.ts';
import { listedTexts } from './review-compared.ts';
import type { RuleName } from './rules.ts';
import { textsIn } from './source-text.ts';
import { columnsIn, isDenied, usedIn } from './task-columns.ts';

/** What is looked at. */
export interface ResultCase {
  value: Json;
  /** The program that gave it. */
  code: string;
  data: ReadonlyMap<string, DataVariable>;
  /** Of the answer that is asked for. */
  schema: JsonSchema | undefined;
  task: string;
}

/** The findings of all rules on results. */
export function resultFindings(result: ResultCase, on: (rule: RuleName) => boolean): Finding[] {
  const found = [
    everythingFinding(result),
    givenFinding(result),
    writtenFinding(result),
    numberFinding(result),
    sentenceFinding(result),
    repeatsFinding(result),
  ];
  return found.filter((finding) => finding !== undefined && on(finding.rule as RuleName)) as Finding[];
}

/**
 * An answer that the task itself names as a condition: asked for the month in which Bergen had most rain, "Bergen" is none.
 * Not where the task names several texts of that field: it may offer a choice.
 */
function givenFinding({ value, data }: ResultCase): Finding | undefined {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof only !== 'string') return undefined;
  const said = only.trim().toLowerCase();
  const named = [...data.values()].flatMap((variable) => variable.named ?? []);
  const fields = new Set(named.filter(({ text }) => text.toLowerCase() === said).map(({ at }) => at));
  const isChoice = named.some(({ at, text }) => fields.has(at) && text.toLowerCase() !== said);
  if (fields.size === 0 || isChoice) return undefined;
  return {
    rule: 'answer-given',
    severity: 'warn',
    message: `The result is ${JSON.stringify(only)}, which the task itself names.`,
    remedy: 'Answer with what the task asks for.',
  };
}

/**
 * An answer that the program itself has: where it keeps the rows of one text of several, which the task does not name, no other
 * could come out.
 */
function writtenFinding({ value, code, data, task }: ResultCase): Finding | undefined {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof only !== 'string' || only === '' || task.toLowerCase().includes(only.toLowerCase())) return undefined;
  const written = new Set(textsIn(withoutComments(code)));
  if (!written.has(only)) return undefined;
  const columns = [...data.values()].flatMap(({ shown = '' }) => [...listedTexts(shown).values()]);
  const own = columns.filter((texts) => texts.has(only));
  // Who goes through all of them may find each.
  if (own.length === 0 || own.some((texts) => [...texts].every((text) => written.has(text)))) return undefined;
  return {
    rule: 'answer-written',
    severity: 'warn',
    message: `The result is ${JSON.stringify(only)}, which stands in the program and not in the task.`,
    remedy: `Compare all of them, not ${JSON.stringify(only)} alone.`,
  };
}

/** Asks for what things are called, and not how many or how much of them there is. */
const ASKS_NAME = /\b(?:which|who|whom|whose|names?)\b/i;
/** Numbers that are names: a year, a code; and a number of those "who paid". */
const NUMBER_NAMES =
  /\bhow (?:many|much|old|long|far)\b|\b(?:phone|zip|postal|code|year|ids?|digits?)\b|\bwhat (?:is|was|are|were) the (?:\p{L}+ )?(?:total|number|sum|average|mean|count|percentage|share|price|cost|amount)\b/iu;

/** A number where the task asks for a name: the program gave what it compared by, and not what it belongs to. */
function numberFinding({ value, code, schema, data, task }: ResultCase): Finding | undefined {
  const used = usedIn(withoutComments(code), data);
  const asksName = ASKS_NAME.test(task) || used.some((table) => groupField(table, task) !== undefined);
  if (data.size === 0 || !asksName) return undefined;
  const isNumber = typeof value === 'number' || (typeof value === 'string' && isNumberText(value));
  if (!isNumber || schema?.type !== 'string' || NUMBER_NAMES.test(task)) return undefined;
  if (asksForNumber(used, task)) return undefined;
  return {
    rule: 'answer-is-number',
    severity: 'warn',
    message: `The result is the number ${value}, and the task asks for a text.`,
    remedy: isOfWide(code, data) ? columnRemedy(task) : 'Answer with what the number belongs to.',
  };
}

/** What is worked out has no zero before it: "0101" is a room. */
const isNumberText = (value: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value.trim());

/** "Which room", and each `room` is a number. */
const asksForNumber = (used: readonly DataVariable[], task: string): boolean =>
  used.some(({ type }) => {
    const fields = columnsIn(type, String.raw`number\b`).map(({ field }) => field);
    return fields.includes(groupField({ type }, task) ?? '');
  });

/** Words of a sentence, and how many of them are the task's own. */
const SENTENCE_WORDS = 5;
const OWN_SHARE = 0.5;

/** The name in a sentence that repeats the question: "The supplier with the lowest price is Atlas". */
function sentenceFinding({ value, schema, task, data }: ResultCase): Finding | undefined {
  if (typeof value !== 'string' || schema?.type !== 'string' || data.size === 0) return undefined;
  const words = value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const asked = new Set(task.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const own = words.filter((word) => asked.has(word)).length;
  if (words.length < SENTENCE_WORDS || own < OWN_SHARE * words.length || own === words.length) return undefined;
  return {
    rule: 'answer-sentence',
    severity: 'warn',
    message: `The result, ${JSON.stringify(value.slice(0, 60))}, is a sentence that repeats the task.`,
    remedy: 'Answer with the value alone.',
  };
}

/** So many columns of numbers are one thing by month, by city, …. */
const WIDE = 5;

/** The program uses a table whose columns are what is compared. */
function isOfWide(code: string, data: ResultCase['data']): boolean {
  return usedIn(withoutComments(code), data).some(({ type }) => type.split(': number').length > WIDE);
}

/** How the columns of a row are compared. */
function columnRemedy(task: string): string {
  const order = LEAST.test(task) ? 'Number(a) - Number(b)' : 'Number(b) - Number(a)';
  const entries = 'Object.entries(row).filter(([, value]) => typeof value === "number")';
  return `Answer with the name of the column: \`${entries}.sort(([, a], [, b]) => ${order})[0]?.[0]\`.`;
}

/** One is asked for each of several, and two may have the same: "one name per call", "with repeats". */
const EACH_TIME =
  /\b(?:one|an?|the) \p{L}+(?: \p{L}+)? (?:per|for (?:each|every)|of (?:each|every)) \p{L}+|\b(?:with|including|keep(?:ing)?) (?:repeats?|repetitions?|duplicates?)\b|\bas often as\b/iu;

/** A list of texts that has one of them again: rows were listed where names are asked for. */
function repeatsFinding({ value, code, data, task }: ResultCase): Finding | undefined {
  if (EACH_TIME.test(task)) return undefined;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return undefined;
  const again = value.find((one, at) => value.indexOf(one) < at);
  if (again === undefined) return undefined;
  const times = value.filter((one) => one === again).length;
  return {
    rule: 'answer-repeats',
    severity: 'warn',
    message: `The result lists ${JSON.stringify(again)} ${times} times.`,
    remedy:
      howToRank({ code, used: usedIn(code, data), task }) ?? 'Work out one value for each name, and list each once.',
  };
}

/** A task that asks for some of what there is. */
const SOME =
  /\b(?:most|least|fewest|highest|lowest|largest|smallest|greatest|biggest|best|worst|first|last|more than|less than|fewer than|at least|at most|over|under|above|below|before|after|without|not|never|only)\b/i;

/** Says in which order all are to be listed: "from the most to the least frequent", "the largest first", "sorted by their last order". */
const SORTED =
  /\bfrom (?:the )?[^.?!;,]{1,40}? to (?:the )?\p{L}+|\b(?:most|least|fewest|\p{L}+est|\p{L}*(?:best|worst))(?: \p{L}+)? (?:first|last)\b|\b(?:sort|rank|order)(?:ed|s)?\b[^.?!;]* (?:by|from)\b[^.?!;]*/giu;

/**
 * A result that tells nothing apart: a count of all rows by a program that has a condition, or every text that a column holds
 * where the task asks for some of them.
 */
function everythingFinding({ value, code, data, task }: ResultCase): Finding | undefined {
  const plain = withoutComments(code);
  const used = usedIn(plain, data);
  const what = typeof value === 'number' ? everyRow(value, plain, used, task) : everyText(value, used, task);
  if (what === undefined) return undefined;
  const remedy = 'Keep only those that the task asks for.';
  return { rule: 'answer-everything', severity: 'warn', message: `The result is ${what}.`, remedy };
}

const CONDITION = /\bif\s*\(|\.filter\s*\(/;
const COUNTS = /\+\+|\.length\b|\+= 1\b/;

function everyRow(value: number, code: string, used: readonly DataVariable[], task: string): string | undefined {
  // None may be cancelled.
  if (comparisonsIn(code).some(({ isOther, text }) => isOther && isDenied(text, task))) return undefined;
  if (value < 2 || !CONDITION.test(code) || !COUNTS.test(code)) return undefined;
  const whole = used.find(({ rows }) => rows === value);
  return whole === undefined ? undefined : `all ${value} rows of \`${whole.name}\`: the condition holds for each`;
}

function everyText(value: Json, used: readonly DataVariable[], task: string): string | undefined {
  if (!Array.isArray(value) || value.length < 3 || !SOME.test(task.replace(SORTED, ' '))) return undefined;
  const given = new Set(value.filter((one) => typeof one === 'string'));
  // "The agent of each long call": a text for each of several rows, and no selection of texts.
  if (given.size < value.length && EACH_TIME.test(task)) return undefined;
  for (const { shown = '' } of used) {
    for (const [field, texts] of listedTexts(shown)) {
      if (texts.size === given.size && [...texts].every((text) => given.has(text)))
        return `every \`${field}\` there is`;
    }
  }
  return undefined;
}
