/**
 * The rules of the reviews, by name. Each can be switched off; the README lists them, and a test compares the lists.
 *
 * @module
 */
import { OptionError } from '../record/index.ts';
import { CHECK_RULES, type CheckRuleName } from './check/rules.ts';

/** Every rule: where it is looked at, what it can do at most, and what it finds. */
export const RULES = {
  'failed-repeated': ['program', 'block', 'The same program, or the same calls, already failed for this task.'],
  repeated: [
    'program',
    'block',
    'The same program, or the same call, already ran for this task; a program that gave no answer blocks once.',
  ],
  'percent-as-fraction': [
    'program',
    'block',
    'A parameter that takes percent gets the fraction of a percentage the task names.',
  ],
  'percent-mended': ['program', 'warn', 'A fraction was made the percentage that the task names and the tool takes.'],
  'value-unheld': [
    'program',
    'warn',
    'A number, or a day that rows are to have, stands in no task, observation, data or earlier program.',
  ],
  'value-assumed': [
    'program',
    'warn',
    'A comment of the program says that it assumes a value, or that one is an example.',
  ],
  'data-unread': ['program', 'warn', 'The task names texts of the data, and the program answers without reading any.'],
  'named-data-unused': [
    'program',
    'warn',
    'The task names a data variable, and the program uses neither it nor a column that names its rows.',
  ],
  'named-text-unused': [
    'program',
    'warn',
    'The task names a text that the data hold, and the program that uses these data does not.',
  ],
  'named-number-unused': ['program', 'warn', 'A program answers, and a number that the task names was never used.'],
  'example-compared': [
    'program',
    'warn',
    'The program compares with a text that only an example in a declaration gave it.',
  ],
  'text-unheld': [
    'program',
    'warn',
    'The program compares a column with a text that it does not hold, and that the task does not leave out.',
  ],
  'groups-not-added': [
    'program',
    'warn',
    'The task asks who has most in all or on average, of whom several rows may be, and the program keeps nothing for each.',
  ],
  'share-unworked': [
    'program',
    'warn',
    'The task asks for an average, a share or a percentage, and the program works none out.',
  ],
  'named-month-unused': [
    'program',
    'warn',
    'The task names a month, and no program that uses dates has anything of it.',
  ],
  'span-ignored': [
    'program',
    'warn',
    'The task asks what lies before or after a day, or lasts over it, and the program looks for the day alone.',
  ],
  'place-ignored': [
    'program',
    'warn',
    'The task says what a text begins or ends with, and the program looks for it anywhere.',
  ],
  'surname-whole': [
    'program',
    'warn',
    'The task is about surnames, the data have whole names, and the program takes no part of them.',
  ],
  'time-ignored': [
    'program',
    'warn',
    'The task asks what was first or last in time, and the program looks at no date, nor at a place among rows in their order.',
  ],
  'order-dependent': [
    'program',
    'warn',
    'The result of a candidate changes when its data, which are in no order, stand in another one, and the task does not ask about theirs.',
  ],
  'blank-counted': [
    'program',
    'warn',
    'The task leaves rows without a value out, and the result of a candidate changes with one more row that lacks a value.',
  ],
  'number-cut': ['program', 'warn', 'A candidate makes a number of the beginning of a text that holds more than one.'],
  'answer-is-reference': [
    'program',
    'warn',
    'The result of a candidate is what rows are known by to others, where the task asks for their names.',
  ],
  'same-counted': ['program', 'warn', 'The task asks how many different ones there are, and the program counts rows.'],
  'named-column-unused': ['program', 'warn', 'The task names a column of numbers, and the program does not use it.'],
  'counted-twice': ['program', 'warn', 'Two counts that go up together are added to each other.'],
  'clock-ignored': [
    'program',
    'warn',
    'The task names a time of day, and the program looks at none, nor compares with that moment of a day that the task names.',
  ],
  'argument-invented': [
    'program',
    'block',
    'A program that calls tools has a web address or a path that stands nowhere before, or a tool’s own example; each blocks once.',
  ],
  'effect-invented': [
    'program',
    'warn',
    'A tool that does more than read gets an address, id or path that stands nowhere before.',
  ],
  'tool-unknown': ['call', 'block', 'A call names a tool that this step may not use.'],
  'arguments-invalid': ['call', 'block', 'The arguments of a call do not fit the tool’s schema.'],
  'calls-circular': ['call', 'block', 'Two calls have one id, or calls wait for each other.'],
  'answer-form': ['answer', 'block', 'The answer has not the form asked for, and it is not clear what was meant.'],
  'answer-empty': ['answer', 'block', 'The answer says nothing.'],
  'answer-found-nothing': [
    'answer',
    'block',
    'The answer is an empty list, and a tool gave one: the condition may hold for no row.',
  ],
  'answer-unknown': ['answer', 'block', 'The answer says that nothing was found, and no tool said so.'],
  'answer-is-error': ['answer', 'block', 'The answer is the text of an error.'],
  'answer-zero-after-nothing': ['answer', 'block', 'The answer is 0, right after an observation that found nothing.'],
  'answer-undone': [
    'answer',
    'block',
    'The task asks for a change, or only tells what is so, and no tool that makes one was called.',
  ],
  'answer-is-example': [
    'answer',
    'block',
    'The answer is what the task gives as an example of one, and nothing that was seen says so.',
  ],
  'answer-asked': ['answer', 'block', 'The answer is a name that the question itself has, and not to choose from.'],
  'answer-unworked': [
    'answer',
    'block',
    'An agent that writes programs said the answer, and it has a number that stands in no observation, task or data doc.',
  ],
  'answer-invented': [
    'answer',
    'block',
    'The program answered from numbers of its own, and touched neither data nor tools, or with a text of its own.',
  ],
  'answer-whole': ['answer', 'block', 'The answer is the whole of a long text that a tool returned.'],
  'answer-pattern': [
    'answer',
    'block',
    'The task shows the pattern of the answer (`xxx@xxx.xxx`), and the answer has another.',
  ],
  'task-number-unused': ['answer', 'block', 'No program or call used a number that the task names.'],
  'answer-unsupported': [
    'answer',
    'warn',
    'The answer holds a number that no observation, task or data doc holds, or rests on nothing.',
  ],
  'sought-unseen': ['answer', 'warn', 'Tools gave texts, and none of them has anything of what the task names.'],
  'answer-nothing': ['answer', 'warn', 'The answer is 0 or an empty list: no row met the conditions of the program.'],
  'answer-everything': [
    'answer',
    'warn',
    'The answer counts all rows or names every text of a column, where the task asks for some.',
  ],
  'answer-given': ['answer', 'warn', 'The answer is a text of the data that the task itself names as a condition.'],
  'answer-written': ['answer', 'warn', 'The answer is a text of the data that the program has, and the task has not.'],
  'answer-repeats': [
    'answer',
    'warn',
    'The answer is a list of texts that has one of them more than once, and the task asks for none per row.',
  ],
  'answer-sentence': ['answer', 'warn', 'The answer is a sentence that repeats the task, where a text is asked for.'],
  'answer-is-number': [
    'answer',
    'warn',
    'The task asks which, who or for a name, and the answer is a number that no column of texts holds.',
  ],
  'answer-doubted': ['answer', 'warn', 'The program that gave the answer was warned about how it meets the data.'],
  'candidates-disagree': ['answer', 'warn', 'The candidates it was chosen from do not agree.'],
  'answer-observed': ['path', 'end', 'The plan is done, and the last observation has the form of the answer.'],
  'same-turn-twice': ['path', 'retry', 'The same program gave the same observation again.'],
  'no-new-fact': ['path', 'replan', 'Three observations in a row said nothing new.'],
  'failed-afresh': [
    'path',
    'retry',
    'A program failed by its own fault for the first time: the next is written without it in sight.',
  ],
  'failed-thrice': ['path', 'replan', 'Three executions in a row failed.'],
  'percent-in-call': [
    'path',
    'retry',
    'A tool that takes percent was called with the fraction of a percentage the task names.',
  ],
  'space-lacks': ['path', 'widen', 'The program wanted a tool that exists and was not offered.'],
} as const satisfies Record<string, readonly ['program' | 'call' | 'answer' | 'path', string, string]>;

export type RuleName = keyof typeof RULES;
/** Rules that are switched off or on, the checker's own among them. */
export type RuleSwitches = { readonly [Name in RuleName | CheckRuleName]?: boolean };

/** Says whether a rule is on. @throws {OptionError} a switch names no rule. */
export function switchesOf(rules: RuleSwitches = {}): (name: RuleName) => boolean {
  const known = [...Object.keys(RULES), ...Object.keys(CHECK_RULES)];
  for (const name of Object.keys(rules)) {
    if (!known.includes(name)) {
      throw new OptionError(`review.rules.${name}`, `there is no such rule. Rules: ${known.join(', ')}.`);
    }
  }
  return (name) => rules[name] ?? true;
}

/** The checker's own rules that are off. */
export function checksOff(rules: RuleSwitches = {}): CheckRuleName[] {
  return (Object.keys(CHECK_RULES) as CheckRuleName[]).filter((name) => rules[name] === false);
}
