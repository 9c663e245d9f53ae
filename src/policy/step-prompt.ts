/**
 * The prompt of a step: fixed text, tools and data, task | the dialogue | the step's instruction (and, where tools were
 * ranked, the selected ones). All up to the last message is the beginning of the next step's prompt.
 *
 * @module
 */
import { type ActionSpace, fitMessages, type Message } from '../record/index.ts';
import type { Dialogue } from './dialogue.ts';
import { CODE_EXAMPLE, POACT_TEXT } from './texts.ts';

export interface StepPromptOptions {
  /** Ahead of everything. @default POACT_TEXT */
  text?: string;
  /** A worked program. An empty text leaves it out. @default CODE_EXAMPLE */
  example?: string;
}

/** Builds the messages of one step's prompt. */
export function stepPrompt(
  { messages }: Dialogue,
  space: ActionSpace,
  instruction: string,
  { text = POACT_TEXT, example = CODE_EXAMPLE }: StepPromptOptions = {},
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
