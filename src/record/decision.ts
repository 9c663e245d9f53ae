/**
 * What a policy can decide.
 *
 * @module
 */
import type { z } from 'zod';
import type { Finding } from './finding.ts';
import { jsonSchema } from './parts.ts';
import { lazily } from './zod.ts';

/** What a tool call does to the world. `unknown` is the default, and is treated as irreversible in forks, candidates and doubt. */
export const EFFECTS = ['read', 'reversible', 'compensable', 'irreversible', 'unknown'] as const;
export type Effect = (typeof EFFECTS)[number];

/** A tool call as data. `args` may hold `{ ref: callId, path }`; `after` names calls to wait for. */
const toolCallSchema = lazily((z) =>
  z.object({
    id: z.string(),
    tool: z.string(),
    args: jsonSchema(),
    after: z.array(z.string()).optional(),
  }),
);
export type ToolCall = z.infer<ReturnType<typeof toolCallSchema>>;

export const decisionSchema = lazily((z) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('think'), form: z.enum(['plan', 'thought']), text: z.string() }),
    z.object({ kind: z.literal('act'), code: z.string() }),
    z.object({
      kind: z.literal('candidates'),
      first: z.string(),
      most: z.number().int().min(1),
      // So many are tried before the vote can be decided.
      least: z.number().int().min(1).optional(),
      /** The first, and every other after it, is worked out in words: what speaks against the text of a program does not speak against it. */
      inWords: z.literal(true).optional(),
    }),
    z.object({ kind: z.literal('call'), calls: z.array(toolCallSchema()) }),
    z.object({ kind: z.literal('ask'), question: z.string(), choices: z.array(z.string()).optional() }),
    z.object({ kind: z.literal('say'), text: z.string() }),
    z.object({ kind: z.literal('answer'), value: jsonSchema(), rests: z.number().int().optional() }),
    z.object({ kind: z.literal('widen'), need: z.string() }),
    z.object({ kind: z.literal('correct'), problem: z.string(), reply: z.string().optional() }),
  ]),
);

/**
 * What a policy decided, as the log holds it.
 *
 * `think` (a plan or a thought) · `act` (a program) · `candidates` (several programs for one step, pulled one at a time) ·
 * `call` (tool calls as data) · `ask` (a question, waits) · `say` (tells, does not wait) · `answer` · `widen` (the action
 * space lacks something) · `correct` (the model's slip; nothing happens).
 */
export type DecisionData = z.infer<ReturnType<typeof decisionSchema>>;
export type DecisionKind = DecisionData['kind'];

/** Where a decision came from, and, for `candidates`, how to get the next program. */
export type Decision = DecisionData & {
  /** `seq` of the `selection` it was made from. */
  selection?: number;
  /** `seq` of the `model-call` it was read from. */
  call?: number;
  /**
   * Writes the next candidate program (the n-th, from 1), or gives `undefined` when there is none. `found` says what
   * the review found in each earlier one, in order.
   * Only for `candidates`; the log has what was pulled, in the `choice` event.
   */
  pull?(n: number, found?: readonly (readonly Finding[])[]): Promise<string | undefined>;
};

export type Act = Extract<DecisionData, { kind: 'act' }>;
export type Candidates = Extract<Decision, { kind: 'candidates' }>;
export type Call = Extract<DecisionData, { kind: 'call' }>;
