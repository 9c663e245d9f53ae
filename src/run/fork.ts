/**
 * Forking a run: a new one that shares its beginning, perhaps with the next event told otherwise.
 *
 * The session is rebuilt from the log. What the run did to the world after that place is not: where it stands, the fork is
 * refused, or made all the same when asked to.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import {
  canonicalJson,
  type Json,
  OptionError,
  parseEvent,
  RunError,
  type RunEvent,
  type RunView,
  sortedIds,
  systemClock,
  viewOf,
} from '../record/index.ts';
import { callStates, LATER_NOTE } from './calls.ts';
import { effectsOf } from './effects.ts';
import type { RunStore } from './run.ts';

export interface ForkOptions {
  /**
   * Fields of the event at the place, which the fork has instead: another decision, reply, approval, result or task.
   * The fork then goes on after it. @default none: the fork goes on before it
   */
  edit?: { readonly [field: string]: Json };
  /**
   * What to do where calls after the place changed something that stands: refuse, or fork all the same, in a world that has
   * the changes. @default 'refuse'
   */
  effects?: 'refuse' | 'keep';
}

const newId = sortedIds({ now: systemClock.now, random: { below: (below) => randomInt(below) } });

/** What may be told otherwise; the rest is found, not decided. */
const EDITABLE: readonly RunEvent['kind'][] = [
  'task',
  'policy-state',
  'model-call',
  'decision',
  'reply',
  'approval',
  'call-result',
  'message',
];

/** A change of the world that a fork would find in place although its log does not have it, or the other way about. */
export interface Standing {
  call: string;
  tool: string;
  effect: string;
  /** `done`: after the place; `begun`: nobody knows whether it happened; `undone`: before the place, and taken back since. */
  state: 'done' | 'begun' | 'undone';
}

/** What the world has that it had not at an earlier place of the run, or the other way about. */
export function effectsAfter(view: RunView, at: number): Standing[] {
  const calls = view.project(callStates);
  const backAt = new Map<string, number>();
  for (const { intent, result } of calls.values()) {
    if (intent?.undoes !== undefined && result?.ok === true) backAt.set(intent.undoes, result.seq);
  }
  return effectsOf(view).effects.flatMap(({ call, tool, effect, seq }): Standing[] => {
    const { result, later } = calls.get(call) ?? {};
    // A tool that failed may have done half of its work. One that put its result off has done its part.
    const ended = later?.seq ?? result?.seq ?? seq;
    const back = backAt.get(call);
    if (ended >= at && back === undefined) return [{ call, tool, effect, state: result ? 'done' : 'begun' }];
    return ended < at && back !== undefined && back >= at ? [{ call, tool, effect, state: 'undone' }] : [];
  });
}

/**
 * Makes the fork, and gives its id.
 *
 * @throws {RunError} `run-unknown`; `run-not-forkable`: effects after the place stand.
 * @throws {OptionError} `edit` does not fit the event at the place.
 */
export async function forkRun(
  store: RunStore,
  run: string,
  at: number,
  { edit, effects = 'refuse', newRun = newId() }: ForkOptions & { newRun?: string } = {},
): Promise<string> {
  const after = await store.read(run, Math.max(0, at));
  // Most forks are made where nothing came after, and need not read what came before.
  const touched = after.some(touches);
  const standing = effects === 'keep' || !touched ? [] : effectsAfter(viewOf(run, await store.read(run)), at);
  if (standing.length > 0) throw notForkable(run, at, standing);
  const edited = edit === undefined ? undefined : editedEvent(after[0], edit, newRun, at);
  await store.fork(run, at, newRun);
  if (edited === undefined) return newRun;
  const { fence } = await store.lease(newRun, `${hostname()}/${process.pid}/fork`, 30_000);
  const [forked] = await store.read(newRun, at);
  await store.append(newRun, [{ ...edited, at: forked?.at ?? edited.at }], { expectedSeq: at + 1, fence });
  await store.release(newRun, fence);
  return newRun;
}

/** Whether an event may say that the world changed. A tool that puts its result off has done its part. */
const touches = (event: RunEvent): boolean =>
  event.kind === 'call' ||
  event.kind === 'call-result' ||
  event.kind === 'undo' ||
  (event.kind === 'note' && event.name === LATER_NOTE);

function editedEvent(
  event: RunEvent | undefined,
  edit: { readonly [field: string]: Json },
  run: string,
  at: number,
): RunEvent {
  if (event === undefined) throw new OptionError('edit', `the run has no event ${at}.`);
  const { kind } = event;
  const before = withoutBlob(event, edit);
  if (!EDITABLE.includes(kind)) {
    throw new OptionError(
      'edit',
      `event ${at} is of kind ${kind}; only these can be told otherwise: ${EDITABLE.join(', ')}.`,
    );
  }
  const made = { ...before, ...edit, kind, seq: at + 1, run, by: 'user' };
  try {
    const parsed = parseEvent(made);
    const lost = Object.keys(edit).filter((field) => !(field in parsed));
    if (lost.length > 0) throw new OptionError('edit', `a ${kind} has no field ${lost.join(', ')}.`);
    if (canonicalJson({ ...before, ...edit }) === canonicalJson(event))
      throw new OptionError('edit', 'it changes nothing.');
    return parsed;
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError('edit', (error as Error).message);
  }
}

/** What was too large for the event stands in a blob, and would be read instead of what is told otherwise. */
function withoutBlob(event: RunEvent, edit: { readonly [field: string]: Json }): RunEvent {
  if (!('blob' in event) || !('value' in edit || 'args' in edit)) return event;
  const { blob: _blob, ...rest } = event;
  return rest as RunEvent;
}

const HOW = {
  done: 'was done after it',
  begun: 'began, and may have happened',
  undone: 'was taken back after it',
} as const;

function notForkable(run: string, at: number, standing: readonly Standing[]): RunError {
  const list = standing
    .slice(0, 5)
    .map(({ call, tool, effect, state }) => `${tool} (call ${call}, ${effect}) ${HOW[state]}`);
  const more = standing.length > 5 ? `, and ${standing.length - 5} more` : '';
  return new RunError(
    'run-not-forkable',
    `Run ${run} cannot be forked at ${at}: the world is not as it was there. ${list.join('; ')}${more}. Undo the run to that place first, or fork it in the world as it is (\`effects: 'keep'\`).`,
    { run, at, standing: standing.map((one) => ({ ...one })) },
  );
}
