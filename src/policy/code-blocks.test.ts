import { expect, it } from 'vitest';
import { codeBlocks } from './code-blocks.ts';

it.each([
  ['a block among prose', 'Look:\n```ts\nls()\n```\nDone.', ['ls()']],
  ['two blocks', '```ts\na()\n```\n```js\nb()\n```', ['a()', 'b()']],
  ['a block whose closing fence was the stop string', '```ts\nconst a = 1;\nlog(a)', ['const a = 1;\nlog(a)']],
  ['a block without a language', '```\nls()\n```', ['ls()']],
  ['none in prose', 'There are 12.', []],
  ['none in an empty block', '```ts\n\n```', []],
])('reads %s', (_title, reply, expected) => {
  expect(codeBlocks(reply)).toEqual(expected);
});
