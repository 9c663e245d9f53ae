/**
 * What a step may use, and what the reviews say of it.
 *
 * @module
 */
import type { z } from 'zod';
import type { Effect } from './decision.ts';
import type { Finding } from './finding.ts';
import type { Json } from './json.ts';
import { lazily } from './zod.ts';

/** Where a tool comes from; the default guard asks for those the developer did not pass in code. */
export type ToolOrigin = 'code' | 'module' | 'shipped' | 'mcp' | 'openapi';

/**
 * How a tool looks around, changing nothing but what is looked at: `here` shows what it has before it, `on` what follows that,
 * `{ at: 'url' }` what is at the address which that argument says. What such a tool gives is text. `{ for: 'query' }` finds what
 * the words of that argument name, and gives texts, or objects of texts.
 */
export type Looks = 'here' | 'on' | { readonly at: string } | { readonly for: string };

/** What others may know of a tool without being able to run it. */
export interface ToolFacts {
  name: string;
  description: string;
  effect: Effect;
  origin: ToolOrigin;
  /** Asking again is harmless: the tool honours its `idempotencyKey`. */
  idempotent: boolean;
  /** Every call waits for a person. */
  needsApproval: boolean;
  /** Asked again and again until something has happened. */
  poll: boolean;
  /** It only looks: a policy may call it by itself. */
  looks?: Looks;
  /** SHA-256 of name, description, effect and schemas. */
  digest: string;
}

/** What a step may use, as `select` gave it. */
export interface ActionSpace {
  /** `seq` of the `selection` event. */
  seq: number;
  purpose: 'think' | 'act';
  format: 'code' | 'json' | 'text';
  tools: readonly ToolFacts[];
  /** Every tool is in it: nothing was left out by rank. */
  complete: boolean;
  /** For the prompt: names and one line for thinking; declarations and examples for acting. */
  text: string;
  /** The rows among the data, as SQL tables that a program may ask with `sql()`; nothing where there are none. */
  sqlTables?(): string | undefined;
  /** For models that take tools as data: name, description and JSON Schema of the arguments. */
  schemas: readonly { name: string; description: string; input: { [key: string]: unknown } }[];
}

/** What a review says of a decision. */
export interface Verdict {
  verdict: 'pass' | 'warn' | 'block';
  /** The rule that decided, `clean` where none did. */
  rule: string;
  reason: string;
  findings: Finding[];
  /** The program as mended by the review (a call to a `main()` nobody awaited, say); it runs instead. */
  amended?: string;
  /** The answer as mended by the review (`'42 EUR'` where a number is asked for); it counts instead. */
  answer?: Json;
  /** A blocked turn leaves the prompt (it stays in the log). @default true */
  prune?: boolean;
}

export const pathVerdictKinds = ['go-on', 'retry', 'replan', 'widen', 'end'] as const;

/** What the review of the path says after an observation. */
export interface PathVerdict {
  verdict: (typeof pathVerdictKinds)[number];
  rule: string;
  reason: string;
  /** `seq`s of decisions whose turns leave the prompt. They stay in the log. */
  prune?: number[];
  /** With `end`: the answer, and the event it rests on. */
  answer?: Json;
  rests?: number;
}

/**
 * A value that stands in the session as a typed variable: a data file, or what a tool returned.
 * The prompt carries name, type and doc; never the data.
 */
export const dataVariableSchema = lazily((z) =>
  z.object({
    /** An identifier. */
    name: z.string(),
    /** Its TypeScript type, for example `{ supplier: string; priceEur: number }[]`. */
    type: z.string(),
    /** The type as a model is shown it: with the texts that a column holds, and examples in comments. @default `type` */
    shown: z.string().optional(),
    /** One line for people and models: source and size; bounded and escaped. */
    doc: z.string(),
    /** Texts of the data that the task names, and the field that holds each. */
    named: z
      .array(
        z.object({
          at: z.string(),
          text: z.string(),
          part: z.literal(true).optional(),
          list: z.literal(true).optional(),
        }),
      )
      .optional(),
    /** Where it comes from: a file's name, a call's id. */
    source: z.string(),
    /** The value as JSON, in the store's blobs. Left out for a table that is queried instead. */
    blob: z.string().optional(),
    bytes: z.number().int().optional(),
    rows: z.number().int().optional(),
  }),
);
export type DataVariable = z.infer<ReturnType<typeof dataVariableSchema>>;
