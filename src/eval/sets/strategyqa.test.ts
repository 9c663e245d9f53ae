import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';

const set = () => setOf('strategyqa');

describe.skipIf(!isThere('strategyqa'))('strategyqa', () => {
  it.each(taskSetPromises(() => loadSet('strategyqa')))('$title', ({ run }) => run());

  // 1: frost during college commencements, yes. 3: a pear sinks in water, no.
  it.each<[string, string, Json | undefined, boolean]>([
    ['right', '1', true, true],
    ['right', '3', 'No.', true],
    ['wrong', '1', false, false],
    ['wrong', '3', 'yes', false],
    ['empty', '3', '', false],
    ['empty', '3', null, false],
    ['empty', '3', undefined, false],
    ['malformed', '1', 1, false],
    ['malformed', '1', ['yes'], false],
    ['adversarial', '1', 'yes and no', false],
    ['adversarial', '3', 'not true', false],
  ])('takes a %s answer to %s for what it is: %j', async (_what, id, answer, right) => {
    expect(await isRightAnswer(await set(), id, answer)).toBe(right);
  });

  it('has 2,290 tasks, half of which a coin solves', async () => {
    const all = await set();
    expect(all.tasks).toHaveLength(2_290);
    expect(await floorOf(all, 1)).toBeCloseTo(0.4978, 4);
  });
});
