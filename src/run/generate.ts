/**
 * Model calls inside a run: budget is reserved before, and what was asked, replied and taken is logged after.
 *
 * @module
 */
import { cleanMessage } from '../action/index.ts';
import type { Generate, Model, ModelReply, ModelRequest } from '../model/index.ts';
import {
  type Clock,
  isPoactError,
  type Message,
  type NewEvent,
  noUsage,
  type RunEvent,
  type Usage,
} from '../record/index.ts';
import type { RunBudget } from './budget.ts';
import type { RunLog } from './log.ts';
import { loggedMessages, promptWriter, sameLogged, type WrittenRequest } from './prompts.ts';
import { reserve } from './reserve.ts';

export interface GenerateParts {
  log: RunLog;
  /** The agent's model. */
  model: Model;
  budget: RunBudget;
  /** Called after each call: a limit may have come near. */
  warn(): void;
  /** What a call costs; `undefined` where nobody knows. */
  price?: ((model: string, usage: Usage) => number | undefined) | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** Replies that were paid for before a crash and that no decision was made of yet. */
  paid: RunEvent<'model-call'>[];
  onDelta?: ((text: string) => void) | undefined;
}

/** Policies count seeds from 1; another seed of the run makes them all others. */
function seeded(request: ModelRequest, seed = 1): ModelRequest {
  if (request.seed === undefined || seed === 1) return request;
  return { ...request, seed: Math.abs(request.seed + (seed - 1) * SEED_STRIDE) % 2 ** 31 };
}

/** Seeds that a run may use before it meets those of the next. */
const SEED_STRIDE = 100_003;

/** Builds `context.generate`. */
export function generator(parts: GenerateParts): Generate {
  const { log, budget, warn, clock, signal, paid, price = () => undefined, onDelta } = parts;
  const prompts = promptWriter(log.view, log.blobs.add);
  const counts = new WeakMap<Message, number>();
  const isLimited = budget.bounds('tokens') || budget.bounds('costUsd');

  return async ({ purpose, ...asked }, other) => {
    const given = seeded(asked, log.view.last('run-start')?.seed);
    const model = other ?? parts.model;
    const request: ModelRequest = { ...given, signal: given.signal ?? signal };
    const written = prompts.write(request, purpose);
    const repaid = replyPaidFor(purpose, given, written.logged);
    if (repaid !== undefined) {
      written.placed(repaid.seq);
      return repaid;
    }
    const cause = isLimited ? await setAside(request, model, written) : undefined;
    let startedAt = clock.now();
    const made: NewEvent<'model-call'> = {
      kind: 'model-call',
      by: 'policy',
      model: model.id,
      request: written.request,
      usage: noUsage,
    };
    if (purpose !== undefined) made.purpose = purpose;
    budget.flight.begin();
    let reply: ModelReply;
    try {
      // What it may take is durable first: a reply that is lost with this process may have taken it.
      if (cause !== undefined) await log.commit();
      startedAt = clock.now();
      reply = await model.generate(request, onDelta === undefined ? undefined : { delta: onDelta });
    } catch (error) {
      const { code, message } = isPoactError(error) ? error : { code: 'model-failed', message: cleanMessage(error) };
      made.error = { code, message };
      // What was broken off may have been written all the same: what was set aside for it stays so.
      if (cause !== undefined && !request.signal?.aborted) made.cause = cause;
      place(made, written, startedAt);
      await log.commit();
      throw error;
    } finally {
      // Who waits for what it gives back looks when this turn is over, and the reply is in the log.
      budget.flight.end();
    }
    const { text, calls, finish, stopped, usage, tokens, logprobs, recorded } = reply;
    const said: typeof made.reply = { text, finish };
    if (calls !== undefined) said.calls = calls;
    if (stopped !== undefined) said.stopped = stopped;
    made.reply = said;
    made.usage = usage;
    if (cause !== undefined) made.cause = cause;
    const costUsd = price(model.id, usage);
    if (costUsd !== undefined) made.costUsd = costUsd;
    if (recorded !== undefined) {
      made.cached = true;
      made.ms = recorded.ms;
    }
    if (tokens !== undefined) made.tokens = log.blobs.add(JSON.stringify(tokens));
    if (logprobs !== undefined) made.logprobs = log.blobs.add(JSON.stringify(logprobs));
    const seq = place(made, written, startedAt);
    warn();
    // What has come back is durable before another run sets it aside in its own log.
    if (cause === undefined) log.soon();
    else await log.commit();
    return { ...reply, seq };
  };

  /** Appends what came of a call, and says where the prompt that later ones build on stands. */
  function place(made: NewEvent<'model-call'>, { placed }: WrittenRequest, startedAt: number): number {
    const ms = made.ms ?? clock.now() - startedAt;
    if (ms > 0) made.ms = ms;
    const { seq } = log.append<'model-call'>(made);
    placed(seq);
    return seq;
  }

  /** Caps the reply to what is left, and sets that aside. */
  async function setAside(request: ModelRequest, model: Model, { request: written }: WrittenRequest) {
    const { base, keep, tools } = written;
    const known = { base, keep, tools, counts };
    const { seq, maxTokens } = await reserve({ log, budget, price, signal }, request, model, known);
    request.maxTokens = maxTokens;
    written.maxTokens = maxTokens;
    return seq;
  }

  /**
   * A reply that was paid for, if one answers this very prompt. Seeds may differ: they are often drawn from the log's length.
   * Where none does, the run has gone another way.
   */
  function replyPaidFor(purpose: string | undefined, given: ModelRequest, logged: WrittenRequest['logged']) {
    if (paid.length === 0) return undefined;
    const at = paid.findIndex((event) => {
      if (event.purpose !== purpose || event.request.temperature !== given.temperature) return false;
      const asked = loggedMessages(log.view, event.seq);
      return asked.length === logged.length && asked.every((message, at) => sameLogged(message, logged[at]));
    });
    if (at < 0) paid.length = 0;
    const [event] = paid.splice(at, 1);
    if (event?.reply === undefined) return undefined;
    const { text, calls, finish, stopped } = event.reply;
    return {
      text,
      ...(calls === undefined ? {} : { calls }),
      finish: finish as ModelReply['finish'],
      ...(stopped === undefined ? {} : { stopped }),
      usage: event.usage,
      seq: event.seq,
    };
  }
}
