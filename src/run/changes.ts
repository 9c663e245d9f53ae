/**
 * Whether an agent is the one that a run began with.
 *
 * @module
 */
import { RunError, type RunView } from '../record/index.ts';
import type { ResumeOptions } from './agent-options.ts';

/** What an agent is, in digests. */
export interface AgentDigests {
  model: string;
  policy: string;
  tools: { readonly [name: string]: string };
}

export interface Changes {
  changed: string[];
  from: number;
}

/**
 * What differs from the agent that the run began with, and where the run went on with such a one.
 *
 * @throws {RunError} `run-changed`
 */
export function requireUnchanged(
  view: RunView,
  digests: AgentDigests,
  { acceptChanges = false }: Pick<ResumeOptions, 'acceptChanges'>,
  isReplay = false,
): Changes {
  const start = view.last('run-start');
  if (start === undefined) return { changed: [], from: 0 };
  const changed: string[] = [];
  if (start.model !== digests.model) changed.push(`model (${start.model} then, ${digests.model} now)`);
  if (start.policy !== digests.policy) changed.push(`policy (${start.policy} then, ${digests.policy} now)`);
  for (const tool of new Set([...Object.keys(start.tools), ...Object.keys(digests.tools)])) {
    const [then, now] = [start.tools[tool], digests.tools[tool]];
    if (then === now) continue;
    changed.push(`tool ${tool} (${then === undefined ? 'new' : now === undefined ? 'gone' : 'changed'})`);
  }
  const accepted = acceptedChanges(view);
  if (String(changed) === String(accepted.changed)) return accepted;
  const accepts = acceptChanges || accepted.isFresh || changed.length === 0;
  if (accepts && !isReplay) return { changed, from: view.length };
  throw new RunError(
    'run-changed',
    `Run ${view.run} began with another agent: ${changed.join(', ')}. Resume it with the same, or accept the changes (\`acceptChanges\`).`,
    { run: view.run, changed },
  );
}

/** What was accepted when the run was last gone on with, since when, and whether it is a fork that nobody went on with yet. */
function acceptedChanges(view: RunView): Changes & { isFresh: boolean } {
  const accepted: Changes & { isFresh: boolean } = { changed: [], from: 0, isFresh: false };
  for (const event of view.events()) {
    if (event.kind === 'fork') accepted.isFresh = true;
    // An undo resumes a run, too, whatever the agent's model and policy.
    if (event.kind !== 'resume' || event.by !== 'loop') continue;
    accepted.isFresh = false;
    const { changed = [], seq } = event;
    if (String(changed) === String(accepted.changed)) continue;
    accepted.changed = changed;
    accepted.from = seq;
  }
  return accepted;
}
