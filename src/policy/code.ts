/**
 * The step policy *code*: one program for this round; several, where none of them could have an effect.
 *
 * A prompt is first answered greedily; more programs for the same prompt, and any try after a blocked or pruned program, are
 * sampled at 0.7 with fixed seeds. A blocked program leaves the prompt, and what was wrong with it is told as a short fact: a
 * small model that is shown its failed program writes it again.
 *
 * @module
 */
import { changeMeant } from '../environment/index.ts';
import { type ActionSpace, type Finding, type RunView, requirePositive } from '../record/index.ts';
import { codeBlocks } from './code-blocks.ts';
import { type Dialogue, dialogue } from './dialogue.ts';
import type { StepPolicyOptions } from './plan.ts';
import type { Policy, PolicyContext } from './policy.ts';
import { furtherSample, hintsOf, toTry } from './programs.ts';
import { QUERY_OPENING, queryProgram, queryRequest } from './query.ts';
import { readAnswer } from './read-answer.ts';
import { lastTask, stepRequest } from './step-prompt.ts';
import { surroundings } from './surroundings.ts';
import { CHANGE_TEXTS, STEP_TEXTS } from './texts.ts';
import { isWordProblem, wordsProgram, wordsRequest } from './words.ts';

export interface CodePolicyOptions extends StepPolicyOptions {
  /** Most programs for one step, where all tools are `read`; 1 for never more than one. @default 5 */
  candidates?: number;
  /**
   * Over rows alone, the second program is one SQL query, asked for in other words ({@link queryRequest}), and no vote is decided
   * before it. @default false
   */
  query?: boolean;
  /**
   * Where a task has neither data nor tools and asks for a number, it is worked out in words first, and a program checks that
   * ({@link wordsRequest}). @default true
   */
  words?: boolean;
  /** Temperature of every sample but the first of a prompt. @default 0.7 */
  temperature?: number;
}

/**
 * Where a reply can be begun for the model, it begins so. Left to itself the 1.5B starts by defining the functions it was
 * given (7 of 9 trade tasks); one that starts with a value computes at the top level. Over data alone the same start makes
 * it write the data down again, so there the block is only opened.
 */
const OPENINGS = { tools: '```ts\n// Uses what is declared above.\nconst', data: '```ts\n' } as const;

/**
 * Builds the step policy that writes programs.
 *
 * @throws {OptionError} `entryTokens` or `candidates` is not a whole number of at least 1.
 */
export function code(options: CodePolicyOptions = {}): Policy {
  const {
    instruction = STEP_TEXTS.code,
    entryTokens = 600,
    breakpoints = true,
    candidates = 5,
    query = false,
    words = true,
    temperature = 0.7,
    ...prompt
  } = options;
  requirePositive({ entryTokens, candidates });
  return {
    name: 'code',
    async decide(view, context) {
      const state = view.project(dialogue);
      const space = await context.select('act', state.need);
      const opening =
        context.can.prefill && breakpoints ? OPENINGS[space.tools.length > 0 ? 'tools' : 'data'] : undefined;
      const advice = `${changeDue(view, context)}${hintsOf(state.findings)}`;
      const requestWith = (hints: string) => {
        const asked = {
          state,
          space,
          instruction: `${advice}${hints}${instruction}`,
          entryTokens,
          breakpoints,
          prompt,
          begun: opening !== undefined,
        };
        return stepRequest({ kind: 'code', ...asked }, context);
      };
      const sample = async (n: number, found?: readonly (readonly Finding[])[]) => {
        const { hints, greedy } = furtherSample(n, found);
        const reply = await context.generate({
          ...requestWith(hints),
          ...(opening === undefined ? {} : { prefill: opening }),
          temperature: state.tries === 0 && greedy ? 0 : temperature,
          seed: 1 + view.length + n,
        });
        return { reply, program: breakpoints ? programOf(reply.text, opening ?? '') : reply.text };
      };
      const tables = query && space.tools.length === 0 ? space.sqlTables?.() : undefined;
      const asQuery = async (about: string) => {
        const { prefill } = context.can;
        const asked = queryRequest({ tables: about, task: lastTask(view) }, { prefill, entryTokens });
        const reply = await context.generate({
          ...asked,
          temperature: 0,
          seed: 1 + view.length,
          signal: context.signal,
        });
        return queryProgram(prefill ? QUERY_OPENING + reply.text : reply.text);
      };
      const pull = async (n: number, found?: readonly (readonly Finding[])[]) => {
        if (tables === undefined) return (await sample(n, found)).program;
        const query = n === 1 ? await asQuery(tables) : undefined;
        // What was wrong with the query says nothing of programs.
        return query ?? (await sample(n, found?.toSpliced(1, 1))).program;
      };
      if (words && candidates > 1 && hasOnlyWords(view, state, space)) {
        const inWords = async (n: number) => {
          const how = n === 0 ? { temperature: 0 } : { temperature, seed: 1 + view.length + n };
          const reply = await context.generate({ ...wordsRequest(lastTask(view)), ...how, signal: context.signal });
          return { reply, program: wordsProgram(reply.text) };
        };
        const { reply, program: first } = await inWords(0);
        if (first !== undefined) {
          // Words and programs take turns: samples of one kind make the same slip.
          const pull = async (n: number, found: readonly (readonly Finding[])[] = []) => {
            if (n % 2 === 0) return (await inWords(n)).program;
            const ofPrograms = found.filter((_, at) => at % 2 === 1);
            return (await sample(ofPrograms.length, ofPrograms)).program;
          };
          const from = { selection: space.seq, call: reply.seq };
          return { kind: 'candidates', first, most: candidates, least: 2, inWords: true, pull, ...from };
        }
      }
      const { reply, program } = await sample(0);
      const from = { selection: space.seq, call: reply.seq };
      if (program === undefined) {
        const answer = state.observations > 0 ? readAnswer(reply.text) : undefined;
        if (answer !== undefined) return { kind: 'answer', ...answer, ...from };
        return { kind: 'correct', problem: 'Reply with one ```ts block.', reply: reply.text, ...from };
      }
      return { ...toTry(program, candidates, space, pull, tables === undefined ? 1 : 2), ...from };
    },
  };
}

/** Says that a change is due, and with what; only with what can be undone where the task does not order it. */
function changeDue(view: RunView, { tools }: PolicyContext): string {
  const { task, calls } = view.project(surroundings);
  const meant = changeMeant(task, tools);
  const isChange = (tool: string) => tools.some(({ name, effect }) => name === tool && effect !== 'read');
  if (meant === undefined || calls.some(({ tool }) => isChange(tool))) return '';
  const by = meant.by.slice(0, MOST_NAMED);
  const names = by.map(({ name, description }) => {
    const verbs = verbsFor(task, [...new Set(description.match(SQL_CHANGES))]).map((verb) => `one ${verb}`);
    return verbs.length === 0 ? name : `${name} and ${verbs.join(' or ')}`;
  });
  const values = by.some(({ description }) => description.search(SQL_CHANGES) >= 0) ? ` ${CHANGE_TEXTS.values}` : '';
  return `${CHANGE_TEXTS[meant.ordered ? 'ordered' : 'told'](names.join(', or '))}${values}\n`;
}

const MOST_NAMED = 3;

/** The verbs that a task's own words mean; without such words those that take its values. */
function verbsFor(task: string, verbs: readonly string[]): string[] {
  const meant = verbs.filter((verb) => VERB_WORDS[verb]?.test(task));
  return meant.length > 0 ? meant : verbs.filter((verb) => verb !== 'DELETE');
}

const VERB_WORDS: { readonly [verb: string]: RegExp } = {
  INSERT: /\b(?:insert|add)(?:s|ed|ing)?\b/i,
  UPDATE: /\b(?:updat|chang|modif|renam)(?:e|es|ed|ing|y|ied)\b/i,
  DELETE: /\b(?:delet|remov)(?:e|es|ed|ing)\b/i,
};
const SQL_CHANGES = /\b(?:INSERT|UPDATE|DELETE)\b/g;

/** Nothing is there to look at or to call, and nothing was tried yet. */
const hasOnlyWords = (view: RunView, { tries, observations, hasData }: Dialogue, { tools }: ActionSpace) =>
  tools.length === 0 &&
  !hasData &&
  tries === 0 &&
  observations === 0 &&
  isWordProblem(lastTask(view), view.last('task')?.answer);

function programOf(reply: string, opening: string): string | undefined {
  const [block] = codeBlocks(reply.includes('```ts') ? reply : opening + reply);
  return block;
}
