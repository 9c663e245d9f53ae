import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { taskSetPromises } from '../../testing/index.ts';
import { floorOf, isRightAnswer, isThere, loadSet, setOf } from './fixtures/public-sets.ts';

const set = () => setOf('m3tooleval');

describe.skipIf(!isThere('m3tooleval'))('m3tooleval', () => {
  it.each(taskSetPromises(() => loadSet('m3tooleval')))('$title', ({ run }) => run());

  it('has 42 tasks in five families, and reports none of the two that were tuned on', async () => {
    const { tasks } = await set();
    const count = (kind: string, fold?: string) =>
      tasks.filter((task) => task.kind === kind && (fold === undefined || task.fold === fold)).length;
    expect(tasks).toHaveLength(42);
    expect([count('trade_calculator'), count('trade_calculator', 'reporting')]).toEqual([9, 0]);
    expect([count('web_browsing'), count('web_browsing', 'reporting')]).toEqual([17, 0]);
    for (const kind of ['message_decoder', 'dna_sequencer'])
      expect([count(kind), count(kind, 'reporting')]).toEqual([4, 2]);
    expect([count('travel_itinerary_planning'), count('travel_itinerary_planning', 'reporting')]).toEqual([8, 4]);
  });

  it.each<[string, string, Json | undefined, boolean]>([
    ['right', 'message_decoder/maximum_value_decoding', '987', true],
    ['right', 'cryptobotanists_plant_dna_sequencer/find_most_common_nucleotide_combined_sequence', ['A', 3], true],
    ['right', 'cryptobotanists_plant_dna_sequencer/transcribe_translate_find_amino_acid', 'False', true],
    ['wrong', 'cryptobotanists_plant_dna_sequencer/transcribe_translate_find_amino_acid', true, false],
    ['wrong', 'message_decoder/maximum_value_decoding', 986, false],
    ['empty', 'cryptobotanists_plant_dna_sequencer/reverse_transcribe_palindrome_check', {}, false],
    ['empty', 'trade_calculator/taxed_commodity_export', undefined, false],
    ['malformed', 'web_browsing/department_of_kimberly_dudley', { department: 'Engineering' }, false],
    [
      'adversarial',
      'web_browsing/department_of_kimberly_dudley',
      'Engineering, Marketing, Sales or Customer Support',
      false,
    ],
    ['adversarial', 'message_decoder/maximum_value_decoding', [987], false],
  ])('takes a %s answer to %s for what it is', async (_what, id, answer, right) => {
    expect(await isRightAnswer(await set(), id, answer)).toBe(right);
  });

  it('is guessed right in 1.5 % of attempts', async () => {
    expect(await floorOf(await set(), 20)).toBeCloseTo(0.0155, 4);
  });
});
