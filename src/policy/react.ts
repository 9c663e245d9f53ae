/**
 * ReAct: thought, action, observation; an action is one tool call as data (Yao et al. 2022, arXiv 2210.03629).
 *
 * Models that take tools as data are given them; others write `Action: tool {"…"}` in text, read by the paper's rules:
 * stop at `Observation`, split at `Action`, and ask once more for the action alone when there is none.
 *
 * @module
 */
import type { Generate, Model } from '../model/index.ts';
import {
  type ActionSpace,
  cutMiddle,
  type Decision,
  type Json,
  type Message,
  type Part,
  type Projection,
  type RunEvent,
  requirePositive,
  textOf,
} from '../record/index.ts';
import type { Policy, PolicyContext } from './policy.ts';
import { wordsToJson } from './read-answer.ts';
import { fitted } from './step-prompt.ts';

export interface ReactOptions {
  /** The model that decides. @default the agent's */
  model?: Model;
  /** Ahead of tools and task, where tools are given in text. @default {@link REACT_RULES}.instructions */
  instructions?: string;
  /** Longest observation shown, in characters. @default 4_000 */
  observationChars?: number;
  /** Longest reply, in tokens. @default 300 */
  replyTokens?: number;
  /** Gives tools as data where the model takes them; `false` for the paper's text always. @default true */
  native?: boolean;
}

/** The paper's parse and repair rules, as data. */
export const REACT_RULES = {
  instructions: `Solve the task with interleaving Thought, Action and Observation. Write one Thought and one Action, then stop.
Thought: what to do next.
Action: a tool's name, then its arguments as JSON on the same line, for example: Action: price {"item": "lamp"}
When you know the answer: Action: finish {"answer": …}`,
  /** A reply ends where an observation would begin. */
  stop: ['\nObservation', '\nTask:'],
  /** The call for the action alone ends with its line. */
  actionStop: ['\n'],
  /** Where the action begins. Case does not matter; the first one counts. */
  split: /(?:^|\n)\s*\**action\**\s*\d*\s*:\s*/i,
  /** A tool's name, then JSON in any brackets: `price {"item": "lamp"}`, `price({"item": "lamp"})`, `price[lamp]`. */
  action: /^`?([A-Za-z_$][\w$.-]*)`?\s*(?:\(\s*([\s\S]*?)\s*\)|\[\s*([\s\S]*?)\s*\]|([{["\d-][\s\S]*?))?\s*$/,
  /** The action that ends the run. */
  finish: /^(?:finish|answer|final_answer)$/i,
  repair: 'Action:',
} as const;

/**
 * Builds the ReAct policy. The agent's action controller gives it the format `json`.
 *
 * @throws {OptionError} `observationChars` or `replyTokens` is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, policy: react() });
 * ```
 */
export function react(options: ReactOptions = {}): Policy {
  const {
    model,
    instructions = REACT_RULES.instructions,
    observationChars = 4_000,
    replyTokens = 300,
    native = true,
  } = options;
  requirePositive({ observationChars, replyTokens });
  const asData = hearing(observationChars, true);
  const asText = hearing(observationChars, false);

  return {
    name: 'react',
    format: 'json',
    async decide(view, context) {
      const space = await context.select('act');
      if (native && (model?.can ?? context.can).tools) {
        return {
          ...(await decideAsData(view.project(asData), space, context, model, replyTokens)),
          selection: space.seq,
        };
      }
      const heard = view.project(asText);
      const messages = heardWithin(heard, (model?.can ?? context.can).contextTokens, 2 * replyTokens);
      const front: Message = { role: 'system', parts: [{ text: `${instructions}\n\nTools:\n${space.text}` }] };
      const ask = {
        messages: [front, ...messages],
        temperature: heard.tries === 0 ? 0 : 0.7,
        seed: 1 + heard.tries,
        signal: context.signal,
      };
      return { ...(await decideAsText(ask, context.generate, model, replyTokens, view.length)), selection: space.seq };
    },
  };
}

interface Heard {
  messages: Message[];
  tries: number;
  /** Characters of the messages, so that a short history need not be measured anew. */
  chars: number;
}

/** The history, cut where it outgrows the window. */
function heardWithin({ messages, chars }: Heard, contextTokens: number, replyTokens: number): readonly Message[] {
  return chars < contextTokens ? messages : fitted(messages, contextTokens, replyTokens);
}

async function decideAsData(
  heard: Heard,
  space: ActionSpace,
  { generate, can, signal }: PolicyContext,
  model: Model | undefined,
  maxTokens: number,
) {
  const reply = await generate(
    {
      messages: heardWithin(heard, (model?.can ?? can).contextTokens, maxTokens),
      tools: space.schemas.map(({ name, description, input }) => ({
        name,
        description,
        input: input as { [key: string]: Json },
      })),
      maxTokens,
      temperature: heard.tries === 0 ? 0 : 0.7,
      seed: 1 + heard.tries,
      purpose: 'react',
      signal,
    },
    model,
  );
  const calls = reply.calls ?? [];
  if (calls.length > 0) return { kind: 'call', calls, call: reply.seq } satisfies Decision;
  return { kind: 'answer', value: reply.text.trim(), call: reply.seq } satisfies Decision;
}

type Ask = { messages: Message[]; temperature: number; seed: number; signal: AbortSignal };

async function decideAsText(
  ask: Ask,
  generate: Generate,
  model: Model | undefined,
  maxTokens: number,
  id: number,
): Promise<Decision> {
  const { stop, actionStop, split, repair } = REACT_RULES;
  const reply = await generate({ ...ask, stop, maxTokens, purpose: 'react' }, model);
  const at = split.exec(reply.text);
  if (at !== null) return { ...toDecision(reply.text.slice(at.index + at[0].length), id), call: reply.seq };
  const thought = reply.text.trim();
  const repaired = await generate(
    {
      ...ask,
      messages: [...ask.messages, { role: 'assistant', parts: [{ text: `${thought}\n${repair}` }] }],
      stop: actionStop,
      maxTokens,
      purpose: 'react-action',
    },
    model,
  );
  const line = repaired.text.replace(/^\s*action\s*:\s*/i, '');
  return { ...toDecision(line, id), call: repaired.seq };
}

/** An action's line as a decision. What cannot be read is the model's slip; a made-up observation after it is cut. */
function toDecision(text: string, id: number): Decision {
  const line = text.split(/\n\s*\**(?:observation|thought|action)\b/i)[0]?.trim() ?? '';
  const [, tool, round, square, bare] = REACT_RULES.action.exec(line) ?? [];
  if (tool === undefined) return { kind: 'correct', problem: `Not an action: ${cutMiddle(line, 200)}`, reply: text };
  const words = (round ?? square ?? bare ?? '').trim();
  const args = words === '' ? {} : wordsToJson(words);
  if (!REACT_RULES.finish.test(tool)) return { kind: 'call', calls: [{ id: `r${id}`, tool, args }] };
  const given =
    typeof args === 'object' && args !== null && !Array.isArray(args) && 'answer' in args ? args.answer : args;
  return { kind: 'answer', value: given ?? null };
}

/** The log as ReAct hears it: calls and results as parts, or as the paper's lines. */
function hearing(observationChars: number, data: boolean): Projection<Heard> {
  const say = (role: Message['role'], ...parts: Part[]): Message => ({ role, parts });
  return {
    start: () => ({ messages: [], tries: 0, chars: 0 }),
    next(heard, event) {
      const before = heard.messages.length;
      if (event.kind === 'task') heard.messages.push({ role: 'user', parts: event.parts });
      if (event.kind === 'decision') {
        heard.tries += 1;
        if (event.decision.kind === 'call') heard.messages.push(say('assistant', ...callParts(event, data)));
        if (event.decision.kind === 'answer')
          heard.messages.push(say('assistant', { text: JSON.stringify(event.decision.value) }));
      }
      if (event.kind === 'observation') {
        heard.tries = 0;
        const text = cutMiddle(textOf(event.parts), observationChars);
        heard.messages.push(data ? say('tool', ...event.parts) : say('user', { text: `Observation: ${text}` }));
      }
      if (event.kind === 'review' && event.verdict === 'block' && event.what !== 'path') blocked(heard, event, data);
      if (event.kind === 'reply') heard.messages.push({ role: 'user', parts: event.parts });
      for (const { parts } of heard.messages.slice(before)) heard.chars += textOf(parts).length;
      return heard;
    },
  };
}

function blocked({ messages }: Heard, { reason, rule }: RunEvent<'review'>, data: boolean): void {
  const why = reason ?? rule;
  const calls = messages.at(-1)?.parts.filter((part) => 'call' in part) ?? [];
  if (!data || calls.length === 0) messages.push({ role: 'user', parts: [{ text: `Observation: not done: ${why}` }] });
  else
    messages.push({
      role: 'tool',
      parts: calls.map(({ call, tool }) => ({ result: call, tool, value: why, isError: true })),
    });
}

function callParts({ decision }: RunEvent<'decision'>, data: boolean): Part[] {
  if (decision.kind !== 'call') return [];
  if (data) return decision.calls.map(({ id, tool, args }) => ({ call: id, tool, args }));
  return decision.calls.map(({ tool, args }) => ({ text: `Action: ${tool} ${JSON.stringify(args)}` }));
}
