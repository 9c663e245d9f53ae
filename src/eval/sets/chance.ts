/**
 * Drawing by chance, for guesses.
 *
 * @module
 */
import type { Random } from '../../record/index.ts';

/** One of some, each as likely. */
export function pick<Item>(items: readonly Item[], random: Random['next']): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}
