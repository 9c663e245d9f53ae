/**
 * Judges an answer: its form, whether it says something, and what it rests on.
 *
 * A rule that only suspects blocks an answer once: the same answer again passes, and the suspicion becomes a warning.
 *
 * @module
 */

import { changeMeant, escaped, patternOf, soughtIn } from '../environment/index.ts';
import {
  canonicalJson,
  cutMiddle,
  type Decision,
  type Finding,
  type Json,
  type JsonSchema,
  type RunEvent,
  textOf,
  type Verdict,
} from '../record/index.ts';
import type { RunContext } from './action.ts';
import { isEmptyValue, mendAnswer } from './answer-form.ts';
import { isNothing } from './candidate-weight.ts';
import { foundNothing } from './found-nothing.ts';
import { askedSchema, currentTask, type History, history, taskText } from './history.ts';
import { type Held, held, holds, isCommon, literalsOf, numbersIn, numbersOf, withoutComments } from './numbers.ts';
import { isOnlyAsked, isWritten, saysUnknown } from './own-answer.ts';
import { dataFindings, programsOfTask } from './review-data.ts';
import { resultFindings } from './review-result.ts';
import type { RuleName } from './rules.ts';
import { namesIn } from './source-text.ts';
import { EXAMPLE } from './task-counts.ts';
import { unusedOf, usedNumbers } from './task-numbers.ts';
import type { NamedTool } from './tool.ts';
import { verdictOf } from './verdict.ts';

export interface AnswerReview {
  tools: readonly NamedTool[];
  on(rule: RuleName): boolean;
}

type Answer = Extract<Decision, { kind: 'answer' }>;

/** What the rules look at. */
interface Case {
  value: Json;
  /** As it was given, before it was mended. */
  given: Json;
  schema: JsonSchema | undefined;
  past: History;
  held: Held;
  /** The observation that the answer rests on. */
  rests: RunEvent<'observation'> | undefined;
  hasTools: boolean;
  /** The tools that change something, where none of them was called since the task. */
  unused: AnswerReview['tools'];
  /** It was said: no program gave it. */
  said: boolean;
  /** A tool returned such a value since the task. */
  returned(is: (value: Json) => boolean): boolean;
  on(rule: RuleName): boolean;
}

type AnswerRule = (answer: Case) => Omit<Finding, 'rule' | 'severity'> | undefined;

export function reviewAnswer({ on, tools }: AnswerReview, answer: Answer, run: RunContext): Verdict {
  const past = run.view.project(history);
  const schema = askedSchema(past);
  const mended = schema === undefined ? { value: answer.value } : mendAnswer(schema, answer.value, currentTask(past));
  const value = 'value' in mended ? mended.value : answer.value;
  const restsOn = answer.rests === undefined ? past.observations.at(-1) : run.view.at(answer.rests);
  const rests = restsOn?.kind === 'observation' ? restsOn : undefined;
  const since = past.tasks.at(-1)?.seq ?? 0;
  const news = run.view.events().slice(since);
  const returned = (is: (value: Json) => boolean) =>
    news.some((event) => event.kind === 'call-result' && event.value !== undefined && is(event.value));
  const changed = news.some((event) => event.kind === 'call' && event.effect !== 'read');
  const unused = changed ? [] : tools.filter(({ effect }) => effect !== 'read');
  const known = run.view.project(held);
  const hasTools = tools.length > 0;
  const said = answer.rests === undefined;
  const answerCase: Case = {
    value,
    given: answer.value,
    schema,
    past,
    held: known,
    rests,
    hasTools,
    unused,
    said,
    returned,
    on,
  };

  const findings: Finding[] = [];
  const find = (rule: RuleName, severity: Finding['severity'], found: ReturnType<AnswerRule>) => {
    if (found !== undefined && on(rule)) findings.push({ rule, severity, ...found });
  };
  find(
    'answer-form',
    'block',
    'issue' in mended ? { message: `The answer has not the form asked for: ${mended.issue}.` } : undefined,
  );
  const suspected = past.refused.has(canonicalJson(answer.value)) ? 'warn' : 'block';
  // What a program did would be done twice by another one: a number that it passed over is told, not tried again.
  const acted = past.lastCalls.some(({ effect }) => effect !== 'read');
  for (const [rule, test] of Object.entries(SUSPICIONS)) {
    find(rule as RuleName, acted && rule === 'task-number-unused' ? 'warn' : suspected, test(answerCase));
  }
  for (const [rule, test] of Object.entries(DOUBTS)) find(rule as RuleName, 'warn', test(answerCase));
  const code = (rests && past.programs.get(rests.of)?.code) ?? '';
  const result = { value, code, data: past.data, schema, task: taskText(past) };
  findings.push(...resultFindings(result, on));

  const verdict = verdictOf(findings);
  const isMended = 'value' in mended && canonicalJson(mended.value) !== canonicalJson(answer.value);
  return isMended && on('answer-form') ? { ...verdict, answer: value } : verdict;
}

/** Lines of a text that is more than an answer. */
const WHOLE_LINES = 4;

/** Each of these once blocks. */
const SUSPICIONS: { readonly [Rule in RuleName]?: AnswerRule } = {
  // First: what it says of what to do next is what a model is told.
  'answer-undone': ({ past, unused }) => {
    const meant = changeMeant(currentTask(past), unused);
    if (meant === undefined) return undefined;
    const by = meant.by
      .slice(0, 3)
      .map(({ name }) => name)
      .join(' or ');
    return meant.ordered
      ? {
          message: 'The task asks for a change, and nothing was changed.',
          remedy: `Make it with ${by}, or answer why it cannot be made.`,
        }
      : {
          message: 'The task tells what is so, and nothing was changed.',
          remedy: `Record it with ${by}, or answer why it need not be.`,
        };
  },
  'answer-empty': ({ value, schema }) => {
    // Asked for a list, an empty one is an answer.
    if (!isEmptyValue(value) || (Array.isArray(value) && schema?.type === 'array')) return undefined;
    return {
      message: `The answer says nothing: ${JSON.stringify(value)}.`,
      remedy: 'Await what is a promise, and look at the value before answering.',
    };
  },
  'answer-found-nothing': ({ given, past, returned }) =>
    past.data.size > 0 ? undefined : foundNothing(given, past.lastCalls, returned),
  'answer-unknown': ({ value, past, returned }) => {
    if (!saysUnknown(value)) return undefined;
    const text = String(value).trim().toLowerCase();
    const holds = (other: string) => other.toLowerCase().includes(text);
    if (past.data.size > 0 || holds(taskText(past)) || returned((seen) => holds(JSON.stringify(seen))))
      return undefined;
    return {
      message: `The answer is ${JSON.stringify(value)}.`,
      remedy: 'Read what the tools returned, and look further with other words.',
    };
  },
  'answer-is-error': ({ value, rests }) => {
    if (typeof value !== 'string') return undefined;
    const said = value.trim();
    const isError =
      /^(?:Uncaught )?(?:[A-Z]\w*(?:Error|Exception)|Error|Traceback)\b/.test(said) ||
      /\b(?:is not defined|is not a function|of undefined \(reading)/.test(said);
    const isFailure = rests?.state === 'failed' && said.length > 0 && textOf(rests.parts).trim() === said;
    return isError || isFailure
      ? { message: 'The answer is the text of an error.', remedy: 'Mend the cause, then answer.' }
      : undefined;
  },
  'answer-zero-after-nothing': ({ value, past, rests }) => {
    if (value !== 0 && value !== '0') return undefined;
    const before = past.observations.filter(({ seq }) => rests === undefined || seq <= rests.seq).slice(-2);
    const nothing = before.find(({ parts }) => saysNothing(textOf(parts)));
    return nothing === undefined
      ? undefined
      : {
          message: 'The answer is 0, and what was looked up found nothing.',
          remedy: 'Check the names that were searched for.',
        };
  },
  'answer-whole': ({ value, returned }) => {
    const isLong = typeof value === 'string' && value.trim().split('\n').length >= WHOLE_LINES;
    if (!isLong || !returned((other) => other === value)) return undefined;
    return {
      message: 'The answer is the whole of what a tool returned.',
      remedy: 'Answer with the part that was asked for, if it is there; else look further.',
    };
  },
  'answer-pattern': ({ value, past }) => {
    const asked = patternIn(currentTask(past));
    if (asked === undefined || typeof value !== 'string' || asked.pattern.test(value.trim())) return undefined;
    return { message: `The answer is to look like ${asked.shown}, and is ${JSON.stringify(cutMiddle(value, 60))}.` };
  },
  'answer-is-example': ({ value, past, hasTools, returned }) => {
    if (typeof value !== 'string' || value.trim() === '' || !hasTools || past.data.size > 0) return undefined;
    const text = value.trim().toLowerCase();
    const holds = (other: string) => other.toLowerCase().includes(text);
    const task = taskText(past);
    const isExample = [...task.matchAll(EXAMPLE)].some(([example]) => holds(example));
    if (!isExample || holds(task.replaceAll(EXAMPLE, ' ')) || returned((seen) => holds(JSON.stringify(seen))))
      return undefined;
    return {
      message: `${JSON.stringify(cutMiddle(value, 60))} is only the task's example of an answer.`,
      remedy: 'Answer with what an Observation shows.',
    };
  },
  'answer-asked': ({ value, past, hasTools }) => {
    if (!hasTools || !isOnlyAsked(value, past)) return undefined;
    return {
      message: `${JSON.stringify(cutMiddle(String(value), 60))} stands in the question itself.`,
      remedy: 'Answer with what the question asks for.',
    };
  },
  'answer-unworked': ({ value, said, past, hasTools, held: known }) => {
    if (!said || (!hasTools && past.data.size === 0)) return undefined;
    // Who acts by calls has no program to work it out in.
    if (past.decisions.some(({ decision }) => decision.kind === 'call')) return undefined;
    const own = numbersOf(value).filter((number) => !isCommon(number) && !holds(known.numbers, number));
    if (own.length === 0) return undefined;
    return {
      message: `${[...new Set(own)].slice(0, 3).join(', ')} stands in no observation.`,
      remedy: 'Work it out in a program, with the numbers that an Observation shows.',
    };
  },
  'answer-invented': ({ value, past, rests, hasTools, held: known }) => {
    const program = rests === undefined ? undefined : past.programs.get(rests.of);
    if (program === undefined || rests === undefined) return undefined;
    if (!hasTools && past.data.size === 0) return undefined;
    const code = withoutComments(program.code);
    if (past.data.size === 0 && typeof value === 'string' && isOwnText(value, code, rests, known)) {
      return {
        message: `The program itself wrote ${JSON.stringify(cutMiddle(value, 60))}; nothing that was looked at says so.`,
        remedy: 'Answer with what the data or the tools show.',
      };
    }
    if ((rests.calls ?? 0) > 0) return undefined;
    const touches = touchesData(code, past);
    const earlier = [...past.programs.values()].some(
      ({ of, observation }) => of < program.of && observation?.state === 'done',
    );
    const own = literalsOf(code).filter(
      (number) => !isCommon(number) && !holds(numbersBefore(known.numbers, rests, code), number),
    );
    if (touches || earlier || own.length === 0) return undefined;
    return {
      message: `The program worked with ${own.slice(0, 3).join(', ')}, which nobody gave it, and looked at neither data nor tools.`,
      remedy: 'Read the values from the data or the tools.',
    };
  },
  'task-number-unused': ({ past, rests }) => {
    if (rests === undefined || isAgreedInWords(past, rests.of)) return undefined;
    const used = usedNumbers(past);
    if (used.length === 0 && past.programs.size === 0) return undefined;
    const found = unusedOf(past, used);
    if (found === undefined) return undefined;
    return { message: `The task names ${found.unused}, and no program used it.`, remedy: found.remedy };
  },
};

/** Worked out in words and by a program, it came to the same. */
function isAgreedInWords({ decisions, choices }: History, of: number): boolean {
  const decision = decisions.find(({ seq }) => seq === of)?.decision;
  return decision?.kind === 'candidates' && decision.inWords === true && choices.get(of)?.agreed === true;
}

/**
 * The text stands in the program between quotation marks, and in nothing that was told or seen before. One word is a
 * judgement, and a program may make it.
 */
function isOwnText(value: string, code: string, rests: RunEvent<'observation'>, { texts }: Held): boolean {
  const text = value.trim();
  if (!isWritten(value, code)) return false;
  const own = new Set([textOf(rests.parts), JSON.stringify(rests.value ?? null)]);
  const said = text.toLowerCase();
  return !texts.some((other) => !own.has(other) && other.toLowerCase().includes(said));
}

/** The pattern of the answer that a task shows, between quotation marks and with letters that stand for any: `xxx@xxx.xxx`. */
function patternIn(task: string): { shown: string; pattern: RegExp } | undefined {
  const shown = /\bformat(?:\s+of)?:?\s*(['"“`])([^'"”`\n]{3,40})['"”`]/i.exec(task)?.[2];
  if (shown === undefined || !/x{2}|#{2}|YYYY/i.test(shown)) return undefined;
  const parts = shown.split(/(x+|#+|Y{2,}|M{2,}|D{2,}|H{2,})/i);
  const source = parts.map((part, at) => (at % 2 === 1 ? '\\S.*?' : escaped(part))).join('');
  return { shown, pattern: new RegExp(`^${source}$`, 's') };
}

/** A program names a data variable. */
function touchesData(code: string, past: Pick<History, 'data'>): boolean {
  const names = namesIn(withoutComments(code));
  return [...past.data.keys()].some((name) => names.has(name));
}

/** A result that is longer is something to read. */
const TEXT_CHARS = 40;

/** Longest value of a vote that is shown. */
const VOTE_CHARS = 80;

/** Each of these only warns. */
const DOUBTS: { readonly [Rule in RuleName]?: AnswerRule } = {
  'answer-unsupported': ({ value, rests, past, hasTools, held: known }) => {
    if (rests === undefined) {
      if (!hasTools && past.data.size === 0) return undefined;
      return { message: 'The answer rests on no observation.' };
    }
    const program = past.programs.get(rests.of);
    // A program that worked the answer out of the data, or of what tools returned, is what it rests on.
    const worked = program !== undefined && (touchesData(program.code, past) || (rests.calls ?? 0) > 0);
    if (worked && rests.proposed !== undefined) return undefined;
    const own = numbersOf(value).filter((number) => !isCommon(number) && !holds(known.numbers, number));
    return own.length === 0
      ? undefined
      : { message: `No observation holds ${[...new Set(own)].slice(0, 3).join(', ')}.` };
  },
  'sought-unseen': ({ past, hasTools, returned }) => {
    if (!hasTools || past.data.size > 0) return undefined;
    const sought = soughtIn(currentTask(past));
    if (sought.length === 0 || !returned((value) => typeof value === 'string' && value.length > TEXT_CHARS))
      return undefined;
    const pattern = patternOf(sought);
    if (returned((value) => pattern.test(JSON.stringify(value)))) return undefined;
    return { message: `Nothing that was looked at names ${sought.slice(0, 3).join(', ')}.` };
  },
  'answer-nothing': ({ value, past }) => {
    if (!isNothing(value) || past.data.size === 0) return undefined;
    return { message: `The answer is ${JSON.stringify(value)}: no row met the conditions of the program.` };
  },
  'answer-doubted': ({ rests, past, held: { told }, on }) => {
    if (rests === undefined || past.data.size === 0) return undefined;
    const [doubt] = dataFindings({
      code: programsOfTask(past),
      data: past.data,
      task: taskText(past),
      told,
      on,
    });
    if (doubt !== undefined) return { message: doubt.message };
    const choice = past.choices.get(rests.of);
    const { doubts = [] } = choice?.candidates.find(({ id }) => id === choice.winner) ?? {};
    if (doubts.includes('order-dependent' satisfies RuleName)) {
      return {
        message: 'The answer changes when the data stand in another order: nothing is sorted there, or several tie.',
      };
    }
    return doubts.includes('blank-counted' satisfies RuleName)
      ? { message: 'The answer counts rows without a value, and the task leaves rows out.' }
      : undefined;
  },
  // Also where the answer was worked out of what the last ones chosen from gave.
  'candidates-disagree': ({ past }) => {
    const choice = [...past.choices.values()].at(-1);
    if (choice?.agreed !== false || choice.seq < (past.tasks.at(-1)?.seq ?? 0)) return undefined;
    const votes = Object.entries(choice.votes ?? {})
      .sort(([, one], [, other]) => other - one)
      .map(([value, count]) => `${cutMiddle(value, VOTE_CHARS)} (${count})`)
      .join(', ');
    return {
      message: `The ${choice.candidates.length} programs that were tried disagree${votes === '' ? '' : `: ${votes}`}.`,
    };
  },
};

/** Words with which tools and programs say that they found nothing. */
function saysNothing(text: string): boolean {
  const said = text.trim();
  return (
    /^(?:\[\]|\{\}|null|undefined|NaN|)$/.test(said) ||
    /\bno (?:data|results?|rows?|match(?:es)?|entr(?:y|ies)|records?|items?)\b|\bnot found\b|\bnothing (?:was )?found\b|\bdoes not exist\b|logged nothing/i.test(
      said,
    )
  );
}

/** What was held before the program's own numbers were observed. */
function numbersBefore(numbers: ReadonlySet<number>, rests: RunEvent<'observation'>, code: string): Set<number> {
  const own = new Set(numbersIn(textOf(rests.parts)));
  for (const number of rests.value === undefined ? [] : numbersOf(rests.value)) own.add(number);
  const written = new Set(literalsOf(code));
  return new Set([...numbers].filter((number) => !(own.has(number) && written.has(number))));
}
