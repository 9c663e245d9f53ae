/**
 * The default guard: it judges by what a tool does, where it comes from, and what its developer said of it.
 *
 * @module
 */
import { OptionError, type ToolFacts } from '../record/index.ts';
import type { Guard, Judgement } from './guard.ts';

export interface ByEffectOptions {
  /** Names of tools that always ask. */
  ask?: readonly string[];
  /** Names of tools that never ask. */
  allow?: readonly string[];
  /** Names of tools that may not be called. */
  deny?: readonly string[];
  /** Allows what would only ask for where the tool comes from. `ask` and `needsApproval` ask all the same. @default false */
  yes?: boolean;
}

/**
 * Builds a guard by effect. The first rule that applies decides:
 *
 * 1. `deny` denies; 2. `ask` asks; 3. `allow` allows; 4. what takes a call back is allowed: a person asked for it;
 * 5. a tool that `needsApproval` asks; 6. a `read` is allowed; 7. a tool that the developer passed in code is allowed;
 * 8. any other (from a module, MCP, OpenAPI, or shipped with this package) asks, unless `yes`.
 *
 * @throws {OptionError} a tool stands in two of the lists.
 * @example
 * ```ts
 * const guard = byEffect({ deny: ['dropTable'], ask: ['pay'] });
 * ```
 */
export function byEffect(options: ByEffectOptions = {}): Guard {
  const { ask = [], allow = [], deny = [], yes = false } = options;
  requireApart({ ask, allow, deny });
  const [asks, allows, denies] = [new Set(ask), new Set(allow), new Set(deny)];
  return {
    judge({ tool: name }, { tool, undoes }) {
      if (denies.has(name)) return { verdict: 'deny', rule: 'deny', reason: `${name} may not be called.` };
      if (asks.has(name)) return { verdict: 'ask', rule: 'ask', reason: `${name} is to be asked for.` };
      if (allows.has(name)) return { verdict: 'allow', rule: 'allow', reason: `${name} may be called.` };
      return undoes === undefined ? judgeFacts(tool, yes) : UNDO;
    },
  };
}

const READ: Judgement = { verdict: 'allow', rule: 'read', reason: 'It only reads.' };
const UNDO: Judgement = {
  verdict: 'allow',
  rule: 'undo',
  reason: 'It takes a call back, and a person asked for that.',
};
const CODE: Judgement = { verdict: 'allow', rule: 'code', reason: 'The developer gave it to the agent.' };

const SOURCES = {
  module: 'a tool module',
  shipped: 'this package',
  mcp: 'an MCP server',
  openapi: 'an OpenAPI document',
} as const;

function judgeFacts({ name, effect, origin, needsApproval }: ToolFacts, yes: boolean): Judgement {
  if (needsApproval)
    return { verdict: 'ask', rule: 'needs-approval', reason: `${name} says that a person must allow it.` };
  if (effect === 'read') return READ;
  if (origin === 'code') return CODE;
  const from = `${name} comes from ${SOURCES[origin]} and ${effect === 'unknown' ? 'may change something' : `is ${effect}`}`;
  if (yes) return { verdict: 'allow', rule: 'yes', reason: `${from}; allowed beforehand.` };
  return { verdict: 'ask', rule: `origin-${origin}`, reason: `${from}.` };
}

function requireApart(lists: { [name: string]: readonly string[] }): void {
  const seen = new Map<string, string>();
  for (const [list, names] of Object.entries(lists)) {
    for (const name of names) {
      const other = seen.get(name);
      if (other !== undefined && other !== list) {
        throw new OptionError(list, `${name} stands in \`${other}\` as well; keep one.`);
      }
      seen.set(name, list);
    }
  }
}
