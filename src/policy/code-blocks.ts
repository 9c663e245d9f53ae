/**
 * Reading code out of a reply.
 *
 * @module
 */

const FENCED = /```[ \t]*(?:ts|typescript|js|javascript|tsx|jsx)?[ \t]*\r?\n([\s\S]*?)(?:\r?\n[ \t]*```|```|$)/gi;

/**
 * The fenced blocks of a reply, in order, without their fences. A block that the reply's end cut off counts, since the
 * closing fence is often the stop string.
 *
 * @example
 * ```ts
 * codeBlocks('Look:\n```ts\nls()\n```'); // ['ls()']
 * ```
 */
export function codeBlocks(reply: string): string[] {
  return [...reply.matchAll(FENCED)].map(([, code = '']) => code.trimEnd()).filter((code) => code.trim() !== '');
}

/** Code as a fenced block. */
export const fence = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
