import { expect, it } from 'vitest';
import { LOG_VERSION, type Migration, storedEvent, upgradeEvent } from './migrate.ts';

const at = { seq: 0, at: '2026-11-24T09:00:00.000Z', run: 'r', step: 0, by: 'loop' };
/** As if version 1 had called results `output`, and version 2 told times in seconds. */
const steps: Migration[] = [
  ({ output, ...event }) => (event.kind === 'call-result' ? { ...event, value: output } : event),
  ({ ms, ...event }) => (typeof ms === 'number' ? { ...event, ms: ms * 1_000 } : event),
];
const result = { ...at, kind: 'call-result', id: '1', ok: true };

it.each([
  ['of version 1', { ...result, output: 5, ms: 2 }, { ...result, value: 5, ms: 2_000 }],
  ['of version 2', { ...result, v: 2, value: 5, ms: 2 }, { ...result, value: 5, ms: 2_000 }],
  ['of this version', { ...result, v: 3, value: 5, ms: 2 }, { ...result, value: 5, ms: 2 }],
])('brings an event %s up to date, by the steps since', (_title, stored, expected) => {
  const before = JSON.stringify(stored);
  expect(upgradeEvent(stored, steps)).toEqual(expected);
  expect(JSON.stringify(stored)).toBe(before);
});

it('refuses what a newer version wrote, wherever in a log it stands', () => {
  const refusal = { code: 'log-version', facts: { version: 4, reads: 3 } };
  expect(() => upgradeEvent({ ...result, v: 4 }, steps)).toThrow(expect.objectContaining(refusal));
  expect(() => upgradeEvent({ ...at, kind: 'run-start', version: 4 }, steps)).toThrow(expect.objectContaining(refusal));
});

it('says in events which version wrote them, from version 2 on', () => {
  expect(storedEvent(result, 1)).toBe(result);
  expect(upgradeEvent(storedEvent({ ...result, ms: 2 }, 2), steps)).toEqual({ ...result, ms: 2_000 });
  expect(upgradeEvent(storedEvent(result))).toEqual(result);
  expect(LOG_VERSION).toBe(1);
});
