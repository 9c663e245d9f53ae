/**
 * Judges a program before it runs.
 *
 * @module
 */
import type { DataVariable, Finding, ToolFacts, Verdict } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { history, taskText } from './history.ts';
import { held, holds, isCommon, literalsOf, numbersIn, taskPercentages, withoutComments } from './numbers.ts';
import { argumentTexts, mendPercent, percentFindings } from './percent.ts';
import { dataFindings, programsOfTask } from './review-data.ts';
import type { RuleName } from './rules.ts';
import { namesIn, textsIn, variablesIn } from './source-text.ts';
import { foundBy, referencesOf } from './task-columns.ts';
import { numberFindings } from './task-numbers.ts';
import type { NamedTool } from './tool.ts';
import { normalised, turns } from './turns.ts';
import { verdictOf } from './verdict.ts';

/** What the type checker said of a program. */
export interface CheckedProgram {
  findings: Finding[];
  /** The program as the checker mended it. */
  amended?: string;
}

export interface ProgramReview {
  tools: readonly NamedTool[];
  on(rule: RuleName): boolean;
  /** The type checker; left out when it is switched off. */
  check?: (code: string, tools: readonly NamedTool[], run: RunContext) => Promise<CheckedProgram>;
}

export async function reviewProgram(
  parts: ProgramReview,
  { code, selection }: { code: string; selection?: number | undefined },
  run: RunContext,
): Promise<Verdict> {
  const tools = offeredTools(parts.tools, selection, run);
  const repeats = repeatFindings(parts, code, run);
  if (repeats.some(({ severity }) => severity === 'block')) return verdictOf(repeats);
  const { findings: checked, amended: typed } = (await parts.check?.(code, tools, run)) ?? { findings: [] };
  const { found: percent, amended } = reviewPercent(parts, typed ?? code, typed, run);
  const findings = [
    ...checked,
    ...repeats,
    ...percent,
    ...unheldFindings(parts, code, run),
    ...meetsData(parts, code, run),
    ...(parts.on('named-number-unused') ? numberFindings(code, run.view.project(history)) : []),
    ...inventedFindings(parts, code, run),
    ...inventedArguments(parts, code, run),
    ...(parts.on('value-assumed') ? assumedValues(code, [...run.view.project(history).data.values()]) : []),
  ];
  return { ...verdictOf(findings), ...(amended === undefined ? {} : { amended }) };
}

/** What is certain is mended: the task says 7 %, the tool takes percent, and the program gives 0.07 for nothing else. */
function reviewPercent(
  { on, tools }: ProgramReview,
  code: string,
  amended: string | undefined,
  run: RunContext,
): { found: Finding[]; amended: string | undefined } {
  const named = run.view.project(taskPercentages);
  const mended = on('percent-mended') ? mendPercent(tools, code, named) : undefined;
  if (mended === undefined) {
    return { found: on('percent-as-fraction') ? percentFindings(tools, code, named) : [], amended };
  }
  const changes = mended.changed.map(([from, to]) => `${from} was made ${to}`).join(', ');
  const message = `A tool takes percent, and got a fraction: ${changes}.`;
  return { found: [{ rule: 'percent-mended', severity: 'warn', message }], amended: mended.code };
}

function meetsData({ on }: ProgramReview, code: string, run: RunContext): Finding[] {
  const past = run.view.project(history);
  if (past.data.size === 0) return [];
  const { told } = run.view.project(held);
  return dataFindings({ code, before: programsOfTask(past), data: past.data, task: taskText(past), told, on });
}

/** The tools of the selection that a decision was made from. */
export function offeredTools(
  tools: readonly NamedTool[],
  selection: number | undefined,
  run: RunContext,
): readonly NamedTool[] {
  const event = selection === undefined ? undefined : run.view.at(selection);
  if (event?.kind !== 'selection' || event.tools.length === tools.length) return tools;
  const names = new Set(event.tools);
  return tools.filter(({ name }) => names.has(name));
}

function repeatFindings({ on, tools }: ProgramReview, code: string, run: RunContext): Finding[] {
  const earlier = run.view.project(turns).programs.get(normalised(code));
  if (earlier?.ok === false && on('failed-repeated')) {
    const { error } = earlier;
    const failure = error === undefined ? '' : ` (${error.name}: ${error.message.slice(0, 200)})`;
    return [
      {
        rule: 'failed-repeated',
        severity: 'block',
        message: `This program already failed${failure}.`,
        remedy: 'Write another one.',
      },
    ];
  }
  if (earlier?.ok === true && on('repeated')) {
    const names = namesIn(code);
    const polls = tools.some(({ name, poll }) => poll === true && names.has(name));
    const message = 'This program already ran; its result stands in the history.';
    const severity = polls || answered(code, run) || wasBlocked('repeated', message, run) ? 'warn' : 'block';
    return [{ rule: 'repeated', severity, message, remedy: 'Go on from its result.' }];
  }
  return [];
}

function unheldFindings({ on }: ProgramReview, code: string, run: RunContext): Finding[] {
  if (!on('value-unheld')) return [];
  const known = run.view.project(held);
  const unheld = literalsOf(code).filter(
    (number) => !isCommon(number) && !holds(known.numbers, number) && !known.programs.has(Math.abs(number)),
  );
  const list = [...new Set([...unheld.map(String), ...unheldDays(code, known.texts)])].slice(0, 5).join(', ');
  if (list === '') return [];
  return [
    {
      rule: 'value-unheld',
      severity: 'warn',
      message: `Where ${list} comes from is not in the task, the data or an observation.`,
    },
  ];
}

/** `total += 30; // assuming each is 30 minutes long`: what stands for something that the model did not look up. */
const ASSUMES =
  /^(.*?)(?:\/\/|\/\*)(.*\b(?:assum(?:e|es|ed|ing)|placeholder|hypothetical|dummy|made[- ]up|for (?:example|simplicity|illustration)|(?:sample|example) (?:data|values?))\b.*)$/i;
const OWN_VALUE = /(?<![\w$.])\d+(?:\.\d+)?\b|(["'`])(?:(?!\1).)+\1/;

function assumedValues(code: string, data: readonly DataVariable[]): Finding[] {
  for (const line of code.split('\n')) {
    const [, before = '', comment = ''] = ASSUMES.exec(line) ?? [];
    if (comment === '' || !/\d|["'`]/.test(comment) || !OWN_VALUE.test(before)) continue;
    const message = `The program assumes a value: \`${line.trim().slice(0, LINE_CHARS)}\`.`;
    const names = variablesIn(code);
    const unread = referencesOf(data).find(({ from, variable }) => names.has(from) && !names.has(variable));
    const where = unread === undefined ? '' : `: \`${foundBy(unread, 'id')}\``;
    return [{ rule: 'value-assumed', severity: 'warn', message, remedy: `Read it from the data${where}.` }];
  }
  return [];
}

const LINE_CHARS = 100;

/** A day that rows are to have, where nobody named that day: `=== "2026-04-01"` for "in April". */
function unheldDays(code: string, told: readonly string[]): string[] {
  const days = [...withoutComments(code).matchAll(/[!=]==?\s*["'`](\d{4}-\d{2}-(\d{2}))["'`]/g)];
  if (days.length === 0) return [];
  const numbers = new Set(told.flatMap(numbersIn));
  return days.flatMap(([, date = '', day]) =>
    numbers.has(Number(day)) || told.some((text) => text.includes(date)) ? [] : [date],
  );
}

/** Texts that are not made up lightly: addresses, ids, paths, phone numbers. */
const POINTED = /^(?:[^\s@]+@[^\s@]+\.\w+|[\w-]*\d[\w-]{3,}|(?:\.{0,2}\/|https?:\/\/)\S+|\+?\d[\d ()-]{6,})$/;

function inventedFindings({ on, tools }: ProgramReview, code: string, run: RunContext): Finding[] {
  if (!on('effect-invented')) return [];
  const plain = withoutComments(code);
  return tools
    .filter(({ effect, name }) => effect !== 'read' && plain.includes(name))
    .flatMap((tool) => {
      const literals = argumentTexts(plain, tool.name).flatMap(textsIn);
      return inventedIn(literals, tool, run);
    });
}

/** Where something is to be looked for: a web address or an absolute path. */
const ADDRESS = /^(?:https?:\/\/\S+|\/[\w.-]+(?:\/[\w.-]*)*)$/;
/** Examples that are no words: an expression, an id, a date. */
const OWN_EXAMPLE = /^(?=.*\d).{4,}$/;

/**
 * Addresses that a small model makes up rather than looks for, and examples of declarations that it takes for its task. It may
 * know better: each is blocked once.
 */
function inventedArguments({ on, tools }: ProgramReview, code: string, run: RunContext): Finding[] {
  if (!on('argument-invented')) return [];
  const plain = withoutComments(code);
  const names = namesIn(plain);
  const called = tools.filter(({ name }) => names.has(name));
  if (called.length === 0) return [];
  const literals = [...new Set(textsIn(plain))];
  const { texts } = run.view.project(held);
  const isTold = (literal: string) => texts.some((text) => text.includes(literal));
  const docs = called.map(({ description, examples }) => `${description} ${JSON.stringify(examples ?? [])}`);
  const isExample = (literal: string) => OWN_EXAMPLE.test(literal) && docs.some((doc) => doc.includes(`"${literal}"`));
  const found = literals.find((literal) => (ADDRESS.test(literal) || isExample(literal)) && !isTold(literal));
  if (found === undefined) return [];
  const harmless = tools.every(({ effect }) => effect === 'read');
  const message = ADDRESS.test(found)
    ? `${JSON.stringify(found)} stands nowhere in the task or an observation.`
    : `${JSON.stringify(found)} is only an example in a tool's description.`;
  const severity = harmless || wasBlocked('argument-invented', message, run) ? 'warn' : 'block';
  return [{ rule: 'argument-invented', severity, message, remedy: lookFirst(tools) }];
}

/** A rule blocked a program of the current task with just these words. */
function wasBlocked(rule: RuleName, message: string, run: RunContext): boolean {
  const since = run.view.project(history).tasks.at(-1)?.seq ?? 0;
  const isIt = (found: Finding) => found.rule === rule && found.message === message;
  return run.view
    .events()
    .slice(since)
    .some((event) => event.kind === 'review' && event.verdict === 'block' && event.findings?.some(isIt));
}

/** A program gave an answer before: one that was refused may be insisted on. */
function answered(code: string, run: RunContext): boolean {
  const text = normalised(code);
  const { programs } = run.view.project(history);
  return [...programs.values()].some(
    (past) => past.observation?.proposed !== undefined && normalised(past.code) === text,
  );
}

/** A tool that shows something and needs to be told nothing is where to begin. */
function lookFirst(tools: readonly NamedTool[]): string {
  const needs = ({ input }: NamedTool) => Array.isArray(input.required) && input.required.length > 0;
  const shows = tools.find((tool) => tool.effect === 'read' && !needs(tool));
  return shows === undefined
    ? 'Look first: log what a tool returns.'
    : `Look first, and stop there: console.log(await ${shows.name}()).`;
}

/** Which of some texts point at something that the run has not seen. */
export function inventedIn(literals: readonly string[], tool: ToolFacts, run: RunContext): Finding[] {
  const pointed = literals.filter((literal) => POINTED.test(literal));
  if (pointed.length === 0) return [];
  const { texts } = run.view.project(held);
  const unseen = pointed.filter((literal) => !texts.some((text) => text.includes(literal)));
  return unseen.slice(0, 3).map((literal) => ({
    rule: 'effect-invented',
    severity: 'warn',
    message: `${tool.name} changes something, and ${JSON.stringify(literal)} stands nowhere in the task or an observation.`,
  }));
}
