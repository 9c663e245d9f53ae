/**
 * Setting aside what a call of a model may take at most, before it is made: so no limit of tokens or money is passed,
 * whatever else is under way.
 *
 * @module
 */
import type { Model, ModelRequest } from '../model/index.ts';
import {
  BudgetError,
  type Message,
  type NewEvent,
  noUsage,
  type RunEvent,
  type RunView,
  type Usage,
} from '../record/index.ts';
import { type Bound, exhausted, type RunBudget } from './budget.ts';
import type { RunLog } from './log.ts';

/** Tokens that a chat template adds to each message, at most. */
const MESSAGE_TOKENS = 8;
/** Tokens that it adds around tools, at most. */
const TOOLS_TOKENS = 256;
/** What large providers take for a picture, at most. */
const PICTURE_TOKENS = 4_000;
/** A reply that would have fewer tokens than this, and than was asked for, is no reply. */
const FEWEST_TOKENS = 16;

export interface ReserveParts {
  log: RunLog;
  budget: RunBudget;
  price: (model: string, usage: Usage) => number | undefined;
  signal: AbortSignal;
}

export interface Reservation {
  /** Longest reply. */
  maxTokens: number;
  /** `seq` of the event that says so. */
  seq: number;
}

/** What is known of a prompt's length. */
export interface Known {
  /** The call of a model whose prompt it shares the beginning with, and how many messages of it. */
  base?: number | undefined;
  keep?: number | undefined;
  /** Set where its tools are others than those of `base`. */
  tools?: string | undefined;
  /** At most so many tokens has each message; kept from call to call. */
  counts: WeakMap<Message, number>;
}

/**
 * Sets aside; the event is durable with the next commit. Where others are under way and it does not fit whole, it waits for what they give back.
 *
 * @throws {BudgetError} it does not fit, or the price of the model is unknown under a limit of money.
 */
export async function reserve(
  parts: ReserveParts,
  request: ModelRequest,
  model: Model,
  known: Known,
): Promise<Reservation> {
  const { log, budget, signal } = parts;
  const prompt = await promptTokens(request, model, known, log.view);
  for (;;) {
    const fit = fitting(parts, request, model, prompt);
    if (!fit.isWhole && budget.flight.size > 0) {
      await budget.flight.next(signal);
      continue;
    }
    if (fit.short !== undefined) throw tooLittle(parts, fit.short, prompt);
    const { limit, bound, tokens, costUsd, maxTokens } = fit;
    const event: NewEvent<'budget'> = {
      kind: 'budget',
      by: 'loop',
      limit,
      used: bound.used,
      of: bound.of,
      state: 'reserved',
    };
    if (tokens !== undefined) event.tokens = tokens;
    if (costUsd !== undefined) event.costUsd = costUsd;
    const { seq } = log.append<'budget'>(event);
    return { seq, maxTokens };
  }
}

interface Fit {
  limit: 'tokens' | 'costUsd';
  bound: Bound;
  tokens?: number;
  costUsd?: number;
  maxTokens: number;
  /** The whole reply that was asked for. */
  isWhole: boolean;
  short?: { limit: 'tokens' | 'costUsd'; bound: Bound };
}

function fitting(parts: ReserveParts, request: ModelRequest, model: Model, prompt: number): Fit {
  const { budget } = parts;
  const wanted = request.maxTokens ?? model.can.contextTokens;
  const fewest = Math.min(wanted, FEWEST_TOKENS);
  const tokens = budget.bound('tokens');
  const money = budget.bound('costUsd');
  let most = wanted;
  let short: Fit['short'];
  if (tokens !== undefined) {
    most = Math.min(most, Math.floor(tokens.left - prompt));
    if (most < fewest) short = { limit: 'tokens', bound: tokens };
  }
  let costUsd: number | undefined;
  if (money !== undefined) {
    const sent = unitPrice(parts, model, 'sent') * prompt;
    const perToken = unitPrice(parts, model, 'written');
    if (perToken > 0) most = Math.min(most, Math.floor((money.left - sent) / perToken));
    const isTooDear = sent > 0 && sent > money.left;
    if (short === undefined && (most < fewest || isTooDear)) short = { limit: 'costUsd', bound: money };
    costUsd = sent + most * perToken;
  }
  const [limit, bound] = tokens === undefined ? (['costUsd', money as Bound] as const) : (['tokens', tokens] as const);
  return {
    limit,
    bound,
    ...(tokens !== undefined && { tokens: prompt + most }),
    ...(costUsd !== undefined && { costUsd }),
    maxTokens: most,
    isWhole: short === undefined && most === wanted,
    ...(short !== undefined && { short }),
  };
}

function tooLittle(
  { log, budget }: ReserveParts,
  { limit, bound }: NonNullable<Fit['short']>,
  prompt: number,
): BudgetError {
  const { used, of } = bound;
  log.append<'budget'>({ kind: 'budget', by: 'loop', limit, used, of, state: 'exhausted' });
  return exhausted(limit, bound, budget.run, `a prompt of at most ${prompt} tokens with its reply`);
}

function unitPrice({ price }: ReserveParts, model: Model, what: 'sent' | 'written'): number {
  const cost = price(model.id, { ...noUsage, evaluated: what === 'sent' ? 1e6 : 0, [what]: 1e6 });
  if (cost !== undefined) return cost / 1e6;
  throw new BudgetError(
    'costUsd',
    `The price of ${model.id} is unknown, so a limit in dollars cannot be kept. Give \`createAgent\` a \`price\`, or limit \`tokens\` instead.`,
    { model: model.id },
  );
}

/**
 * At most so many tokens has the prompt. What the model counted when it was asked the beginning of this prompt bounds that
 * beginning; the rest is counted by the model where it can, and else taken for a token a byte, which no tokenizer exceeds.
 */
async function promptTokens(
  { messages, tools = [], prefill = '' }: ModelRequest,
  model: Model,
  { base, keep = 0, tools: newTools, counts }: Known,
  view: RunView,
): Promise<number> {
  const sumOf = async (some: readonly Message[]) => {
    let sum = 0;
    for (const message of some) {
      let tokens = counts.get(message);
      if (tokens === undefined) {
        tokens = await tokensIn(model, message);
        counts.set(message, tokens);
      }
      sum += tokens;
    }
    return sum;
  };
  const more = await atMost(model, prefill);
  const schemas = tools.length === 0 ? MESSAGE_TOKENS : TOOLS_TOKENS + (await atMost(model, JSON.stringify(tools)));
  const whole = (await sumOf(messages)) + schemas + more;
  const before = base === undefined ? undefined : (view.at(base) as RunEvent<'model-call'>);
  if (before?.model !== model.id || before.reply === undefined || newTools !== undefined) return whole;
  return Math.min(whole, before.usage.sent + (await sumOf(messages.slice(keep))) + MESSAGE_TOKENS + more);
}

async function tokensIn(model: Model, { parts }: Message): Promise<number> {
  let sum = MESSAGE_TOKENS;
  for (const part of parts) {
    if ('blob' in part) sum += PICTURE_TOKENS;
    else sum += await atMost(model, 'text' in part ? part.text : JSON.stringify(part));
  }
  return sum;
}

async function atMost(model: Model, text: string): Promise<number> {
  if (text === '') return 0;
  return model.tokenize === undefined ? Buffer.byteLength(text) : (await model.tokenize(text)).length;
}
