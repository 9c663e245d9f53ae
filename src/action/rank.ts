/**
 * Ranks tools for a need, by words (BM25): no weights, no network, the same order every time.
 *
 * @module
 */
import type { NamedTool } from './tool.ts';

/** A tool's place and score; a higher score is better. */
export interface Ranked {
  tool: NamedTool;
  score: number;
}

/** Gives tools for a need, best first. Built once for a tool set. */
export type Ranker = (need: string) => Ranked[];

/** BM25's saturation and length constants, as in Robertson and Zaragoza 2009. */
const K1 = 1.2;
const B = 0.75;

/** How often a word of each place counts: a name says more than a description, and that more than an example. */
const WEIGHTS = { name: 3, description: 1, parameters: 1, examples: 0.5 } as const;

/** Builds a ranker over the words of names, descriptions, parameters and examples. */
export function rankTools(tools: readonly NamedTool[]): Ranker {
  const documents = tools.map(documentOf);
  const mean = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const postings = new Map<string, { index: number; count: number }[]>();
  for (const [index, { counts }] of documents.entries()) {
    for (const [word, count] of counts) {
      const list = postings.get(word);
      if (list === undefined) postings.set(word, [{ index, count }]);
      else list.push({ index, count });
    }
  }
  return (need) => {
    const scores = new Float64Array(tools.length);
    for (const word of new Set(wordsOf(need))) {
      const list = postings.get(word);
      if (list === undefined) continue;
      const rarity = Math.log(1 + (tools.length - list.length + 0.5) / (list.length + 0.5));
      for (const { index, count } of list) {
        const length = documents[index]?.length ?? mean;
        const weight = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / mean));
        scores[index] = (scores[index] ?? 0) + rarity * weight;
      }
    }
    return tools
      .map((tool, index) => ({ tool, score: scores[index] ?? 0, index }))
      .sort((one, other) => other.score - one.score || one.index - other.index)
      .map(({ tool, score }) => ({ tool, score }));
  };
}

function documentOf({ name, description, input, examples = [] }: NamedTool) {
  const counts = new Map<string, number>();
  let length = 0;
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) {
      counts.set(word, (counts.get(word) ?? 0) + weight);
      length += weight;
    }
  };
  add(name, WEIGHTS.name);
  add(description, WEIGHTS.description);
  for (const text of parameterTexts(input)) add(text, WEIGHTS.parameters);
  for (const { args } of examples) add(JSON.stringify(args), WEIGHTS.examples);
  return { counts, length };
}

/** Names and descriptions of an input's properties. */
export function parameterTexts(input: { [key: string]: unknown }): string[] {
  const properties = (input.properties ?? {}) as { [name: string]: { description?: unknown } };
  return Object.entries(properties).map(([name, { description }]) => `${name} ${String(description ?? '')}`);
}

/** Words that say nothing about a tool. */
const STOP = new Set(
  'a an and are as at be by do does for from get has have how i in is it its me my of on or please set that the their this to use used using was what when where which who will with you your'.split(
    ' ',
  ),
);

/**
 * The words of a text: camelCase and snake_case are split, endings of plural and tense cut, case ignored.
 *
 * @example
 * ```ts
 * wordsOf('getUserOrders'); // ['user', 'order']
 * ```
 */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !STOP.has(word))
    .map(stem)
    .filter((word) => word !== '');
}

/** A light stem: enough that `orders`, `ordered` and `ordering` meet. */
function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  const bare = word
    .replace(/ies$/, 'y')
    .replace(/(?:ing|edly|ed|ely|ly)$/, '')
    .replace(/(ss|sh|ch|x)es$/, '$1')
    .replace(/([^s])s$/, '$1')
    .replace(/e$/, '');
  return bare.length >= 3 ? bare : word;
}
