/**
 * The run log: every kind of event, from one schema that gives the types, parses foreign logs and prints as JSON Schema.
 *
 * `docs/run-log.md` describes the format for strangers. Events are appended and never edited.
 *
 * @module
 */
import type { z } from 'zod';
import { budgetSchema } from './budget.ts';
import { decisionSchema, EFFECTS } from './decision.ts';
import { LogError } from './errors.ts';
import { findingSchema } from './finding.ts';
import type { JsonSchema } from './json.ts';
import { LOG_VERSION, type StoredEvent, upgradeEvent } from './migrate.ts';
import { jsonSchema, messageSchema, partSchema } from './parts.ts';
import { dataVariableSchema, pathVerdictKinds } from './space.ts';
import { spentSchema, usageSchema } from './usage.ts';
import { lazily, zod } from './zod.ts';

/** The schemas of an event's fields: of those that every event has, and of each kind's own. */
const schemas = lazily((z) => {
  const int = z.number().int();
  const seq = int.nonnegative();
  const text = z.string();
  /** A JSON object. Not `z.record`, which drops a key named `__proto__`. */
  const jsonObject = jsonSchema()
    .refine((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'not a JSON object')
    .meta({ type: 'object' }) as z.ZodType<JsonSchema>;

  /** What every event has. */
  const envelope = {
    /** Position in the run's log, from 0, without gaps. */
    seq,
    /** When, ISO 8601 in UTC, by the run's clock. */
    at: z.iso.datetime(),
    /** The run. */
    run: text,
    /** The step it belongs to; 0 before the first. */
    step: seq,
    /** Who appended it: `loop`, `policy`, `action`, `guard`, `user`, `store`, or a name of theirs. */
    by: text,
    /** `seq` of the event that caused it. */
    cause: seq.optional(),
    /** Of the time since the event before it: how long a person was asked, in milliseconds. It is no time at work. */
    waitedMs: z.number().optional(),
  };

  const failure = z.object({ code: text, message: text, facts: jsonObject.optional() });

  /** An error as the guest saw it, in the model's own lines and columns. */
  const guestError = z.object({
    name: text,
    message: text,
    line: int.optional(),
    column: int.optional(),
    stack: text.optional(),
  });

  const kinds = {
    /** The run begins. Digests say whether another process has the same agent. */
    'run-start': {
      version: int.min(1).max(LOG_VERSION),
      agent: text,
      model: text,
      policy: text,
      tools: z.record(text, text),
      module: text.optional(),
      engine: text.optional(),
      seed: int,
      parent: z.object({ run: text, seq }).optional(),
    },
    /** What is asked; a later one is a follow-up turn. */
    task: {
      parts: z.array(partSchema()),
      input: jsonSchema().optional(),
      answer: jsonObject.optional(),
      data: z.array(dataVariableSchema()).optional(),
    },
    /** The policy controller switched. */
    policy: { policy: text, rule: text, reason: text },
    /** Something a policy keeps; the last one of a name counts. */
    'policy-state': { name: text, state: jsonSchema() },
    /** What a step may use. `scores` are in the order of `tools`; left out when nothing was ranked. */
    selection: {
      purpose: z.enum(['think', 'act']),
      format: z.enum(['code', 'json', 'text']),
      tools: z.array(text),
      of: int,
      scores: z.array(z.number()).optional(),
      need: text.optional(),
    },
    /**
     * One call of a model. The prompt is a delta: the first `keep` messages are those of the model call `base`, then
     * come the `added` ones, long ones as blobs of their JSON. `tools`, a blob, is left out where they are those of
     * `base`; an empty text says that there are none.
     */
    'model-call': {
      model: text,
      purpose: text.optional(),
      request: z.object({
        base: seq.optional(),
        keep: seq.optional(),
        added: z.array(z.union([text, messageSchema()])),
        tools: text.optional(),
        stop: z.array(text).optional(),
        temperature: z.number().optional(),
        seed: int.optional(),
        maxTokens: int.optional(),
        constraint: text.optional(),
        prefill: text.optional(),
      }),
      reply: z
        .object({
          text,
          calls: z.array(z.object({ id: text, tool: text, args: jsonSchema() })).optional(),
          finish: text,
          stopped: text.optional(),
        })
        .optional(),
      error: failure.optional(),
      usage: usageSchema(),
      ms: z.number().optional(),
      costUsd: z.number().optional(),
      tokens: text.optional(),
      logprobs: text.optional(),
      cached: z.boolean().optional(),
    },
    /** What the policy decided. */
    decision: { policy: text, decision: decisionSchema(), selection: seq.optional(), call: seq.optional() },
    /** What a review said of a decision, an answer, or the path so far. */
    review: {
      of: seq,
      what: z.enum(['decision', 'answer', 'path']),
      verdict: z.enum(['pass', 'warn', 'block', ...pathVerdictKinds]),
      rule: text,
      reason: text.optional(),
      findings: z.array(findingSchema()).optional(),
      amended: text.optional(),
      prune: z.array(seq).optional(),
      answer: jsonSchema().optional(),
      rests: seq.optional(),
    },
    /** A question to a person. The run waits for the reply. */
    question: { id: text, question: text, choices: z.array(text).optional(), about: text.optional() },
    reply: { to: text, parts: z.array(partSchema()) },
    /** A tool call that waits for a person. `digest` binds the approval to tool and arguments. */
    'approval-request': {
      call: text,
      tool: text,
      args: jsonSchema(),
      digest: text,
      rule: text,
      reason: text,
      preview: text.optional(),
    },
    /** With `edit`, the arguments that may be used instead. */
    approval: {
      call: text,
      digest: text,
      verdict: z.enum(['approve', 'deny', 'edit']),
      reason: text.optional(),
      args: jsonSchema().optional(),
    },
    /**
     * A tool call is about to begin: durable before the tool runs. `digest` where a person was asked, or the arguments are a
     * blob. With `undoes`, it is no call of the tool: it takes that call back, by the tool's `undo` or `compensate`.
     */
    call: {
      id: text,
      tool: text,
      args: jsonSchema().optional(),
      blob: text.optional(),
      effect: z.enum(EFFECTS),
      digest: text.optional(),
      key: text.optional(),
      rule: text.optional(),
      scope: text.optional(),
      undoes: text.optional(),
    },
    /** A tool call ended. */
    'call-result': {
      id: text,
      ok: z.boolean(),
      value: jsonSchema().optional(),
      blob: text.optional(),
      error: failure.optional(),
      ms: z.number().optional(),
      scope: text.optional(),
    },
    /** What came of a decision. Written by `execute` alone. */
    observation: {
      of: seq,
      state: z.enum(['done', 'failed', 'skipped']),
      parts: z.array(partSchema()),
      value: jsonSchema().optional(),
      blob: text.optional(),
      variable: text.optional(),
      error: guestError.optional(),
      proposed: z.object({ value: jsonSchema(), how: z.enum(['answer', 'log', 'variable']) }).optional(),
      calls: int.optional(),
      redeclared: z.array(text).optional(),
    },
    /** One of several was chosen. Candidates are listed with what became of each. */
    choice: {
      of: seq,
      candidates: z.array(
        z.object({
          id: text,
          code: text.optional(),
          state: text,
          key: text.optional(),
          value: jsonSchema().optional(),
          score: z.number().optional(),
          doubts: z.array(text).optional(),
        }),
      ),
      winner: text.optional(),
      votes: z.record(text, int).optional(),
      tieBreak: text,
      agreed: z.boolean().optional(),
    },
    /** Something said to, or by, a person or another agent. */
    message: { from: text, to: text, parts: z.array(partSchema()) },
    /**
     * A sub-run began or ended. `key` tells those of one run apart, `budget` is what was set aside for it, `lost` what calls
     * of models that were broken off may have taken beside `usage`.
     */
    child: {
      child: text,
      key: text.optional(),
      state: z.enum(['started', 'ended']),
      task: text.optional(),
      budget: budgetSchema().optional(),
      status: text.optional(),
      answer: jsonSchema().optional(),
      usage: spentSchema().optional(),
      lost: budgetSchema().optional(),
    },
    /**
     * The interpreter, as a blob: all of it, or what changed since the blobs `below`, earlier snapshots of the run. `after`
     * is the `seq` of the last event it reflects.
     */
    snapshot: {
      of: seq,
      after: seq,
      blob: text,
      below: z.array(text).optional(),
      bytes: int,
      engine: text,
      tools: text,
    },
    /** A score, by whom; what it is made of, and, in an evaluation, what was attempted. */
    reward: {
      of: seq,
      value: z.number(),
      from: z.enum(['environment', 'judge', 'user']),
      why: text.optional(),
      assertions: z
        .array(z.object({ name: text, verdict: z.enum(['pass', 'fail', 'unknown']), reason: text }))
        .optional(),
      attempt: z
        .object({
          set: text,
          version: int,
          task: text,
          kind: text,
          fold: z.enum(['development', 'reporting']),
          arm: text,
          seed: int,
        })
        .optional(),
    },
    /**
     * A limit came near, was met, or had something set aside for a call of a model: at most `tokens` and `costUsd`. The
     * `model-call` that names it as `cause` settles it. Without one the call was broken off, and all of it may be spent.
     */
    budget: {
      limit: text,
      used: z.number(),
      of: z.number(),
      state: z.enum(['warned', 'reserved', 'exhausted']),
      tokens: z.number().optional(),
      costUsd: z.number().optional(),
    },
    /** Something for readers, or the remembered work of a durable program: the same key is not done twice. */
    note: { name: text, value: jsonSchema() },
    /** The run waits, and nothing needs to stay in memory. */
    suspend: {
      waiting: z.array(z.object({ for: z.enum(['approval', 'reply', 'doubt', 'later']), id: text })),
      /** When the first of these waits is over by itself (limit `waitMs`), ISO 8601. */
      until: text.optional(),
    },
    resume: { process: text.optional(), changed: z.array(text).optional() },
    /** This run began as a copy of another's first `upTo` events. */
    fork: { from: text, upTo: seq },
    /** Effects after the event `to` were taken back: calls by id, and those that cannot be. */
    undo: { to: seq, undone: z.array(text), cannot: z.array(text) },
    /** The run ended; a follow-up turn may open it again. */
    'run-end': {
      status: z.enum(['answered', 'stopped', 'failed', 'cancelled']),
      why: text,
      answer: jsonSchema().optional(),
      warnings: z.array(text).optional(),
      error: failure.optional(),
    },
  } as const;
  return { envelope, kinds, guestError };
});

type Schemas = ReturnType<typeof schemas>;
export type GuestError = z.infer<Schemas['guestError']>;
type Kinds = Schemas['kinds'];
/** The kinds of event. */
export type EventKind = keyof Kinds;
type Body<Kind extends EventKind> = z.infer<z.ZodObject<Kinds[Kind]>>;
type Envelope = z.infer<z.ZodObject<Schemas['envelope']>>;

/** One entry of the log, by kind: `RunEvent<'observation'>`. */
export type RunEvent<Kind extends EventKind = EventKind> = { [K in Kind]: Envelope & { kind: K } & Body<K> }[Kind];
/** An event before the log gave it its place. */
export type NewEvent<Kind extends EventKind = EventKind> = {
  [K in Kind]: { kind: K; by: string; cause?: number } & Body<K>;
}[Kind];

/** All kinds, in the order of docs/run-log.md. */
export const eventKinds = (): EventKind[] => Object.keys(schemas().kinds) as EventKind[];

/** The schema of one event. */
export const eventSchema = lazily((z): z.ZodType<RunEvent> => {
  const { envelope, kinds } = schemas();
  const members = eventKinds().map((kind) => z.object({ kind: z.literal(kind), ...envelope, ...kinds[kind] }));
  return z.discriminatedUnion('kind', members as never) as never;
});

/**
 * Parses one event of a foreign log.
 *
 * What it does not know is left out, so that a reader of this version can read what a later minor version added.
 *
 * @throws {LogError} `log-invalid`: it is not one, with the field that is wrong; `log-version`: a newer version wrote it.
 */
export function parseEvent(value: unknown): RunEvent {
  // Before the schema: what another version wrote need not have this one's form.
  const isObject = typeof value === 'object' && value !== null;
  const parsed = eventSchema().safeParse(isObject ? upgradeEvent(value as StoredEvent) : value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue?.path.join('.') || 'event';
  throw new LogError('log-invalid', `Not an event of a run log: \`${at}\`: ${issue?.message ?? 'unreadable'}.`, { at });
}

/** The JSON Schema of one event, as `docs/run-log.schema.json` holds it. It admits fields it does not know, as `parseEvent` does. */
export function eventJsonSchema(): JsonSchema {
  const document = zod().toJSONSchema(eventSchema(), {
    target: 'draft-2020-12',
    io: 'input',
    override: readable,
  }) as JsonSchema;
  return { $id: 'poact-run-log', title: `poact run log, version ${LOG_VERSION}: one event`, ...document };
}

/** `format` says what the long pattern says, and that integers are exact goes without saying. */
function readable({ jsonSchema: part }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (part.format === 'date-time') delete part.pattern;
  if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
  if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
}
