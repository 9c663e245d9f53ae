import { expect, it } from 'vitest';
import { type LooseEvent, viewOf } from '../testing/index.ts';
import { loopStops } from './loops.ts';
import { firstReason } from './stops.ts';

let calls = 0;
/** A step that calls a tool and sees what it gave. */
const step = (tool: string, args: unknown, value: unknown, effect = 'read'): LooseEvent[] => {
  calls += 1;
  const id = `c${calls}`;
  return [
    { kind: 'decision', decision: { kind: 'call', calls: [{ id, tool, args }] } },
    { kind: 'call', id, tool, args, effect },
    { kind: 'observation', state: 'done', parts: [{ result: id, tool, value }] },
    { kind: 'review', what: 'path', verdict: 'go-on', rule: 'clean' },
  ];
};
const program = (code: string, text: string): LooseEvent[] => [
  { kind: 'decision', decision: { kind: 'act', code } },
  { kind: 'observation', state: 'done', parts: [{ text }] },
  { kind: 'review', what: 'path', verdict: 'go-on', rule: 'clean' },
];
const blocked = (code: string): LooseEvent[] => [
  { kind: 'decision', decision: { kind: 'act', code } },
  { kind: 'review', what: 'decision', verdict: 'block', rule: 'types' },
];
const thought = (text: string): LooseEvent[] => [
  { kind: 'decision', decision: { kind: 'think', form: 'thought', text } },
  { kind: 'review', what: 'decision', verdict: 'pass', rule: 'clean' },
];
const times = (n: number, make: (at: number) => LooseEvent[]) => Array.from({ length: n }, (_, at) => make(at)).flat();

const all = { same: 4, swings: 4, stale: 10 };
const why = (events: LooseEvent[], limits: Partial<typeof all> = {}, polls: string[] = []) =>
  firstReason(loopStops({ ...all, ...limits }, new Set(polls)), viewOf({ kind: 'task', parts: [] }, ...events));

const same = 'The last 4 steps decided the same and saw the same (limit `loops.same`).';
const swings = 'It went to and fro between two steps 4 times (limit `loops.swings`).';
const stale = 'The last 10 steps brought nothing new (limit `loops.stale`).';
const AB = (at: number) => (at % 2 === 0 ? step('look', { at: 'a' }, 1) : step('look', { at: 'b' }, 2));

it.each([
  ['the same call with the same result, four times', times(4, () => step('look', {}, 1)), same],
  ['three times', times(3, () => step('look', {}, 1)), undefined],
  ['the same program with the same observation', times(4, () => program('look()', 'x')), same],
  ['the same program, blocked each time', times(4, () => blocked('lok()')), same],
  ['the same call with other results', times(9, (at) => step('look', {}, at)), undefined],
  ['the same thought', times(4, () => thought('Hm.')), same],
  ['to and fro, four rounds', times(8, AB), swings],
  ['to and fro, three rounds and a half', times(7, AB), undefined],
  ['to and fro, with a third step between', [...times(4, AB), ...step('look', {}, 3), ...times(4, AB)], undefined],
  ['another query each time, and never a new result', times(11, (at) => step('find', { at }, [])), stale],
  ['nine of them', times(10, (at) => step('find', { at }, [])), undefined],
  ['changes that all give the same', times(20, (at) => step('put', { at }, null, 'unknown')), undefined],
  ['thoughts that go on', times(20, (at) => thought(`Then ${at}.`)), undefined],
])('%s', (_title, events, expected) => {
  expect(why(events)).toBe(expected);
});

it('counts anew when something came from outside', () => {
  const events = [...times(3, () => step('look', {}, 1)), { kind: 'reply' as const, to: 'q1', parts: [] }];
  expect(why([...events, ...times(3, () => step('look', {}, 1))])).toBeUndefined();
});

it('lets a tool be polled that says so, until it gives something else', () => {
  const polling = times(50, () => step('ready', {}, false));
  expect(why(polling, {}, ['ready'])).toBeUndefined();
  expect(why(polling)).toBe(same);
  expect(why([...polling, ...times(4, () => step('look', {}, 1))], {}, ['ready'])).toBe(same);
});

it.each([
  ['same', times(30, () => step('look', {}, 1)), { same: Number.POSITIVE_INFINITY, stale: Number.POSITIVE_INFINITY }],
  ['swings', times(30, AB), { swings: Number.POSITIVE_INFINITY, stale: Number.POSITIVE_INFINITY }],
  ['stale', times(30, (at) => step('find', { at }, [])), { stale: Number.POSITIVE_INFINITY }],
])('is off where the limit is: %s', (_name, events, limits) => {
  expect(why(events, limits)).toBeUndefined();
});
