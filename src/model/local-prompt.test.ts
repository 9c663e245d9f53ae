import { expect, it } from 'vitest';
import { readCalls } from './local-prompt.ts';

const tools = [{ name: 'price', description: 'A price', input: {} }];

it.each([
  ['as the template marks it', '<tool_call>\n{"name": "price", "arguments": {"item": "lamp"}}\n</tool_call>', ''],
  ['without the marks, which small models forget', '{"name": "price", "arguments": {"item": "lamp"}}', ''],
  ['in a block', 'Let me see.\n```json\n{"name": "price", "arguments": {"item": "lamp"}}\n```', 'Let me see.'],
  ['by another common name', '{"name": "price", "parameters": {"item": "lamp"}}', ''],
])('reads a call %s', (_title, text, rest) => {
  expect(readCalls(text, tools)).toEqual({ text: rest, calls: [{ tool: 'price', args: { item: 'lamp' } }] });
});

it('reads several calls, with brackets and quotes in their arguments', () => {
  const text = '{"name":"price","arguments":{"item":"a \\"}{\\" b"}}\n{"name":"price","arguments":{}}';
  expect(readCalls(text, tools).calls).toEqual([
    { tool: 'price', args: { item: 'a "}{" b' } },
    { tool: 'price', args: {} },
  ]);
});

it.each(['{"name": "rm", "arguments": {}}', 'if (x) { y(); }', '{"name": "price", "arguments": {', 'No call.'])(
  'leaves text alone that is no call of a known tool: %s',
  (text) => {
    expect(readCalls(text, tools)).toEqual({ text, calls: [] });
  },
);
