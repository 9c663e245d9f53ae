/**
 * Judges the texts that a program compares with: are they held by the data, and told by the task?
 *
 * @module
 */
import { wordsOf, writtenDates } from '../environment/index.ts';
import type { DataVariable, Finding } from '../record/index.ts';
import { comparisonsIn, meets } from './compared.ts';
import { wordsOf as stemsOf } from './rank.ts';
import { isBoundOfPeriod, spansIn } from './review-dates.ts';
import { isSpokenOf } from './shown-type.ts';
import { textsIn } from './source-text.ts';
import { columnsIn, fieldsIn, isDenied, saidAs, wordsOfField } from './task-columns.ts';

/** Texts shorter than this stand in too much by chance. */
const LEAST_CHARS = 2;

/** A column that is called what a text says: `Harbour_List` for "Harbour List". */
const columnOf = (text: string, data: Iterable<DataVariable>) =>
  [...data]
    .map(({ name, type }) => ({
      name,
      field: fieldsIn(type).find((field) => wordsOfField(field).join(' ') === wordsOf(text).join(' ')),
    }))
    .find(({ field }) => field !== undefined);

/** Comparisons with a text that a column, all of whose few texts are known, does not hold: `status === "success"`. */
export function unheldTexts(
  code: string,
  used: readonly DataVariable[],
  data: ReadonlyMap<string, DataVariable>,
  task: string,
): Finding[] {
  const listed = new Map<string, Set<string>>();
  for (const { shown = '' } of used) {
    for (const [field, texts] of listedTexts(shown))
      listed.set(field, new Set([...texts, ...(listed.get(field) ?? [])]));
  }
  const spans = new Map(used.flatMap(({ shown = '' }) => spansIn(shown)).map(({ field, first }) => [field, first]));
  const fields = new Set(used.flatMap(({ type }) => fieldsIn(type)));
  const found = comparisonsIn(code).flatMap((compared) => {
    const { field, text, isOther } = compared;
    const held = [...(listed.get(field) ?? [])];
    const quoted = JSON.stringify(text);
    const message = `No row has ${quoted} as \`${field}\``;
    if ((spans.get(field)?.length ?? 0) > text.length && /^\d{4}-\d\d(?:-\d\d)?$/.test(text)) {
      return [
        { message: `${message}, only dates that begin so.`, remedy: `Use \`${saidAs(field)}.startsWith(${quoted})\`.` },
      ];
    }
    // A field of other data is a thing there is, of which this column has no row: `limits.kitchen`.
    if (held.length === 0 || text === '' || held.some((one) => meets(one, compared)) || fields.has(text)) return [];
    // None is cancelled: leaving out those that are leaves out none. Where the text is a part of others, that was meant.
    const isPart = held.some((one) => one.toLowerCase().includes(text.toLowerCase()));
    if (isOther && !isPart && isDenied(text, task)) return [];
    return [{ message: `${message}.`, remedy: remedyFor(text, held, listed, data, task) }];
  });
  return found.slice(0, 2).map((one) => ({ rule: 'text-unheld', severity: 'warn', ...one }));
}

/** Where the text is; or what there is in its place. */
function remedyFor(
  text: string,
  held: readonly string[],
  listed: ReadonlyMap<string, ReadonlySet<string>>,
  data: ReadonlyMap<string, DataVariable>,
  task: string,
): string {
  const column = columnOf(text, data.values());
  if (column !== undefined) return `\`${column.name}\` has a column \`${column.field}\`.`;
  const [holder] = [...listed].find(([, texts]) => texts.has(text)) ?? [];
  if (holder !== undefined) return `\`${holder}\` has it.`;
  const date = writtenDates(task).find((one) => one.text === text);
  if (date !== undefined) return `It is a date: look for what starts with ${JSON.stringify(date.iso)}.`;
  return `It is one of ${held.map((one) => JSON.stringify(one)).join(', ')}.`;
}

/**
 * Texts that the program has from a comment in a declaration alone. One of a column's few texts may be meant by other
 * words where the task asks about the column ("undelivered", by status); not so one that is a field of other data as
 * well ("office", with `limits.office`): it names one thing of several, and the task would name it too.
 */
export function comparedExamples(
  code: string,
  used: readonly DataVariable[],
  told: readonly string[],
  task: string,
): Finding[] {
  const fields = used.map(({ shown = '' }) => new Set(fieldsIn(shown)));
  const examples = used.flatMap(({ shown = '', doc }, at) => [
    ...examplesIn(shown).map((one) => ({
      ...one,
      listed: one.listed && !fields.some((others, other) => other !== at && others.has(one.text)),
    })),
    ...textsIn(doc.replace(KEY, ' ')).map((text) => ({ field: '', text, listed: false })),
  ]);
  if (examples.length === 0) return [];
  const known = told.map((text) => text.toLowerCase());
  const words = new Set(told.flatMap(stemsOf));
  const isTold = (text: string) =>
    known.some((other) => other.includes(text.toLowerCase())) || isBoundOfPeriod(text, code, task);
  const written = new Set(textsIn(code));
  /** A program that goes through all texts of a column leaves none out. */
  const isOneOfAll = (text: string) =>
    used.some(({ shown = '' }) =>
      [...listedTexts(shown).values()].some((its) => its.has(text) && [...its].every((one) => written.has(one))),
    );
  const isMeant = (text: string) =>
    isOneOfAll(text) ||
    isSpokenOf(text, words) ||
    examples.some((one) => one.text === text && one.listed && stemsOf(one.field).some((word) => words.has(word)));
  const texts = new Set(examples.map(({ text }) => text));
  const compared = [...written].filter(
    (text) =>
      text.length >= LEAST_CHARS && /[\p{L}\p{N}]/u.test(text) && texts.has(text) && !isTold(text) && !isMeant(text),
  );
  return compared.slice(0, 2).map((text) => ({
    rule: 'example-compared',
    severity: 'warn',
    message: `${JSON.stringify(text)} is only an example in a declaration; the task does not name it.`,
    remedy: `Leave the condition on ${JSON.stringify(text)} out.`,
  }));
}

/** Columns of which all texts stand in a shown type. */
export function listedTexts(shown: string): Map<string, Set<string>> {
  const texts = new Map<string, Set<string>>();
  for (const { field, text, listed } of examplesIn(shown)) {
    if (listed) texts.set(field, (texts.get(field) ?? new Set()).add(text));
  }
  return texts;
}

/** A field's name in a row of a doc: `"city":`. */
const KEY = /"(?:[^"\\]|\\.)*"(?=:)/g;

/** The texts in the comments of a shown type; `listed` where all of a column's texts stand there. */
const examplesIn = (shown: string): { field: string; text: string; listed: boolean }[] =>
  columnsIn(shown, String.raw`string \/\* (.*?) \*\/`).flatMap(({ field, said: [comment = ''] }) =>
    textsIn(comment).map((text) => ({ field, text, listed: comment.includes(' | ') })),
  );
