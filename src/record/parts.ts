/**
 * What messages and observations are made of.
 *
 * @module
 */
import type { z } from 'zod';
import { isJson, type Json } from './json.ts';
import { lazily } from './zod.ts';

/** Any JSON. Not `z.json()`, which copies every value and drops a key named `__proto__`. */
export const jsonSchema = lazily((z): z.ZodType<Json> => z.unknown().refine(isJson, 'not JSON') as z.ZodType<Json>);

/** A tool call as a message says it. */
const callPartSchema = lazily((z) => z.object({ call: z.string(), tool: z.string(), args: jsonSchema() }));
/** A tool's result as a message says it. */
const resultPartSchema = lazily((z) =>
  z.object({
    result: z.string(),
    tool: z.string(),
    value: jsonSchema(),
    isError: z.boolean().optional(),
  }),
);

export const partSchema = lazily((z) =>
  z.union([
    z.object({ text: z.string() }),
    z.object({ blob: z.string(), mediaType: z.string() }),
    callPartSchema(),
    resultPartSchema(),
  ]),
);

export const messageSchema = lazily((z) =>
  z.object({
    role: z.enum(['system', 'user', 'assistant', 'tool']),
    parts: z.array(partSchema()),
  }),
);

export type CallPart = z.infer<ReturnType<typeof callPartSchema>>;
export type ResultPart = z.infer<ReturnType<typeof resultPartSchema>>;
/** Text, a blob by its hash (a picture, say), a tool call, or a tool's result. */
export type Part = z.infer<ReturnType<typeof partSchema>>;
/** One message of a prompt. */
export type Message = z.infer<ReturnType<typeof messageSchema>>;

/** The text of some parts, one a line; calls and results as JSON. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if ('text' in part) return part.text;
      if ('blob' in part) return `[${part.mediaType} ${part.blob.slice(0, 12)}]`;
      if ('call' in part) return `${part.tool}(${JSON.stringify(part.args)})`;
      return typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
    })
    .join('\n');
}

/**
 * Cuts the middle out of a long text, and says how much is gone. Never cuts a character in two.
 *
 * @example
 * ```ts
 * import { cutMiddle } from 'poact/record';
 * cutMiddle('abcdefghij', 4); // 'ab\n[6 characters cut]\nij'
 * ```
 */
export function cutMiddle(text: string, chars: number): string {
  if (text.length <= chars) return text;
  let from = Math.ceil(chars / 2);
  let to = text.length - Math.floor(chars / 2);
  if (splitsPair(text, from)) from -= 1;
  if (splitsPair(text, to)) to += 1;
  return `${text.slice(0, from)}\n[${to - from} characters cut]\n${text.slice(to)}`;
}

/** A place between the two halves of a surrogate pair. */
function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
