/**
 * Colours, where a person reads them, and text from outside made safe to print.
 *
 * @module
 */
import type { EnvVars } from '../record/index.ts';
import type { Output } from './io.ts';

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof CODES;
/** Colours a text, or leaves it as it is. */
export type Paint = ((colour: Colour, text: string) => string) & { readonly on: boolean };

/** Colours for a terminal; none in a pipe, a file, with `NO_COLOR`, or on a dumb terminal. `FORCE_COLOR` overrules. */
export function paintFor(output: Output, env: EnvVars): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const on = forced || (output.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb');
  const paint = (colour: Colour, text: string) => {
    const [open, close] = CODES[colour];
    return on && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  };
  return Object.assign(paint, { on });
}

/** Text that cannot move the cursor, change colours, set titles, or turn the reading direction. Lines and tabs stay. */
export const printable = (text: string): string =>
  text.replace(/\r\n/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
