/**
 * The prompt of a step: fixed text, tools and data, task | the dialogue | the step's instruction (and, where tools were
 * ranked, the selected ones). All up to the last message is the beginning of the next step's prompt.
 *
 * @module
 */
import type { ModelRequest } from '../model/index.ts';
import { type ActionSpace, fitMessages, type Message, type RunView, textOf } from '../record/index.ts';
import { type EntryKind, stopsFor } from './breakpoints.ts';
import { type Dialogue, dialogue } from './dialogue.ts';
import type { PolicyContext } from './policy.ts';
import { POACT_TEXT } from './texts.ts';

export interface StepPromptOptions {
  /** Ahead of everything. @default POACT_TEXT */
  text?: string;
  /** A worked program, after the text. One with names of its own misleads a small model: it calls them. @default none */
  example?: string;
}

/** Builds the messages of one step's prompt. */
function stepPrompt(
  { messages }: Dialogue,
  space: ActionSpace,
  instruction: string,
  { text = POACT_TEXT, example = '' }: StepPromptOptions = {},
): Message[] {
  const front = [text, example, space.complete ? space.text : ''].filter((part) => part !== '').join('\n\n');
  const tail = space.complete || space.text === '' ? instruction : `${space.text}\n\n${instruction}`;
  return [system(front), ...messages, user(tail)];
}

const system = (text: string): Message => ({ role: 'system', parts: [{ text }] });
const user = (text: string): Message => ({ role: 'user', parts: [{ text }] });

/** What a chat template adds, and what an estimate of tokens may miss. */
const SPARE_SHARE = 0.1;

/** Cuts a prompt to the model's window, less the reply: the oldest observations first, and said so. */
export function fitted(messages: readonly Message[], contextTokens: number, replyTokens: number): readonly Message[] {
  return fitMessages(messages, Math.max(256, Math.floor(contextTokens * (1 - SPARE_SHARE)) - replyTokens));
}

/** What the step policies ask alike; how it is sampled is each policy's own. */
export interface StepRequestOptions {
  kind: EntryKind | 'step';
  state: Dialogue;
  space: ActionSpace;
  instruction: string;
  entryTokens: number;
  breakpoints: boolean;
  prompt: StepPromptOptions;
  /** The reply is begun for the model. */
  begun?: boolean;
}

/** The request for one entry of a kind: its prompt within the window, its stop strings, its length. */
export function stepRequest(
  { kind, state, space, instruction, entryTokens, breakpoints, prompt, begun = false }: StepRequestOptions,
  { can, signal }: Pick<PolicyContext, 'can' | 'signal'>,
): ModelRequest & { purpose: EntryKind | 'step' } {
  return {
    messages: fitted(stepPrompt(state, space, instruction, prompt), can.contextTokens, entryTokens),
    ...(breakpoints ? { stop: stopsFor(kind, { begun }) } : {}),
    maxTokens: entryTokens,
    purpose: kind,
    signal,
  };
}

/** Greedy at first; afresh, with another seed, after each try that came to nothing. */
export const sampledAfresh = (tries: number) => ({ temperature: tries === 0 ? 0 : 0.7, seed: 1 + tries });

/** What a step policy that writes one entry of words asks: all but the place it is asked from. */
export interface EntryRequest extends Pick<StepRequestOptions, 'entryTokens' | 'breakpoints' | 'prompt'> {
  kind: EntryKind;
  instruction(state: Dialogue): string;
  /** How the reply is begun, where that can be. */
  prefill?: string;
}

/** Asks for one entry of words: what was replied, and where from. */
export async function askEntry(
  { instruction, prefill, ...asked }: EntryRequest,
  view: RunView,
  context: PolicyContext,
): Promise<{ text: string; state: Dialogue; from: { selection: number; call: number } }> {
  const space = await context.select('think');
  const state = view.project(dialogue);
  const begun = prefill !== undefined && context.can.prefill && asked.breakpoints;
  const reply = await context.generate({
    ...stepRequest({ ...asked, state, space, instruction: instruction(state) }, context),
    ...(begun ? { prefill } : {}),
    ...sampledAfresh(state.tries),
  });
  return { text: reply.text, state, from: { selection: space.seq, call: reply.seq } };
}

/** The text of the task that is worked on. */
export const lastTask = (view: RunView): string => textOf(view.last('task')?.parts ?? []);
