/**
 * A guest's error as the model may see it: in the lines and columns it wrote, without a frame that is not its own.
 *
 * @module
 */
import type { GuestError } from '../record/index.ts';
import { type Positions, sourcePlace } from './positions.ts';

const FRAME = /^\s*at (?:(.*) \()?(program(\d+)\.ts):(\d+)(?::(\d+))?\)?$/;
const FRAMES = 10;

export const NO_IMPORTS = 'Programs cannot import or load modules. Tools are global functions: call them by name.';

/** Maps what the guest said of an error. Frames of host and bridge are dropped. */
export function guestErrorOf(
  raw: { name?: string; message?: string; stack?: string },
  positions: { readonly [program: number]: Positions },
): GuestError {
  const { name = 'Error', message = '', stack = '' } = raw;
  const frames: string[] = [];
  let place: { line: number; column: number } | undefined;
  for (const text of stack.split('\n')) {
    const frame = FRAME.exec(text);
    if (frame === null) continue;
    const [, label, file, program, line, column] = frame;
    const at = sourcePlace({ line: Number(line), column: Number(column ?? 1) }, positions[Number(program)] ?? {});
    place ??= at;
    const where = `${file}:${at.line}:${at.column}`;
    if (frames.length < FRAMES)
      frames.push(label === undefined || label === '<eval>' ? `at ${where}` : `at ${label} (${where})`);
  }
  const isLoading = /^could not load module|^require is not defined/.test(message);
  return {
    name,
    message: isLoading ? `${message}. ${NO_IMPORTS}` : message,
    ...place,
    ...(frames.length > 0 ? { stack: frames.join('\n') } : {}),
  };
}
