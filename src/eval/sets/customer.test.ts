import { expect, it } from 'vitest';
import { scriptedModel } from '../../testing/index.ts';
import { modelCustomer, scriptedCustomer } from './customer.ts';

const facts = [
  { asked: ['mail'], tells: 'My address is ada@example.com.' },
  { asked: ['order', 'item'], tells: 'It is about the lamp.' },
];

it.each([
  ['What is your E-Mail address?', 'My address is ada@example.com.'],
  ['Your mail, and which item?', 'My address is ada@example.com. It is about the lamp.'],
  ['How old are you?', 'I do not know. Please do what you can.'],
])('answers %j by script', async (question, answer) => {
  expect(await scriptedCustomer(facts)(question)).toBe(answer);
});

it('has a model answer, which is told what was said', async () => {
  const model = scriptedModel([' ada@example.com\n', 'The lamp.']);
  const customer = modelCustomer(model, 'I want to cancel.', facts);
  expect(await customer('Your mail?')).toBe('ada@example.com');
  expect(await customer('Which item?')).toBe('The lamp.');
  expect(model.heard().at(-1)).toContain('Agent: Your mail?\nCustomer: ada@example.com\nAgent: Which item?\nCustomer:');
});
