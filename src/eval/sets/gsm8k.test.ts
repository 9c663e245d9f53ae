import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';

const set = () => setOf('gsm8k');

describe.skipIf(!isThere('gsm8k'))('gsm8k', () => {
  it.each(taskSetPromises(() => loadSet('gsm8k')))('$title', ({ run }) => run());

  it('has 200 tasks, half of them to report', async () => {
    const { tasks } = await set();
    expect(tasks).toHaveLength(200);
    expect(tasks.filter(({ fold }) => fold === 'reporting')).toHaveLength(100);
  });

  // 1: Janet's ducks, 18. 3: the flipped house, 70000.
  it.each<[string, string, Json | undefined, boolean]>([
    ['right', '1', 18, true],
    ['right', '3', '$70,000.00', true],
    ['right', '1', 'She makes 9 * 2 = 18 dollars.', true],
    ['wrong', '1', 17, false],
    ['wrong', '1', -18, false],
    ['empty', '1', '', false],
    ['empty', '1', undefined, false],
    ['malformed', '1', { dollars: 18 }, false],
    ['malformed', '1', [18], false],
    ['adversarial', '1', '18 or 20', false],
    ['adversarial', '1', 'Infinity', false],
    ['adversarial', '1', true, false],
  ])('takes a %s answer to %s for what it is: %j', async (_what, id, answer, right) => {
    expect(await isRightAnswer(await set(), id, answer)).toBe(right);
  });

  it('is guessed right in 1.6 % of attempts', async () => {
    expect(await floorOf(await set(), 5)).toBeCloseTo(0.016, 4);
  });
});
