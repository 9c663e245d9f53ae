import { expect, it } from 'vitest';
import { onlyTells, ordersChange } from './orders-change.ts';

it.each([
  'Please update the price of lamp 7.',
  'Table lamps. Insert a lamp of 20 euros.',
  'Add a new entry: lamp, 20 euros.',
  'Delete orders older than 2020.',
  'Update lamp 7: its price is 20.',
  'Set "status" to done.',
  'Move orders to the archive.',
  'Could you send mail to Ann?',
  'Find the order, then cancel it.',
  'I want you to rename lamp 7',
  'Book me a room for May.',
  'INSERT INTO lamps VALUES (1)',
  'Send Ann the list.',
  'Look at lamp 7.\nRemove it.',
  'Change requests: how many are open? Delete the rest.',
  'Updates: delete lamp 7',
])('orders a change: %s', (task) => {
  expect(ordersChange(task)).toBe(true);
});

// Over data, such questions were sent back: "The task asks for a change, and nothing was changed."
it.each([
  'Change requests: how many are open?',
  'Set list: which song is the longest?',
  'Record sales by month: which was best?',
  'Book club members: who joined last?',
  'Book sales were best in which month?',
  'Change requests are listed below. How many are open?',
  'Record temperatures in June?',
  'Move-in dates: which is first?',
  'Which records were updated last? Add up their prices.',
  'Change in price from May to June?',
])('asks a question: %s', (task) => {
  expect(ordersChange(task)).toBe(false);
});

it.each([
  'Lamps and their prices.\nLamp 7 is sold for 20 euros.',
  'On 14 February 1917, the ship Uranus was sunk.',
  'Tiger Woods won in 1997 and 2001, with a total of 270.',
])('only tells: %s', (text) => {
  expect(onlyTells(text)).toBe(true);
});

it.each([
  'Which lamp is sold for 20 euros?',
  'Lamp 7 is sold for 20 euros. What does lamp 8 cost?',
  'That is not right. Try again.',
  'Summarise what was sold.',
  'The table has lamps. Find the cheapest one.',
  'Lamp 7, 20 euros',
])('does more than to tell: %s', (text) => {
  expect(onlyTells(text)).toBe(false);
});
