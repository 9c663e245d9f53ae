import { expect, it } from 'vitest';
import { type Assertion, type AssertionVerdict, scored, scoreOf } from './score.ts';

const assertion = (verdict: AssertionVerdict, by?: 'environment' | 'judge'): Assertion => ({
  name: 'answer',
  verdict,
  reason: 'So it is.',
  ...(by === undefined ? {} : { by }),
});
const attempt = { status: 'answered', log: [] } as const;

it.each<[string, AssertionVerdict[], object]>([
  ['all pass', ['pass', 'pass'], { success: true, value: 1, unknown: false }],
  ['one fails', ['pass', 'fail'], { success: false, value: 0.5, unknown: false }],
  ['one is unknown', ['pass', 'unknown'], { success: false, value: 0.5, unknown: true }],
  ['there are none', [], { success: false, value: 0, unknown: true }],
])('adds up where %s', (_title, verdicts, expected) => {
  expect(scoreOf(verdicts.map((verdict) => assertion(verdict)))).toMatchObject(expected);
});

it('never adds what a model judged to what the environment found', () => {
  const score = scoreOf([assertion('fail'), assertion('pass', 'judge')]);
  expect(score).toMatchObject({ success: false, value: 0, judged: { success: true, value: 1 } });
  expect(scoreOf([assertion('pass', 'judge')])).toMatchObject({ success: false, unknown: true });
  expect(scoreOf([assertion('pass')])).not.toHaveProperty('judged');
});

it('says unknown, and why, where a scorer throws', async () => {
  const score = await scored(() => {
    throw new Error('no table "orders"');
  }, attempt);
  expect(score).toMatchObject({ success: false, unknown: true });
  expect(score.assertions[0]?.reason).toBe('The scorer failed: no table "orders"');
});

it('says unknown where a scorer asserts nothing', async () => {
  expect(await scored(() => [], attempt)).toMatchObject({ success: false, unknown: true });
});

it('says unknown where a scorer takes too long', async () => {
  const score = await scored(() => new Promise(() => {}), attempt, { ms: 5 });
  expect(score.assertions[0]?.reason).toBe('The scorer failed: It took longer than 5 ms.');
});
