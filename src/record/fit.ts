/**
 * Prompts that outgrow the model's window: what is cut, in which order, and how that is said.
 *
 * @module
 */
import { cutMiddle, type Message, type Part, textOf } from './parts.ts';

/** Tokens of a text. */
export type CountTokens = (text: string) => number;

/** Characters of a token, on average, where nobody counts. */
const TOKEN_CHARS = 3.5;
/** Of a cut text, in characters: enough to say what it was. */
const REST_CHARS = 80;
/** What is cut away at once, as a share of the window: the cut stays where it is while the history grows by as much. */
const STRIDE = 0.25;

const byChars: CountTokens = (text) => Math.ceil(text.length / TOKEN_CHARS);

/**
 * Cuts a prompt to a window: the oldest observations first, then what was written between, plan and answers last; the
 * system's text, the last task and the last message only when nothing else is left. Every cut says what is gone. A call
 * and its result stay together.
 *
 * The messages come back as they are, the same array, when they fit. A growing history is cut in strides, so that the
 * prompts of many steps in a row begin alike.
 *
 * @example
 * ```ts
 * import { fitMessages } from 'poact/record';
 * const messages = fitMessages([{ role: 'user', parts: [{ text: 'Task: count' }] }], 4_000);
 * ```
 */
export function fitMessages(
  messages: readonly Message[],
  maxTokens: number,
  countTokens: CountTokens = byChars,
): readonly Message[] {
  const costs = messages.map((message) => countTokens(textOf(message.parts)));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  if (total <= maxTokens) return messages;
  const stride = Math.max(1, Math.floor(maxTokens * STRIDE));
  const strides = Math.ceil((total - maxTokens) / stride) * stride;
  let saved = 0;
  const fitted = [...messages];
  for (const { at, rank } of inOrder(messages)) {
    // Only observations are cut ahead of need.
    if (saved >= (rank === 'observation' ? strides : total - maxTokens)) break;
    const cut = shortened(messages[at] as Message);
    const less = (costs[at] as number) - countTokens(textOf(cut.parts));
    if (less <= 0) continue;
    fitted[at] = cut;
    saved += less;
  }
  return saved >= total - maxTokens ? fitted : halved(fitted, maxTokens, countTokens);
}

type Rank = 'observation' | 'work' | 'plan' | 'kept';

/** Places in the order in which they are cut. */
function inOrder(messages: readonly Message[]): { at: number; rank: Rank }[] {
  const lastTask = messages.findLastIndex(isTask);
  const firstTask = messages.findIndex(isTask);
  const ranked = messages.map((message, at) => ({
    at,
    rank: at === messages.length - 1 || at === lastTask ? 'kept' : rankOf(message, firstTask >= 0 && firstTask < at),
  }));
  return (['observation', 'work', 'plan'] as const).flatMap((rank) =>
    ranked.flatMap(({ at, rank: its }) => (its === rank ? [{ at, rank }] : [])),
  );
}

const startOf = ({ parts }: Message) => textOf(parts).slice(0, 40).trimStart();

/** Policies that label their entries say so; else a task is what the user says that is no observation. */
function isTask(message: Message): boolean {
  return message.role === 'user' && /^task:/i.test(startOf(message));
}

function rankOf(message: Message, labelled: boolean): Rank {
  const start = startOf(message);
  if (message.role === 'system' || /^(?:task|reply):/i.test(start)) return 'kept';
  if (message.role === 'tool' || /^observation\b/i.test(start)) return 'observation';
  if (message.role === 'user') return labelled ? 'observation' : 'work';
  return /^(?:plan|answer):/i.test(start) ? 'plan' : 'work';
}

function shortened(message: Message): Message {
  return { ...message, parts: message.parts.map(shortenedPart) };
}

function shortenedPart(part: Part): Part {
  if ('text' in part) return { text: rest(part.text) };
  if ('blob' in part) return { text: `[${part.mediaType} left out to fit the window]` };
  if ('call' in part) return part;
  const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
  return text.length <= REST_CHARS * 2 ? part : { ...part, value: rest(text) };
}

function rest(text: string): string {
  if (text.length <= REST_CHARS * 2) return text;
  const kept = text.slice(0, REST_CHARS).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… [${text.length - kept.length} characters left out to fit the window]`;
}

const totalOf = (messages: readonly Message[], countTokens: CountTokens) =>
  messages.reduce((sum, { parts }) => sum + countTokens(textOf(parts)), 0);

/** The last resort: the longest texts lose their middle, until all fits or nothing long is left. */
function halved(messages: readonly Message[], maxTokens: number, countTokens: CountTokens): Message[] {
  const fitted = [...messages];
  while (totalOf(fitted, countTokens) > maxTokens) {
    const lengths = fitted.map(({ parts }) =>
      Math.max(0, ...parts.map((part) => ('text' in part ? part.text.length : 0))),
    );
    const most = Math.max(...lengths);
    if (most <= REST_CHARS * 4) break;
    const at = lengths.indexOf(most);
    const { role, parts } = fitted[at] as Message;
    const cut = (part: Part) =>
      'text' in part && part.text.length === most ? { text: cutMiddle(part.text, Math.floor(most / 2)) } : part;
    fitted[at] = { role, parts: parts.map(cut) };
  }
  return fitted;
}
