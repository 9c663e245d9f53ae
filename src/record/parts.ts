/**
 * What messages and observations are made of.
 *
 * @module
 */
import { z } from 'zod';
import type { Json } from './json.ts';

export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>;

/** A tool call as a message says it. */
export const callPartSchema = z.object({ call: z.string(), tool: z.string(), args: jsonSchema });
/** A tool's result as a message says it. */
export const resultPartSchema = z.object({
  result: z.string(),
  tool: z.string(),
  value: jsonSchema,
  isError: z.boolean().optional(),
});

export const partSchema = z.union([
  z.object({ text: z.string() }),
  z.object({ blob: z.string(), mediaType: z.string() }),
  callPartSchema,
  resultPartSchema,
]);

export const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  parts: z.array(partSchema),
});

export type CallPart = z.infer<typeof callPartSchema>;
export type ResultPart = z.infer<typeof resultPartSchema>;
/** Text, a blob by its hash (a picture, say), a tool call, or a tool's result. */
export type Part = z.infer<typeof partSchema>;
/** One message of a prompt. */
export type Message = z.infer<typeof messageSchema>;

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
 * Cuts the middle out of a long text, and says how much is gone.
 *
 * @example
 * ```ts
 * cutMiddle('abcdefghij', 4); // 'ab\n[6 characters cut]\nij'
 * ```
 */
export function cutMiddle(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const head = Math.ceil(chars / 2);
  const tail = Math.floor(chars / 2);
  const end = tail === 0 ? '' : text.slice(-tail);
  return `${text.slice(0, head)}\n[${text.length - head - tail} characters cut]\n${end}`;
}
