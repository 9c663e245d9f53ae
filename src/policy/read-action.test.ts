import { expect, it } from 'vitest';
import { readAction, thoughtOf } from './read-action.ts';

const offered = [
  { name: 'price', input: { properties: { item: {}, shop: {} } } },
  { name: 'search', input: { properties: { words: {} } } },
  { name: 'least', input: { properties: { values: {} } } },
  { name: 'back', input: { properties: {} } },
];
const lamp = { tool: 'price', args: { item: 'lamp' } };

it.each([
  ['its input on a line of its own', 'Thought: look.\nAction: price\nAction Input: {"item":"lamp"}', lamp],
  ['its input on the same line', 'Action: price {"item":"lamp"}', lamp],
  ['round brackets', 'Action: price({"item":"lamp"})', lamp],
  ['square brackets', 'Action: price[{"item":"lamp"}]', lamp],
  ['the paper’s form', 'Thought 1: x\nAction 1: search[lamp shop]', { tool: 'search', args: { words: 'lamp shop' } }],
  ['another case', 'thought: x\naction: price\naction input: {"item":"lamp"}', lamp],
  ['bold marks', '**Action:** price\n**Action Input:** {"item":"lamp"}', lamp],
  ['a fence', 'Action: `price`\nAction Input:\n```json\n{"item":"lamp"}\n```', lamp],
  ['text after the arguments', 'Action: price\nAction Input: {"item":"lamp"} and then I convert it {"a": 1}', lamp],
  ['prose after the arguments', 'Action: price({"item":"lamp"}). This gives the price.', lamp],
  ['a brace in a string', 'Action: price {"item":"}"} {', { tool: 'price', args: { item: '}' } }],
  ['the same line as the thought', 'Thought: I look. Action: price {"item":"lamp"}', lamp],
  ['the word action in the thought', 'Thought: My next Action: is this.\nAction: price {"item":"lamp"}', lamp],
  ['two actions: the first', 'Action: price {"item":"lamp"}\nAction: back', lamp],
  ['an invented observation', 'Action: price {"item":"lamp"}\nObservation: 20\nFinal Answer: 20', lamp],
  ['no arguments', 'Action: back\nAction Input: ', { tool: 'back', args: {} }],
  ['empty brackets', 'Action: back()', { tool: 'back', args: {} }],
  [
    'words for the one argument',
    'Action: search\nAction Input: lamp shop',
    { tool: 'search', args: { words: 'lamp shop' } },
  ],
  ['a list for the one argument', 'Action: least [3, 1]', { tool: 'least', args: { values: [3, 1] } }],
  ['words where an object is needed', 'Action: price lamp', { tool: 'price', args: 'lamp' }],
  ['a tool that is not there', 'Action: fly {"to":"Ulm"}', { tool: 'fly', args: { to: 'Ulm' } }],
])('reads an action with %s', (_title, reply, expected) => {
  expect(readAction(reply, offered)).toEqual(expected);
});

it.each([
  ['a number', 'Thought: I now know.\nFinal Answer: 20', 20],
  ['a number at a sentence’s end', 'Final Answer: 20.5.', 20.5],
  ['a value before prose', 'Final Answer: 20\nThis is the price of the lamp.', 20],
  ['words', 'Final Answer: The lamp\nand the mug.', 'The lamp\nand the mug.'],
  ['JSON', 'Final Answer: [1, 2] in euros', [1, 2]],
  ['an object with the answer', 'Final Answer: {"answer": 20}', 20],
  ['the same line as the thought', 'Thought: I know. Final Answer: 20', 20],
  ['the paper’s finish', 'Action: Finish[20]', 20],
  ['finish as a tool', 'Action: finish {"answer": [1]}', [1]],
  ['an action that is none before it', 'Action: None\nFinal Answer: 20', 20],
  ['an action after it', 'Final Answer: 20\nAction: back', 20],
])('reads an answer with %s', (_title, reply, answer) => {
  expect(readAction(reply, offered)).toEqual({ answer });
});

it.each([
  ['a thought alone', 'Thought: I should look at the lamp.'],
  ['prose for an action', 'Action: I will look at the lamp.'],
  ['an empty answer', 'Final Answer:'],
  ['finish without an answer', 'Action: finish'],
  ['an invented observation alone', '\nObservation: 20\nFinal Answer: 20'],
])('reads nothing in %s', (_title, reply) => {
  expect(readAction(reply, offered)).toBeUndefined();
});

it('takes the thought as all before the action, without its label', () => {
  expect(thoughtOf('Thought: I look.\nAction: back')).toBe('I look.');
  expect(thoughtOf(' I look. Final Answer: 20')).toBe('I look.');
});
