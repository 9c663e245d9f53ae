/**
 * Model calls inside a run: budget is reserved before, and what was asked, replied and taken is logged after.
 *
 * @module
 */
import { cleanMessage } from '../action/index.ts';
import type { Generate, Model, ModelReply, ModelRequest } from '../model/index.ts';
import {
  BudgetError,
  type Clock,
  isPoactError,
  type NewEvent,
  noUsage,
  type RunEvent,
  textOf,
  type Usage,
} from '../record/index.ts';
import type { RunLog } from './log.ts';
import { loggedMessages, promptWriter, sameLogged, type WrittenRequest } from './prompts.ts';
import { spentInTurn } from './spent.ts';
import type { Limits } from './stops.ts';

export interface GenerateParts {
  log: RunLog;
  /** The agent's model. */
  model: Model;
  limits: Limits;
  /** What a call costs; `undefined` where nobody knows. */
  price?: ((model: string, usage: Usage) => number | undefined) | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** Replies that were paid for before a crash and that no decision was made of yet. */
  paid: RunEvent<'model-call'>[];
  onDelta?: ((text: string) => void) | undefined;
}

/** Fewest characters of a prompt that one token stands for: the estimate is on the safe side. */
const PROMPT_TOKEN_CHARS = 2.5;
/** Tokens that a chat template adds to each message. */
const MESSAGE_TOKENS = 8;

type Outcome = Pick<RunEvent<'model-call'>, 'usage'> &
  Partial<Pick<RunEvent<'model-call'>, 'reply' | 'error' | 'costUsd' | 'tokens' | 'logprobs'>>;

/** Policies count seeds from 1; another seed of the run makes them all others. */
function seeded(request: ModelRequest, seed = 1): ModelRequest {
  if (request.seed === undefined || seed === 1) return request;
  return { ...request, seed: Math.abs(request.seed + (seed - 1) * SEED_STRIDE) % 2 ** 31 };
}

/** Seeds that a run may use before it meets those of the next. */
const SEED_STRIDE = 100_003;

/** Builds `context.generate`. */
export function generator(parts: GenerateParts): Generate {
  const { log, limits, clock, signal, paid, price, onDelta } = parts;
  const prompts = promptWriter(log.view, log.blobs.add);
  /** Tokens and money of calls under way. */
  const reserved = { tokens: 0, costUsd: 0 };
  const warned = new Set<string>();

  return async ({ purpose, ...asked }, other) => {
    const given = seeded(asked, log.view.last('run-start')?.seed);
    const model = other ?? parts.model;
    const { request, reservation } = reserve(given, model);
    const written = prompts.write(request, purpose);
    const repaid = replyPaidFor(purpose, given, written.logged);
    if (repaid !== undefined) {
      reserved.tokens -= reservation.tokens;
      reserved.costUsd -= reservation.costUsd;
      written.placed(repaid.seq);
      return repaid;
    }
    const startedAt = clock.now();
    const place = (outcome: Outcome) => {
      const made: NewEvent<'model-call'> = {
        kind: 'model-call',
        by: 'policy',
        model: model.id,
        request: written.request,
        ...outcome,
      };
      if (purpose !== undefined) made.purpose = purpose;
      const ms = clock.now() - startedAt;
      if (ms > 0) made.ms = ms;
      const event = log.append<'model-call'>(made);
      written.placed(event.seq);
      return event.seq;
    };
    let reply: ModelReply;
    try {
      reply = await model.generate(request, onDelta === undefined ? undefined : { delta: onDelta });
    } catch (error) {
      const { code, message } = isPoactError(error) ? error : { code: 'model-failed', message: cleanMessage(error) };
      place({ error: { code, message }, usage: noUsage });
      await log.commit();
      throw error;
    } finally {
      reserved.tokens -= reservation.tokens;
      reserved.costUsd -= reservation.costUsd;
    }
    const { text, calls, finish, stopped, usage, tokens, logprobs } = reply;
    const said: Outcome['reply'] = { text, finish };
    if (calls !== undefined) said.calls = calls;
    if (stopped !== undefined) said.stopped = stopped;
    const outcome: Outcome = { reply: said, usage };
    const costUsd = price?.(model.id, usage);
    if (costUsd !== undefined) outcome.costUsd = costUsd;
    if (tokens !== undefined) outcome.tokens = log.blobs.add(JSON.stringify(tokens));
    if (logprobs !== undefined) outcome.logprobs = log.blobs.add(JSON.stringify(logprobs));
    const seq = place(outcome);
    warn();
    log.soon();
    return { ...reply, seq };
  };

  /** Caps the reply to what is left. @throws {BudgetError} nothing is left, or a price is unknown under a limit of money. */
  function reserve(given: ModelRequest, model: Model) {
    const request: ModelRequest = { ...given, signal: given.signal === undefined ? signal : given.signal };
    const reservation = { tokens: 0, costUsd: 0 };
    if (!Number.isFinite(limits.tokens) && !Number.isFinite(limits.costUsd)) return { request, reservation };
    const spent = spentInTurn(log.view);
    const prompt = promptTokens(given);
    let most = given.maxTokens ?? Number.POSITIVE_INFINITY;
    if (Number.isFinite(limits.tokens)) {
      const left = limits.tokens - spent.sent - spent.written - reserved.tokens - prompt;
      if (left < 1) throw exhausted('tokens', spent.sent + spent.written, limits.tokens);
      most = Math.min(most, left);
      reservation.tokens = prompt + most;
    }
    if (Number.isFinite(limits.costUsd)) {
      const perToken = unitPrice(model, 'written');
      const asked = unitPrice(model, 'sent') * prompt;
      const left = limits.costUsd - spent.costUsd - reserved.costUsd - asked;
      if (left < perToken || (left <= 0 && perToken > 0)) throw exhausted('costUsd', spent.costUsd, limits.costUsd);
      if (perToken > 0) most = Math.min(most, Math.floor(left / perToken));
      reservation.costUsd = asked + (Number.isFinite(most) ? most * perToken : 0);
    }
    if (Number.isFinite(most)) request.maxTokens = Math.floor(most);
    reserved.tokens += reservation.tokens;
    reserved.costUsd += reservation.costUsd;
    return { request, reservation };
  }

  function unitPrice(model: Model, what: 'sent' | 'written'): number {
    const cost = price?.(model.id, { ...noUsage, evaluated: what === 'sent' ? 1e6 : 0, [what]: 1e6 });
    if (cost !== undefined) return cost / 1e6;
    throw new BudgetError(
      'costUsd',
      `The price of ${model.id} is unknown, so a limit in dollars cannot be kept. Limit \`tokens\` instead.`,
      { model: model.id },
    );
  }

  function exhausted(limit: 'tokens' | 'costUsd', used: number, of: number): BudgetError {
    log.append<'budget'>({ kind: 'budget', by: 'loop', limit, used, of, state: 'exhausted' });
    const left = `${used} of ${of} are used, and the next prompt and reply do not fit in the rest`;
    return new BudgetError(limit, `The limit \`${limit}\` is reached: ${left}.`, { used, of });
  }

  function warn(): void {
    for (const limit of ['tokens', 'costUsd'] as const) {
      const of = limits[limit];
      if (!Number.isFinite(of) || warned.has(limit)) continue;
      const spent = spentInTurn(log.view);
      const used = limit === 'tokens' ? spent.sent + spent.written : spent.costUsd;
      if (used < of * 0.8) continue;
      warned.add(limit);
      log.append<'budget'>({ kind: 'budget', by: 'loop', limit, used, of, state: 'warned' });
    }
  }

  /** Prompt tokens: what the model counted for the prompt this one extends would be better, but need not be an upper bound. */
  function promptTokens({ messages, tools }: ModelRequest): number {
    const chars = messages.reduce((sum, { parts }) => sum + textOf(parts).length, 0);
    const schemas = tools === undefined ? 0 : JSON.stringify(tools).length;
    return Math.ceil((chars + schemas) / PROMPT_TOKEN_CHARS) + messages.length * MESSAGE_TOKENS;
  }

  /** The next reply that was paid for, if it answers this very prompt. Seeds may differ: they are often drawn from the log's length. */
  function replyPaidFor(purpose: string | undefined, given: ModelRequest, logged: WrittenRequest['logged']) {
    const [next] = paid;
    if (next?.reply === undefined) return undefined;
    const asked = loggedMessages(log.view, next.seq);
    const fits =
      next.purpose === purpose &&
      next.request.temperature === given.temperature &&
      asked.length === logged.length &&
      asked.every((message, at) => sameLogged(message, logged[at]));
    if (!fits) {
      paid.length = 0;
      return undefined;
    }
    paid.shift();
    const { text, calls, finish, stopped } = next.reply;
    return {
      text,
      ...(calls === undefined ? {} : { calls }),
      finish: finish as ModelReply['finish'],
      ...(stopped === undefined ? {} : { stopped }),
      usage: next.usage,
      seq: next.seq,
    };
  }
}
