/**
 * What the log knows of the runs within a run.
 *
 * @module
 */
import type { Projection, RunEvent, RunView } from '../record/index.ts';

/** One run within this one. */
export interface ChildState {
  started: RunEvent<'child'>;
  ended?: RunEvent<'child'>;
}

/**
 * See {@link ChildState}: by key, in the order in which they began; one without a key goes by its id. A turn that was broken
 * off leaves those that had not ended behind: nobody goes on with them.
 */
export const childStates: Projection<Map<string, ChildState>> = {
  start: () => new Map(),
  next(children, event) {
    if (event.kind === 'task') for (const [key, { ended }] of children) if (ended === undefined) children.delete(key);
    if (event.kind !== 'child') return children;
    const key = event.key ?? event.child;
    if (event.state === 'started') return children.set(key, { started: event });
    const state = children.get(key);
    if (state?.started.child === event.child) state.ended = event;
    return children;
  },
};

/** Those that have begun in this turn and not ended. */
export const openChildren: Projection<Map<string, RunEvent<'child'>>> = {
  start: () => new Map(),
  next(open, event) {
    if (event.kind === 'task') open.clear();
    if (event.kind !== 'child') return open;
    if (event.state === 'started') open.set(event.child, event);
    else open.delete(event.child);
    return open;
  },
};

/** Whether the run is suspended because one within it is. */
export const waitsWithin = (view: RunView): boolean => view.project(openChildren).size > 0;

/** The run that a tool's call waits for, where it does. */
export function childOfCall(view: RunView, call: string): string | undefined {
  for (const { child, key } of view.project(openChildren).values()) if (key?.startsWith(`${call}/`)) return child;
  return undefined;
}
