/**
 * ReAct: thought, action, observation; an action is one tool call as data (Yao et al. 2022, arXiv 2210.03629).
 *
 * Models that take tools as data are given them; others write `Action: tool` and `Action Input: {"…"}` in text, read by the
 * paper's rules: stop at `Observation`, take the first action, and ask once more for the action alone when there is none.
 *
 * @module
 */
import type { Model, ModelTool } from '../model/index.ts';
import {
  type ActionSpace,
  cutMiddle,
  type Decision,
  type Message,
  type Part,
  type Projection,
  type RunEvent,
  requirePositive,
  textOf,
} from '../record/index.ts';
import type { Policy, PolicyContext } from './policy.ts';
import { type ReadAction, readAction, thoughtOf } from './read-action.ts';
import { fitted } from './step-prompt.ts';

export interface ReactOptions {
  /** The model that decides. @default the agent's */
  model?: Model;
  /**
   * Ahead of tools and task, where tools are given in text; `{tools}` becomes their names.
   *
   * @default {@link REACT_RULES}.instructions, or its `withoutTools` in a step that has none
   */
  instructions?: string;
  /** Longest observation shown, in characters. @default 4_000 */
  observationChars?: number;
  /** Longest reply, in tokens. @default 1_000 with tools as data, where it may be the whole answer; 300 in text */
  replyTokens?: number;
  /** Gives tools as data where the model takes them; `false` for text always. @default true */
  native?: boolean;
}

/** What the text format says and where it is cut, as data. */
export const REACT_RULES = {
  /** The format that models know best: LangChain's. `{tools}` becomes the names of the step's tools. */
  instructions: `Solve the task with the tools below. Use this format:

Thought: what to do next
Action: the tool to use, one of {tools}
Action Input: its arguments as one JSON object
Observation: what the tool returned
(Thought, Action, Action Input and Observation repeat until you know the answer; then)
Thought: I now know the answer
Final Answer: the answer alone`,
  /** The same where nothing can be called. */
  withoutTools: `Solve the task. Use this format:

Thought: how to find the answer, step by step
Final Answer: the answer alone`,
  /** A reply ends where an observation would begin. */
  stop: ['\nObservation', '\nQuestion:', '\nTask:'],
  /** How a reply begins, where the model can be begun for. */
  begin: 'Thought:',
  /** What the model goes on from when its reply had no action (the paper's second call). */
  repair: 'Action:',
  /** The same where nothing can be called. */
  repairWithoutTools: 'Final Answer:',
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
  const { model, instructions, observationChars = 4_000, replyTokens, native = true } = options;
  const [dataTokens, textTokens] = [replyTokens ?? 1_000, replyTokens ?? 300];
  requirePositive({ observationChars, replyTokens: textTokens });
  const asData = hearing(observationChars, true);
  const asText = hearing(observationChars, false);

  return {
    name: 'react',
    format: 'json',
    async decide(view, context) {
      const selecting = context.select('act');
      const space = selecting instanceof Promise ? await selecting : selecting;
      if (native && (model?.can ?? context.can).tools) {
        return decideAsData(view.project(asData), space, context, model, dataTokens);
      }
      return { ...(await decideAsText(view.project(asText), space, context)), selection: space.seq };
    },
  };

  async function decideAsText(heard: Heard, space: ActionSpace, context: PolicyContext): Promise<Decision> {
    const can = model?.can ?? context.can;
    const front = say('system', { text: frontOf(instructions, space) });
    const ask = {
      messages: [front, ...heardWithin(heard, can.contextTokens, 2 * textTokens)],
      stop: REACT_RULES.stop,
      maxTokens: textTokens,
      temperature: heard.tries === 0 ? 0 : 0.7,
      seed: 1 + heard.tries,
      signal: context.signal,
    };
    const { begin } = REACT_RULES;
    const repair = space.schemas.length > 0 ? REACT_RULES.repair : REACT_RULES.repairWithoutTools;
    const began = can.prefill ? { prefill: begin } : {};
    const reply = await context.generate({ ...ask, ...began, purpose: 'react' }, model);
    const action = readAction(reply.text, space.schemas);
    if (action !== undefined) return { ...toDecision(action, reply.seq), call: reply.seq };
    const thought = `${begin} ${thoughtOf(reply.text)}\n${repair}`;
    const repaired = await context.generate(
      can.prefill
        ? { ...ask, prefill: thought, purpose: 'react-action' }
        : { ...ask, messages: [...ask.messages, say('assistant', { text: thought })], purpose: 'react-action' },
      model,
    );
    const second = readAction(withMark(repaired.text, repair), space.schemas);
    if (second !== undefined) return { ...toDecision(second, reply.seq), call: repaired.seq };
    const said = cutMiddle(repaired.text.trim(), 200);
    return { kind: 'correct', problem: `Not an action: ${said}`, reply: repaired.text, call: repaired.seq };
  }
}

/** What is ahead of the task: the format with the names of the tools, and what there is. */
function frontOf(own: string | undefined, { schemas, text }: ActionSpace): string {
  const { instructions, withoutTools } = REACT_RULES;
  if (own === undefined && schemas.length === 0) return text === '' ? withoutTools : `${withoutTools}\n\n${text}`;
  const names = schemas.map(({ name }) => name).join(', ');
  return `${(own ?? instructions).replaceAll('{tools}', () => `[${names}]`)}\n\nTools:\n${text}`;
}

/** The second reply goes on after `Action:`, or says it again. */
const withMark = (text: string, mark: string) =>
  /^\s*(?:thought|action|final answer)\b[^\n]*:/i.test(text) ? text : `${mark} ${text}`;

function toDecision(action: ReadAction, id: number): Decision {
  if ('answer' in action) return { kind: 'answer', value: action.answer };
  return { kind: 'call', calls: [{ id: `r${id}`, ...action }] };
}

interface Heard {
  messages: Message[];
  /** What the last reply said beside its action. */
  thought: string;
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
): Promise<Decision> {
  const reply = await generate(
    {
      messages: heardWithin(heard, (model?.can ?? can).contextTokens, maxTokens),
      tools: space.schemas as ModelTool[],
      maxTokens,
      temperature: heard.tries === 0 ? 0 : 0.7,
      seed: 1 + heard.tries,
      purpose: 'react',
      signal,
    },
    model,
  );
  const { seq: selection } = space;
  const { calls, seq: call } = reply;
  if (calls !== undefined && calls.length > 0) return { kind: 'call', calls, call, selection };
  const value = reply.text.trim();
  if (value === '') return { kind: 'correct', problem: 'The reply was empty.', call, selection };
  return { kind: 'answer', value, call, selection };
}

/** The log as ReAct hears it: calls and results as parts, or as the paper's lines. */
function hearing(observationChars: number, data: boolean): Projection<Heard> {
  return {
    rewinds: true,
    start: () => ({ messages: [], thought: '', tries: 0, chars: 0 }),
    next(heard, event) {
      let at = heard.messages.length;
      if (event.kind === 'task') heard.messages.push({ role: 'user', parts: event.parts });
      if (event.kind === 'model-call' && event.purpose === 'react' && event.reply !== undefined)
        heard.thought = data ? event.reply.text.trim() : thoughtOf(event.reply.text);
      if (event.kind === 'decision') {
        heard.tries += 1;
        const said = saidParts(event, heard.thought, data);
        if (said.length > 0) heard.messages.push(say('assistant', ...said));
        heard.thought = '';
      }
      if (event.kind === 'observation') {
        heard.tries = 0;
        const text = cutMiddle(textOf(event.parts), observationChars);
        heard.messages.push(data ? say('tool', ...event.parts) : say('user', { text: `Observation: ${text}` }));
      }
      if (event.kind === 'review' && event.verdict === 'block' && event.what !== 'path') blocked(heard, event, data);
      if (event.kind === 'reply') heard.messages.push({ role: 'user', parts: event.parts });
      for (; at < heard.messages.length; at++) heard.chars += textOf((heard.messages[at] as Message).parts).length;
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

function saidParts({ decision }: RunEvent<'decision'>, thought: string, data: boolean): Part[] {
  if (decision.kind === 'answer') return [{ text: `${data ? '' : 'Final Answer: '}${JSON.stringify(decision.value)}` }];
  if (decision.kind !== 'call') return [];
  const calls: Part[] = decision.calls.map(({ id, tool, args }) =>
    data ? { call: id, tool, args } : { text: `Action: ${tool}\nAction Input: ${JSON.stringify(args)}` },
  );
  if (thought === '') return calls;
  return [{ text: data ? thought : `${REACT_RULES.begin} ${thought}` }, ...calls];
}

const say = (role: Message['role'], ...parts: Part[]): Message => ({ role, parts });
