/**
 * The words of a text as they are compared: lower case, without what stands between.
 *
 * @module
 */

/**
 * All words and numbers of a text, in order.
 *
 * @example
 * ```ts
 * wordsOf('Nord & Co, 12'); // ['nord', 'co', '12']
 * ```
 */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** A text as a pattern that finds it and nothing else. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
