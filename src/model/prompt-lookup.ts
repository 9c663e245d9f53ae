/**
 * Guesses how a text goes on from what stands in it already, so that a model evaluates several tokens at once: prompt lookup decoding
 * (Saxena 2023; LLMA, Yang et al. 2023). What is guessed wrong is thrown away, so the model still chooses every token.
 *
 * Programs repeat the names of their tools, variables and fields, and a program that is mended repeats most of the one before.
 *
 * @module
 */

/** Fewer tokens that agree say too little: a wrong guess costs about as much as a token. */
const LEAST_AGREEING = 3;

/**
 * What followed the end of `tokens` where it stood before, in themselves or in `others`: the place that agrees longest; of equal ones
 * the last, and in the first of the others before all. As many tokens are guessed as agree, `most` at most: a long agreement is rarely
 * wrong.
 */
export function guessNext<Item>(
  tokens: readonly Item[],
  most: number,
  others: readonly (readonly Item[])[] = [],
): Item[] {
  const last = tokens.length - 1;
  let guess: Item[] = [];
  let agreeing = LEAST_AGREEING - 1;
  for (const text of [...others, tokens]) {
    const end = text === tokens ? last : text.length - 1;
    for (let from = end; from > agreeing && agreeing < most; from--) {
      let same = 0;
      while (same < most && same < from && text[from - 1 - same] === tokens[last - same]) same += 1;
      if (same <= agreeing) continue;
      agreeing = same;
      guess = text.slice(from, from + same);
    }
  }
  return guess;
}

/** What was written from one prompt, so that another reply to it can be guessed: samples of one program are much alike. */
export interface Samples<Item> {
  /** Of the replies that were written from this very prompt, the last first. */
  from(prompt: readonly Item[]): readonly (readonly Item[])[];
  add(prompt: readonly Item[], reply: readonly Item[]): void;
}

/** Remembers the last prompt alone, so what is guessed does not depend on what was asked before it. */
export function samples<Item>(): Samples<Item> {
  let of: readonly Item[] = [];
  let replies: (readonly Item[])[] = [];
  const isSame = (prompt: readonly Item[]) =>
    prompt.length === of.length && prompt.every((item, at) => item === of[at]);
  return {
    from: (prompt) => (isSame(prompt) ? replies : []),
    add(prompt, reply) {
      if (!isSame(prompt)) {
        of = [...prompt];
        replies = [];
      }
      // With the end of the prompt before it: there the first guess is found.
      replies = [[...prompt.slice(-PROMPT_END), ...reply], ...replies].slice(0, MOST_SAMPLES);
    },
  };
}

const PROMPT_END = 8;
const MOST_SAMPLES = 4;
