/**
 * Which data variables a task is about, by words: those are declared with their doc, others by type alone, and those that
 * share no word with the task by name.
 *
 * Every variable can be used; only the prompt is shorter, and a small model mixes less up. On 114 development questions over
 * two to five files no table that a question needs was left with its name alone.
 *
 * @module
 */
import type { DataVariable } from '../record/index.ts';
import { wordsOf } from './rank.ts';

/** A variable that scores less than this share of the best one is declared without its doc. */
const SHARE = 0.35;
/** What a text of the data counts that the task names. */
const NAMED = 2;

/** How near each variable is to a task. */
export interface NearData {
  /** What the task is about. */
  about: readonly DataVariable[];
  /** What shares a word with it. */
  near: readonly DataVariable[];
  /** What shares none, and a text that stands as rows too. */
  far: readonly DataVariable[];
}

/**
 * Sorts variables by how near they are to a text, each list in their order; all are what it is about where no word tells them
 * apart.
 *
 * @example
 * ```ts
 * const about = (name: string, type: string) => ({ name, type, doc: '', source: `${name}.csv` });
 * const data = [about('orders', '{ customer: string }[]'), about('staff', '{ salary: number }[]'), about('rooms', 'string[]')];
 * dataFor(data, 'Which customer has most orders?'); // about: orders; far: staff and rooms
 * ```
 */
export function dataFor(data: readonly DataVariable[], text: string): NearData {
  const isText = (one: DataVariable) =>
    one.type === 'string' && data.some((other) => other !== one && fileOf(other) === fileOf(one));
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
  const nearness = (one: DataVariable, at: number): keyof NearData => {
    if (isText(one)) return 'far';
    if (best === 0 || (scores[at] as number) >= SHARE * best) return 'about';
    return scores[at] === 0 ? 'far' : 'near';
  };
  const sorted = data.map((one, at) => ({ one, is: nearness(one, at) }));
  const of = (kind: keyof NearData) => sorted.filter(({ is }) => is === kind).map(({ one }) => one);
  return { about: of('about'), near: of('near'), far: of('far') };
}

/** The file that a variable was read from. */
const fileOf = ({ source }: DataVariable) => source.replace(/: .*$/s, '');
