/**
 * How a world says no.
 *
 * @module
 */
import { ToolError } from '../record/index.ts';

/** Says that an act is not possible now, and why. Nothing changed. */
export function refuse(why: string): never {
  throw new ToolError('tool-refused', why);
}
