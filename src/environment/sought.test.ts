import { expect, it } from 'vitest';
import { patternOf, sharedWords, soughtIn } from './sought.ts';

it.each<[string, string[]]>([
  ['Find the email of Henry Santiago.', ['Henry Santiago']],
  ['Which person’s phone number is (719)639-9091x6998?\nAnswer the name (e.g., John Smith).', ['(719)639-9091x6998']],
  ['Find the price of [Rare Wand, Magical Potion].\nAnswer in the format of ‘xx.xx’.', ['Rare Wand', 'Magical Potion']],
  [
    'Who wrote "the long way"? Ask Ada Lovelace of Analytics and Co, not Byron.',
    ['the long way', 'Ada Lovelace of Analytics', 'Co', 'Byron'],
  ],
  ['Summer is over. Compare 400 units and 12,500 credits since 2026-01-31.', []],
  ['Look for order A-1042 and for +1-972-434-3098x05009', ['A-1042', '+1-972-434-3098x05009']],
  ['What is the answer?', []],
])('finds what %j looks for', (task, sought) => {
  expect(soughtIn(task)).toEqual(sought);
});

it('finds a text whatever stands between its words, and in any case', () => {
  expect(patternOf(['Henry Santiago']).test('/team/henry_santiago')).toBe(true);
  expect(patternOf(['(719)639-9091']).test('Phone: 719 639 9091')).toBe(true);
  expect(patternOf(['Henry Santiago', 'Ada']).test('Henry and Santiago')).toBe(false);
});

it('counts the words that two texts share, each once', () => {
  expect(sharedWords(['Rare Crystal Ball', 'Crystal of Rome'], '/products/crystal_ball of crystal')).toBe(2);
});
