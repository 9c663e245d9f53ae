/**
 * Judges whether a program does what the words of the task ask for: a mean, a share, different ones, a column by its name.
 *
 * @module
 */
import type { DataVariable, Finding } from '../record/index.ts';
import { wordsOf as stemsOf } from './rank.ts';
import type { RuleName } from './rules.ts';
import { callsAnswer, namesIn, textsIn } from './source-text.ts';
import { accessTo, fieldsIn, SHARE_FIELD } from './task-columns.ts';

export interface AskedCase {
  /** Without comments. */
  code: string;
  /** With what ran before it for the same task. */
  all: string;
  used: readonly DataVariable[];
  task: string;
  on(rule: RuleName): boolean;
}

/** The findings of all rules on what is asked for. */
export function askedFindings({ code, all, used, task, on }: AskedCase): Finding[] {
  return [
    ...(on('share-unworked') ? shareUnworked(all, used, task) : []),
    ...(on('same-counted') ? sameCounted(all, used, task) : []),
    ...(on('named-column-unused') ? unusedColumns(all, used, task) : []),
    ...(on('counted-twice') ? countedTwice(code) : []),
    ...(on('place-ignored') ? placeIgnored(code, task) : []),
    ...(on('surname-whole') ? wholeSurnames(all, used, task) : []),
  ];
}

/** A task that asks for an average or a share. */
const SHARED =
  /\b(?:average|averaged|mean)\b|\b(?:what|which|how many|the|a) (?:percentage|percent|share|proportion|fraction)\b/i;
const PERCENTAGE = /\b(?:what|which|how many|the|a) (?:percentage|percent)\b/i;

/** An average or a share is a division, and a percentage has a hundred in it, unless the data hold it. */
function shareUnworked(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const answers = callsAnswer(code);
  const plain = code.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/gs, '');
  if (!answers || !SHARED.test(task) || used.some(({ type }) => SHARE_FIELD.test(type))) return [];
  const finding = (message: string, remedy: string): Finding[] => [
    { rule: 'share-unworked', severity: 'warn', message, remedy },
  ];
  if (!plain.includes('/')) {
    const message = 'The task asks for an average or a share, and the program divides nothing.';
    return finding(message, 'Divide the total by the count.');
  }
  if (!PERCENTAGE.test(task) || /\b100\b/.test(plain)) return [];
  return finding('The task asks for a percentage.', 'Divide the part by the whole, times 100.');
}

/** A column of numbers, where it stands. */
const NUMBERS = /([\p{L}\p{N}_$]+)"?\??: number\b/gu;
/** Units that a column has in its name and a task says otherwise, and words that say nothing of a column. */
const UNIT = /^(?:eur|euro|usd|gbp|chf|kg|g|km|m|gb|mb|ms|min|pct|percent)$/;
const SAYS_NOTHING = /^(?:id|no|nr|number|day|year|month|total|count|sum|row|age)$/;

/** Columns of numbers that the task names, and that no program has a word of: "the mean of the litres", `row.litres`. */
function unusedColumns(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const names = namesIn(code);
  const words = new Set(stemsOf(task));
  const isNamed = (field: string) => {
    const its = stemsOf(field).filter((word) => !UNIT.test(word));
    return its.length > 0 && its.every((word) => words.has(word)) && !its.every((word) => SAYS_NOTHING.test(word));
  };
  for (const { name, type } of used) {
    const fields = [...type.matchAll(NUMBERS)].map(([, field = '']) => field).filter(isNamed);
    // Another column of that name, or of those that are named, is the one that is meant.
    const [field] = fields.some((one) => names.has(one)) ? [] : fields;
    if (field === undefined) continue;
    const message = `The task names \`${field}\`, a column of \`${name}\`, and the program does not use it.`;
    return [{ rule: 'named-column-unused', severity: 'warn', message, remedy: `Use \`${field}\` of its rows.` }];
  }
  return [];
}

const TOGETHER = /\b([\p{L}_$][\w$]*)(?:\+\+| \+= 1);\s*([\p{L}_$][\w$]*)(?:\+\+| \+= 1);/gu;

/** `a++; b++; … answer(a + b)`: each is counted twice. */
function countedTwice(code: string): Finding[] {
  const pair = [...code.matchAll(TOGETHER)].find(([, one, other]) =>
    [`${one} + ${other}`, `${other} + ${one}`].some((sum) => code.includes(sum)),
  );
  if (pair === undefined) return [];
  const [, one = '', other = ''] = pair;
  const message = `\`${one}\` and \`${other}\` count the same rows, and are added to each other.`;
  return [{ rule: 'counted-twice', severity: 'warn', message, remedy: `Use \`${one}\` alone.` }];
}

/** How many different ones: "how many different customers", "each counted once". */
const DIFFERENT =
  /\b(?:how many|number of|count(?: the)?) (?:different|distinct|unique) (\p{L}+)|\beach (?:\p{L}+ )?(?:is |are )?counted (?:only |just )?once\b|\bcount(?:ing)? each (?:\p{L}+ )?(?:only |just )?once\b/iu;
/** Keeps what it has seen, or looks for it. */
const TOLD_APART =
  /new (?:Set|Map)\b|groupBy|Object\.(?:keys|entries|values)|indexOf|\.(?:includes|some|has|find)\s*\(/;

/** Different ones are asked for, and the program that counts tells none of them apart. */
function sameCounted(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const [asked, what = ''] = DIFFERENT.exec(task) ?? [];
  if (asked === undefined || TOLD_APART.test(code) || !callsAnswer(code)) return [];
  const words = new Set(stemsOf(what === '' ? task : what));
  const field = used.flatMap(({ type }) => fieldsIn(type)).find((one) => stemsOf(one).some((word) => words.has(word)));
  const message = 'The task asks how many different ones there are, and the program counts rows.';
  const remedy = `Count \`new Set(rows.map((row) => row${field === undefined ? '.…' : accessTo(field)})).size\`.`;
  return [{ rule: 'same-counted', severity: 'warn', message, remedy }];
}

/** What a text is to begin or to end with: "a surname that begins with H". */
const PLACED = /\b(begin|start|end)(?:s|ning|ing)? (?:with|in) (?:the (?:letter|word|text) )?["“'‘]?([\p{L}\p{N}]+)/giu;

/** A text that is to begin or to end with something is not one that holds it anywhere. */
function placeIgnored(code: string, task: string): Finding[] {
  return [...task.matchAll(PLACED)].flatMap(([, place = '', sought = '']): Finding[] => {
    const anywhere = [...code.matchAll(/\.includes\(\s*("[^"\n]*"|'[^'\n]*')/g)].some(([, quoted = '']) =>
      textsIn(quoted).some((text) => text.toLowerCase() === sought.toLowerCase()),
    );
    if (!anywhere) return [];
    const ends = place.toLowerCase() === 'end';
    const message = `The task asks what ${ends ? 'ends' : 'begins'} with ${JSON.stringify(sought)}, and the program looks for it anywhere.`;
    const remedy = `Use ${ends ? 'endsWith' : 'startsWith'}, on the word that is meant.`;
    return [{ rule: 'place-ignored', severity: 'warn', message, remedy }];
  });
}

const SURNAME = /\b(?:surname|family name|last name)s?\b/i;
/** Takes a part of a text, or looks for what stands after a space. */
const PARTS = /\.(?:split|match|lastIndexOf|slice|substring|replace|test|exec)\s*\(|["'`] /;

/** A task about surnames, data that have the whole name alone, and a program that takes no part of a text. */
function wholeSurnames(code: string, used: readonly DataVariable[], task: string): Finding[] {
  const fields = used.flatMap(({ type }) => fieldsIn(type));
  const whole = fields.find((field) => /name$/i.test(field));
  const isOwn = fields.some((field) => /sur_?name|family|last_?name/i.test(field));
  if (whole === undefined || isOwn || !SURNAME.test(task) || PARTS.test(code)) return [];
  const message = `The task is about surnames, and the program takes \`${whole}\` whole.`;
  const remedy = `The surname is its last word: \`${whole}.split(' ').at(-1)\`.`;
  return [{ rule: 'surname-whole', severity: 'warn', message, remedy }];
}
