/**
 * The prompt of a step: fixed text, tools and data, task | the dialogue | the step's instruction (and, where tools were
 * ranked, the selected ones). All up to the last message is the beginning of the next step's prompt.
 *
 * @module
 */
import type { ActionSpace, Message } from '../record/index.ts';
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
