/**
 * A store under test, and what its promises begin with.
 *
 * @module
 */
import type { Json, NewEvent, RunEvent } from '../record/index.ts';
import type { RunStore } from '../run/index.ts';
import type { ContractPromise } from './contract-promise.ts';

/** A store to test. */
export interface TestedStore {
  store: RunStore;
  /** The same store through another door, as another process has it; left out where there is none. */
  other?: RunStore;
  /** The store as a process finds it that starts now; left out where nothing outlives the process. */
  reopen?(): RunStore | Promise<RunStore>;
  /** Lets the store's clock go on. */
  advance(ms: number): Promise<void> | void;
  /** Removes what was made. */
  remove?(): Promise<void> | void;
}

/** A promise before it knows its store. */
export interface StorePromise {
  title: string;
  check(tested: TestedStore & { other: RunStore }): Promise<void>;
}

/** Each promise with a fresh store. */
export function onFreshStores(
  promises: readonly StorePromise[],
  make: () => TestedStore | Promise<TestedStore>,
): ContractPromise[] {
  return promises.map(({ title, check }) => ({
    title,
    async run() {
      const tested = await make();
      try {
        await check({ other: tested.store, ...tested });
      } finally {
        if (tested.other !== undefined) await tested.other.close();
        await tested.store.close();
        await tested.remove?.();
      }
    },
  }));
}

export const AT = '2026-01-01T00:00:00.000Z';
export const START: NewEvent<'run-start'> = {
  kind: 'run-start',
  by: 'loop',
  version: 1,
  agent: 'a',
  model: 'scripted/model',
  policy: 'react',
  tools: {},
  seed: 1,
};
/** What JSON can hold and stores are tempted to change. */
export const ODD: Json = {
  text: 'line\nbreak \u2028 quote " back\\slash \0 nul \ud800 half ü 🂡 $1 %s {} \x7f',
  numbers: [0, 1e-9, 1e21, -1.5, 123456789012345680000],
  deep: { b: { a: [[], {}, null, true, ''] }, a: 1, '2': 2, '1': 1 },
};
export const note = (value: Json): NewEvent<'note'> => ({ kind: 'note', by: 'action', name: 'n', value });

export const promise = (title: string, check: StorePromise['check']): StorePromise => ({ title, check });

/** Events as a log has them. */
export const placed = (run: string, from: number, ...events: NewEvent[]): RunEvent[] =>
  events.map((event, at) => ({ seq: from + at, at: AT, run, step: 0, ...event }) as unknown as RunEvent);

/** A run with its start, its task and more, held for a second. */
export async function begin(store: RunStore, run: string, ...more: NewEvent[]) {
  const { fence } = await store.lease(run, 'me', 1_000);
  const task: NewEvent<'task'> = { kind: 'task', by: 'user', parts: [{ text: `Task of ${run}` }] };
  const events = placed(run, 0, START, task, ...more);
  await store.append(run, events, { expectedSeq: 0, fence });
  return { fence, events };
}
