/**
 * Runs a program in the run's session and writes the observation.
 *
 * @module
 */
import { isPoactError, type RunEvent } from '../record/index.ts';
import type { Outcome, RunContext } from './action.ts';
import { type Driven, drive } from './drive.ts';
import { type History, history, PARTIAL_NOTE } from './history.ts';
import { dropSession, liveSession, type SessionParts, takeSnapshot } from './live-session.ts';
import { isOnlyAsked, isWritten, saysUnknown } from './own-answer.ts';
import { type ProposeOptions, proposalOf } from './propose.ts';
import { type CallResult, renderFacts, textParts } from './render.ts';
import type { Facts, LiveSession } from './session-state.ts';
import type { NamedTool } from './tool.ts';

export interface ExecuteCodeParts extends SessionParts {
  observationChars: number;
  propose?: ProposeOptions;
}

/** Guest time after which the session is kept as a snapshot, because running it again would take as long. */
const SNAPSHOT_MS = 50;

/** Longest value that an observation holds itself; a longer one is a blob. */
const INLINE_CHARS = 2_000;

/** Runs the program of decision `of`; called again after a suspension or a crash, it goes on. */
export async function executeCode(
  parts: ExecuteCodeParts,
  action: { code: string; of: number },
  run: RunContext,
): Promise<Outcome> {
  const { of } = action;
  const program = run.view.project(history).programs.get(of);
  const code = program?.code ?? action.code;
  const at = program?.at ?? new Date(run.clock.now()).toISOString();
  const prefix = program?.prefix ?? String(of);
  const attempt = async () => {
    const live = await liveSession(parts, of, run);
    return { live, driven: await drive(live, { of, code, at, prefix }, run) };
  };
  const { live, driven } = await attempt().catch(async (error: unknown) => {
    // A broken interpreter says nothing of the program. The log rebuilds it once; calls that were made are not made again.
    dropSession(run);
    if (isPoactError(error) && error.code === 'sandbox-failed') return attempt();
    throw error;
  });
  if (driven.state === 'suspended') return suspend(live, of, driven, run);
  return { state: 'observed', observation: await observe(parts, { live, of, code, facts: driven.facts }, run) };
}

/** Keeps a waiting program as a snapshot. */
export async function suspend(
  live: LiveSession,
  of: number,
  { facts, waiting }: Extract<Driven, { state: 'suspended' }>,
  run: RunContext,
): Promise<Outcome> {
  const blob = await run.blobs.put(JSON.stringify(facts));
  run.note(PARTIAL_NOTE, { of, blob });
  await takeSnapshot(live, of, run);
  return { state: 'suspended', waiting: waiting.map(({ for: what, id }) => ({ for: what, id })) };
}

/** Appends the observation of a program that ended, and keeps in the session what was too long to show. */
export async function observe(
  parts: ExecuteCodeParts,
  { live, of, code, facts }: { live: LiveSession; of: number; code: string; facts: Facts },
  run: RunContext,
): Promise<RunEvent<'observation'>> {
  const past = run.view.project(history);
  const { text, whole } = renderFacts(facts, code, parts.observationChars, () => freeName(past), {
    results: () => resultsOf(of, parts.tools, run),
    isOwn: (value) => saysUnknown(value) || isWritten(value, code) || isOnlyAsked(value, past),
  });
  const proposed = proposalOf(facts, code, past, parts.propose ?? {});
  const value = facts.answer?.value ?? facts.value?.json ?? facts.logs.at(-1)?.value;
  const inline = value !== undefined && JSON.stringify(value).length <= INLINE_CHARS;
  const blob = whole === undefined ? undefined : await run.blobs.put(JSON.stringify(whole.value));
  const observation = run.append<'observation'>({
    kind: 'observation',
    by: 'action',
    cause: of,
    of,
    state: facts.error === undefined ? 'done' : 'failed',
    parts: textParts(text),
    ...(inline ? { value } : {}),
    ...(blob === undefined || whole === undefined ? {} : { blob, variable: whole.variable }),
    ...(facts.error === undefined ? {} : { error: facts.error }),
    ...(proposed === undefined ? {} : { proposed }),
    ...(facts.calls > 0 ? { calls: facts.calls } : {}),
    ...(facts.redeclared.length > 0 ? { redeclared: facts.redeclared } : {}),
  });
  if (whole !== undefined) await live.session.define({ [whole.variable]: whole.value });
  live.reflects = observation.seq;
  if (live.msSinceSnapshot > SNAPSHOT_MS) await takeSnapshot(live, of, run);
  return observation;
}

/** What the calls of a program gave, in order, but for those that failed or are too long to stand in the log. */
function resultsOf(of: number, tools: readonly NamedTool[], run: RunContext): CallResult[] {
  const lookers = new Set(tools.flatMap(({ name, looks }) => (looks === undefined ? [] : [name])));
  const prefix = `${run.view.project(history).programs.get(of)?.prefix ?? of}.`;
  const calls = new Map<string, RunEvent<'call'>>();
  const results: CallResult[] = [];
  for (const event of run.view.events().slice(of + 1)) {
    if (event.kind === 'call' && event.id.startsWith(prefix)) calls.set(event.id, event);
    if (event.kind !== 'call-result') continue;
    const { id, value } = event;
    const call = calls.get(id);
    if (call === undefined || value === undefined) continue;
    results.push({ tool: call.tool, args: call.args ?? null, value, looks: lookers.has(call.tool) });
  }
  return results;
}

/** Appends the observation of a step in which no program ran to its end. */
export function observeNothing(of: number, why: string, run: RunContext): RunEvent<'observation'> {
  return run.append<'observation'>({
    kind: 'observation',
    by: 'action',
    cause: of,
    of,
    state: 'failed',
    parts: textParts(why),
  });
}

/** `result1`, `result2` …: the next that neither the data nor a program uses. */
function freeName({ data, programs }: History): string {
  const taken = (name: string) =>
    data.has(name) ||
    [...programs.values()].some(
      ({ code, observation }) => observation?.variable === name || new RegExp(`\\b${name}\\b`).test(code),
    );
  let n = 1;
  while (taken(`result${n}`)) n += 1;
  return `result${n}`;
}
