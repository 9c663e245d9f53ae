import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Projection, type RunEvent, standing, viewOf } from './index.ts';

const events: fc.Arbitrary<RunEvent[]> = fc
  .array(fc.record({ name: fc.string(), resumed: fc.boolean(), newStep: fc.boolean() }))
  .map((facts) => {
    let step = 0;
    return facts.map(({ name, resumed, newStep }, seq) => {
      if (newStep) step += 1;
      const envelope = { seq, at: new Date(seq).toISOString(), run: 'r', step, by: 'test' };
      return resumed ? { ...envelope, kind: 'resume' } : { ...envelope, kind: 'note', name, value: seq };
    });
  });

/** Changes its state in place, as projections may. */
const names: Projection<string[]> = {
  start: () => [],
  next(state, event) {
    state.push(`${event.seq} ${event.kind === 'note' ? event.name : event.kind}`);
    return state;
  },
};
const count: Projection<number> = { start: () => 0, next: (n) => n + 1 };

it('gives the same state kept up to date as built from scratch', () => {
  fc.assert(
    fc.property(events, fc.array(fc.boolean()), (all, looks) => {
      const grown = viewOf('r');
      for (const [place, event] of all.entries()) {
        grown.push(event);
        if (looks[place]) expect(grown.project(names)).toEqual(viewOf('r', all.slice(0, place + 1)).project(names));
      }
      expect(grown.project(names)).toEqual(viewOf('r', all).project(names));
      expect(grown.project(count)).toBe(all.length);
    }),
  );
});

it('shows each event to a projection once, however often it is asked', () => {
  const seen: number[] = [];
  const watching: Projection<null> = {
    start: () => null,
    next(state, event) {
      seen.push(event.seq);
      return state;
    },
  };
  fc.assert(
    fc.property(events, (all) => {
      seen.length = 0;
      const view = viewOf('r');
      for (const event of all) {
        view.push(event);
        view.project(watching);
        view.project(watching);
      }
      expect(seen).toEqual(all.map(({ seq }) => seq));
    }),
  );
});

it('knows the last event of a kind, the event at a place, its length and its step', () => {
  fc.assert(
    fc.property(events, (all) => {
      const view = viewOf('r', all);
      expect(view.last('note')).toBe(all.findLast(({ kind }) => kind === 'note'));
      expect(view.last('run-end')).toBeUndefined();
      expect(all.every((event, seq) => view.at(seq) === event)).toBe(true);
      expect(view.length).toBe(all.length);
      expect(view.step).toBe(all.at(-1)?.step ?? 0);
      expect(view.events()).toEqual(all);
    }),
  );
});

it('leaves out what was undone, in projections that say so, and not in others', () => {
  const seqs = (rewinds: boolean): Projection<number[]> => ({
    rewinds,
    start: () => [],
    next: (seen, { seq }) => [...seen, seq],
  });
  const envelope = (seq: number) => ({ seq, at: new Date(seq).toISOString(), run: 'r', step: 0, by: 'test' });
  const note = (seq: number): RunEvent => ({ ...envelope(seq), kind: 'note', name: 'n', value: seq });
  const undo = (seq: number, to: number): RunEvent => ({ ...envelope(seq), kind: 'undo', to, undone: [], cannot: [] });
  const [all, left] = [seqs(false), seqs(true)];
  const events = Array.from({ length: 5 }, (_, seq) => note(seq));
  const view = viewOf('r', events);
  view.project(left);
  view.push(undo(5, 2));
  expect([view.project(all), view.project(left)]).toEqual([
    [0, 1, 2, 3, 4, 5],
    [0, 1, 2, 5],
  ]);
  view.push(note(6));
  view.push(undo(7, 5));
  view.push(undo(8, 1));
  expect(view.project(left)).toEqual([0, 1, 8]);
  expect(viewOf('r', view.events()).project(left)).toEqual([0, 1, 8]);
  expect(standing(view.events(), 7).map(({ seq }) => seq)).toEqual([0, 1]);
});
