/**
 * The limits of a session, with their defaults.
 *
 * @module
 */
import { OptionError, requirePositive } from '../record/index.ts';
import type { EngineLimits } from './interpreter.ts';
import type { SandboxLimits } from './sandbox.ts';

const MIB = 1_048_576;
/** What `quickjs-wasi` takes at most; not imported from it, because the host never loads the engine. */
const MAX_STACK_SIZE = 524_288;
/** The engine's own globals and the bridge need this much. */
const LEAST_MEMORY = 4 * MIB;

/** @throws {OptionError} a limit that cannot work, by its name. */
export function engineLimits(limits: SandboxLimits = {}): EngineLimits {
  const {
    memoryBytes = 128 * MIB,
    turnMs = 5_000,
    stackBytes = MAX_STACK_SIZE,
    outputChars = 100_000,
    pendingCalls = 10_000,
    valueBytes = 16 * MIB,
  } = limits;
  const all = { memoryBytes, turnMs, stackBytes, outputChars, pendingCalls, valueBytes };
  requirePositive(all);
  if (stackBytes > MAX_STACK_SIZE) {
    throw new OptionError('stackBytes', `expected at most ${MAX_STACK_SIZE}, got ${stackBytes}.`);
  }
  if (memoryBytes < LEAST_MEMORY) {
    throw new OptionError('memoryBytes', `expected at least ${LEAST_MEMORY}, got ${memoryBytes}.`);
  }
  return all;
}
