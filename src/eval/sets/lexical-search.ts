/**
 * Search by words (BM25, Robertson and Zaragoza 2009), for closed worlds of a few texts.
 *
 * @module
 */
import { wordsOf } from '../../environment/index.ts';

/** How soon a word that comes again stops counting, and how much a long text is held back: the usual values. */
const SATURATION = 1.2;
const LENGTH = 0.75;

/** Searches some texts: gives the places of those that share a word with the query, best first. */
export function lexicalSearch(texts: readonly string[]): (query: string, most: number) => number[] {
  const bags = texts.map((text) => {
    const words = wordsOf(text);
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { counts, length: words.length };
  });
  const meanLength = bags.reduce((total, { length }) => total + length, 0) / Math.max(1, bags.length);
  const weight = (word: string) => {
    const having = bags.filter(({ counts }) => counts.has(word)).length;
    return Math.log(1 + (bags.length - having + 0.5) / (having + 0.5));
  };

  return (query, most) => {
    const words = [...new Set(wordsOf(query))].map((word) => ({ word, weight: weight(word) }));
    const scored = bags.map(({ counts, length }, at) => {
      const held = SATURATION * (1 - LENGTH + (LENGTH * length) / meanLength);
      const score = words.reduce((total, { word, weight }) => {
        const count = counts.get(word) ?? 0;
        return total + (weight * count * (SATURATION + 1)) / (count + held);
      }, 0);
      return { at, score };
    });
    return scored
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score || one.at - other.at)
      .slice(0, most)
      .map(({ at }) => at);
  };
}
