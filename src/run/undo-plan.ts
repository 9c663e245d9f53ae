/**
 * What an undo would do: read off the log, before anything is touched.
 *
 * @module
 */
import { type Projection, type RunEvent, type RunView, standing, UndoError } from '../record/index.ts';
import { effectsOf, isStanding, type KnownTools, type RunEffect } from './effects.ts';
import { turns } from './turn.ts';

/** What an undo takes back, and what it cannot. */
export interface UndoPlan {
  run: string;
  /** The last event that would stand: the end of a step. */
  to: number;
  /** What is taken back, in this order: latest first. */
  steps: RunEffect[];
  /** What is not, each with its reason. */
  cannot: RunEffect[];
}

/** Also what only the log of this run can say. */
export interface OwnPlan extends UndoPlan {
  /** Runs within this one that began since. */
  children: RunEvent<'child'>[];
  /** Nothing happened since: the run stands there already. */
  nothing: boolean;
}

/** An undo that has begun. */
export interface BegunUndo {
  seq: number;
  to: number;
  /** Calls that it takes back, in this order. */
  calls: string[];
  cannot: string[];
}

/** Name of the note that an undo begins with. */
export const UNDO_NOTE = 'undo';

/** The undo that has begun and is not finished. A fork does not go on with it. */
export const begunUndo: Projection<{ undo?: BegunUndo }> = {
  start: () => ({}),
  next(state, event) {
    if (event.kind === 'note' && event.name === UNDO_NOTE) {
      return { undo: { seq: event.seq, ...(event.value as unknown as Omit<BegunUndo, 'seq'>) } };
    }
    return event.kind === 'undo' || event.kind === 'fork' ? {} : state;
  },
};

/** @throws {UndoError} `undo-unfinished`: the run cannot go on before the undo is finished. */
export function requireUndone(view: RunView): void {
  const { undo } = view.project(begunUndo);
  if (undo === undefined) return;
  throw new UndoError(
    'undo-unfinished',
    `An undo of run ${view.run} to event ${undo.to} has begun and is not finished. Finish it first: poact undo ${view.run} --to ${undo.to}`,
    { run: view.run, to: undo.to },
  );
}

/**
 * Plans an undo: everything after event `to`, latest first.
 *
 * @throws {UndoError} `undo-place`: there is no such place; the message names those nearby.
 */
export function planUndo(view: RunView, to: number, known: KnownTools): OwnPlan {
  const { effects } = effectsOf(view, known);
  const place = placeOf(view, to, effects);
  const after = effects.filter(({ seq, state }) => seq > place && isStanding(state));
  const ended = (call: string) =>
    view.events().findLast((event) => event.kind === 'call-result' && event.id === call)?.seq ?? 0;
  const steps = after.filter(({ takenBackBy }) => takenBackBy !== undefined);
  const order = new Map(steps.map(({ call }) => [call, ended(call)]));
  steps.sort((one, other) => (order.get(other.call) ?? 0) - (order.get(one.call) ?? 0));
  const cannot = after.filter(({ takenBackBy, left }) => takenBackBy === undefined && left !== true).reverse();
  const since = standing(view.events()).filter(({ seq }) => seq > place);
  const children = new Map(since.flatMap((event) => (event.kind === 'child' ? [[event.child, event] as const] : [])));
  const nothing = steps.length === 0 && cannot.length === 0 && since.every(({ kind }) => QUIET.has(kind));
  return { run: view.run, to: place, steps, cannot, children: [...children.values()], nothing };
}

/** Events that change nothing of where a run stands. */
const QUIET: ReadonlySet<RunEvent['kind']> = new Set(['run-end', 'resume', 'undo', 'note', 'reward', 'budget']);

/** A run within the run that changed something, as what this run's undo does not reach. */
export function childEffect({ child, seq, step, at }: RunEvent<'child'>, to: number): RunEffect {
  const why = `Run ${child} within this one changed something. Undo it there: poact undo ${child}`;
  return { call: child, tool: 'run', effect: 'unknown', digest: '', state: 'done', seq, step, at, why, to };
}

/** The end of the last step up to `to`: what was decided and has not ended there is decided anew. */
function placeOf(view: RunView, to: number, effects: readonly RunEffect[]): number {
  const first = view.events().find(({ kind }) => kind === 'task')?.seq;
  const last = view.length - 1;
  const refuse = (why: string) => new UndoError('undo-place', why, { run: view.run, to });
  if (first === undefined) throw refuse(`Run ${view.run} has no task yet: there is nothing to undo.`);
  if (!Number.isInteger(to) || to < first || to > last) {
    throw refuse(
      `Run ${view.run} cannot be undone to ${to}: give an event from ${first} (the task) to ${last} (the last).`,
    );
  }
  if (!standing(view.events()).some(({ seq }) => seq === to)) {
    const by = view.events().find((event) => event.kind === 'undo' && event.seq > to && event.to < to);
    const back = by?.kind === 'undo' ? by.to : first;
    throw refuse(
      `Event ${to} was itself undone (by event ${by?.seq}, to ${back}), and an undo cannot be undone. Undo to ${back} or an earlier one, or to one after ${by?.seq}.`,
    );
  }
  const then = standing(view.events(), to);
  let turn = turns.start();
  for (const event of then) turn = turns.next(turn, event);
  const { decision, observation } = turn;
  if (decision === undefined || observation !== undefined) return to;
  const kept = effects.find(({ seq, state }) => seq > decision.seq && seq <= to && isStanding(state));
  if (kept === undefined) return decision.seq - 1;
  const end = view.events().find((event) => event.kind === 'observation' && event.of === decision.seq)?.seq;
  throw refuse(
    `Event ${to} is within a program, of which ${kept.tool} (event ${kept.seq}) would stand. Undo to ${decision.seq - 1}, before the program${end === undefined ? '' : `, or to ${end}, after it`}.`,
  );
}
