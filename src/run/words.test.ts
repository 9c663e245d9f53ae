import { expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../action/index.ts';
import { dataVariable } from '../environment/index.ts';
import type { ModelRequest } from '../model/index.ts';
import { textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { type PoactOptions, poact } from './poact.ts';

const task = 'Ada has 16 eggs. She eats 3 and sells the rest for 2 euros each. How many euros does she make?';
const isWords = ({ messages }: ModelRequest) => textOf(messages.at(-1)?.parts ?? []).includes('in short sentences');

const modelOf = (words: string, program: string) =>
  scriptedModel((request) => (isWords(request) ? words : `\`\`\`ts\n${program}\n\`\`\``), { can: { prefill: false } });

async function run(words: string, program: string, options: PoactOptions = {}) {
  const model = modelOf(words, program);
  const result = await createAgent({ model, ...poact(options) }).run(task, { answer: z.number() });
  return { ...result, asked: model.requests.map(isWords) };
}

const words = 'She sells 16 - 3 = 13 eggs. That is 13 * 2 = 26 euros.\nAnswer: 26';

it('is worked out in words, and checked by a program', async () => {
  const { answer, warnings, asked, log } = await run(words, 'const sold = 16 - 3;\nanswer(sold * 2);');
  expect([answer, warnings, asked]).toEqual([26, [], [true, false]]);
  expect(log.find((event) => event.kind === 'choice')).toMatchObject({ agreed: true, winner: 'c2' });
});

it('is worked out again where the program comes to something else, and two that agree decide', async () => {
  const { answer, warnings, asked, log } = await run(words, 'const sold = 16 + 3;\nanswer(sold * 2);');
  expect([answer, asked, warnings]).toEqual([26, [true, false, true], []]);
  expect(log.find((event) => event.kind === 'observation')).toMatchObject({
    parts: [{ text: expect.stringContaining('16 - 3 = 13 eggs') }],
  });
});

it('holds for the first words where no two agree, and says so', async () => {
  let n = 0;
  const model = scriptedModel(
    (request) => {
      n += 1;
      return isWords(request)
        ? `16 - 3 = 13 eggs, at 2 euros: ${n}.\nAnswer: ${n}`
        : `\`\`\`ts\nanswer(16 * 3 * 2 + ${n});\n\`\`\``;
    },
    { can: { prefill: false } },
  );
  const { answer, warnings } = await createAgent({ model, ...poact() }).run(task, { answer: z.number() });
  expect(model.requests.map(isWords)).toEqual([true, false, true, false, true]);
  expect([answer, warnings]).toEqual([1, [expect.stringContaining('disagree')]]);
});

it('believes what words and a program agree on, also where a number of the task was not needed', async () => {
  const { answer, warnings } = await run('16 - 3 = 13 eggs.\nAnswer: 13', 'answer(16 - 3);');
  expect([answer, warnings]).toEqual([13, []]);
});

it('is left to programs where the words come to no number, or it is switched off', async () => {
  const program = 'const sold = 16 - 3;\nanswer(sold * 2);';
  expect(await run('I cannot say.', program)).toMatchObject({ answer: 26, asked: [true, false] });
  expect(await run(words, program, { words: false })).toMatchObject({ answer: 26, asked: [false] });
  expect(await run(words, program, { candidates: false })).toMatchObject({ answer: 26, asked: [false] });
});

it('is for tasks without data and tools', async () => {
  const price = tool({ description: 'Price', input: z.object({}), effect: 'read', run: () => 2 });
  const model = modelOf(words, 'const sold = 16 - 3;\nanswer(sold * 2);');
  const data = [dataVariable({ name: 'eggs', source: 'eggs.csv', value: [{ n: 16 }] })];
  await createAgent({ model, ...poact({ plan: false }), tools: { price } }).run(task, { answer: z.number() });
  await createAgent({ model, ...poact() }).run(task, { answer: z.number(), data });
  expect(model.requests.some(isWords)).toBe(false);
});
