/**
 * Values of options, as commander reads them.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';

/** @throws {InvalidArgumentError} it is none. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number.');
}

/** @throws {InvalidArgumentError} it is none. */
export function atLeastOne(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Give a whole number of at least 1.');
}
