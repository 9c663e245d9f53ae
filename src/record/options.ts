/**
 * Checks of options, with one wording.
 *
 * @module
 */
import { OptionError } from './errors.ts';

/**
 * Every named number is a whole number of at least 1, or `Infinity`.
 *
 * @throws {OptionError} one is not, by its name.
 */
export function requirePositive(options: { [name: string]: number }): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= 1)) continue;
    throw new OptionError(name, `expected a whole number of at least 1, got ${value}.`);
  }
}

/**
 * Every named number is at least 0; fractions are allowed.
 *
 * @throws {OptionError} one is not, by its name.
 */
export function requireNonNegative(options: { [name: string]: number }): void {
  for (const [name, value] of Object.entries(options)) {
    if (value >= 0) continue;
    throw new OptionError(name, `expected a number of at least 0, got ${value}.`);
  }
}
