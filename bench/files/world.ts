/**
 * Seeded invention: names, dates, amounts and orders of rows. The same seed invents the same.
 *
 * @module
 */
import { type Random, seededRandom, sha256 } from '../../src/record/index.ts';

export interface World {
  /** A whole number, both ends included. */
  int(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
  sample<T>(list: readonly T[], count: number): T[];
  /** An amount with two decimals. */
  money(min: number, max: number): number;
  /** A day of 2026 between two, as `2026-03-01`. */
  day(from: string, to: string): string;
  /** Different people, first name and surname. */
  people(count: number): string[];
  times<T>(count: number, make: (index: number) => T): T[];
  /** Makes until what was made holds, so that a question has the answer it needs (a tie, a clear winner, some rows). */
  until<T>(make: () => T, holds: (made: T) => boolean): T;
}

const FIRST =
  'Ada Bela Chidi Dora Emil Farah Goran Hana Ivo Jana Kofi Lena Marek Nadia Omar Petra Quinn Rosa Sven Tara';
const LAST =
  'Albers Banik Castro Dumont Eriksen Fischer Garcia Haddad Ilves Jansen Kovacs Lindgren Moreau Novak Okafor Petrov Quiroga Rossi Silva Tanaka Umarov Vargas Weber Yilmaz Zeman Mbeki Murphy Mancini Santos Schmidt';

export const DAY_MS = 86_400_000;

/** Opens a world; `seed` is any text. */
export function worldOf(seed: string): World {
  const random: Random = seededRandom(Number.parseInt(sha256(seed).slice(0, 8), 16));
  const world: World = {
    int: (min, max) => min + random.below(max - min + 1),
    chance: (share) => random.next() < share,
    pick: (list) => list[random.below(list.length)] as never,
    shuffle(list) {
      const mixed = [...list];
      for (let last = mixed.length - 1; last > 0; last--) {
        const other = random.below(last + 1);
        [mixed[last], mixed[other]] = [mixed[other] as never, mixed[last] as never];
      }
      return mixed;
    },
    sample: (list, count) => world.shuffle(list).slice(0, count),
    money: (min, max) => world.int(min * 100, max * 100) / 100,
    day(from, to) {
      const days = daysBetween(from, to);
      return dayOf(Date.parse(from) + world.int(0, days) * DAY_MS);
    },
    people(count) {
      const first = world.sample(FIRST.split(' '), count);
      const last = world.sample(LAST.split(' '), count);
      return first.map((name, index) => `${name} ${last[index]}`);
    },
    times: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
    until(make, holds) {
      for (let tries = 0; tries < 2_000; tries++) {
        const made = make();
        if (holds(made)) return made;
      }
      throw new Error(`No such data after 2,000 tries (${seed}).`);
    },
  };
  return world;
}

export const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Whole days from one to the other. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const twoDigits = (value: number) => String(value).padStart(2, '0');

/** `2026-03-05` as people write it: 5 March 2026. */
export function spoken(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return `${date} ${MONTHS[month - 1]} ${year}`;
}
