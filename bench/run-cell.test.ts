import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { taskSet } from '../src/eval/index.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { FILE_ARMS, TOOL_ARMS } from './arms.ts';
import { dataFolder, hasData } from './data-folder.ts';
import { type CellOptions, runCell } from './run-cell.ts';

const block = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;

const orders = [{ eur: 5 }, { eur: 7 }];
const question = (options: Pick<CellOptions, 'arm' | 'model'>): CellOptions => ({
  task: 'sum',
  text: 'What do the orders come to?',
  answer: z.number(),
  data: { orders },
  sentTokens: 100_000,
  steps: 8,
  taskMs: 20_000,
  isRight: (answer) => answer === 12,
  ...options,
});

it.each(FILE_ARMS.map((arm) => [arm.name, arm] as const))('runs a question under the arm %s', async (_name, arm) => {
  const model = scriptedModel(() => block('answer(orders.reduce((sum, order) => sum + order.eur, 0));'));
  const cell = await runCell(question({ arm, model }));
  expect(cell).toMatchObject({ arm: arm.name, task: 'sum', right: true, status: 'answered', answer: 12 });
  expect(cell.sent).toBeGreaterThan(0);
});

it('takes the first program as it is: one that fails is a wrong answer, and nothing more is asked', async () => {
  const [first] = FILE_ARMS;
  const model = scriptedModel([block('answer(order.length);'), block('answer(12);')]);
  const cell = await runCell(question({ arm: first as never, model }));
  expect(cell).toMatchObject({ right: false, modelCalls: 1 });
  expect(cell.status).not.toBe('answered');
});

it('refuses what would pass the budget of sent tokens, and calls that a wrong answer', async () => {
  const model = scriptedModel(() => block('answer(12);'));
  const cell = await runCell({ ...question({ arm: FILE_ARMS[3] as never, model }), sentTokens: 10 });
  expect(cell).toMatchObject({ right: false, sent: 0 });
  expect(cell.status).not.toBe('answered');
});

it.skipIf(!hasData('m3tooleval'))('runs a task with tools under every arm', async () => {
  const { tasks } = await taskSet('m3tooleval', { data: dirname(dataFolder('m3tooleval')) });
  const task = tasks.find(({ id }) => id.endsWith('taxed_commodity_export'));
  if (task === undefined) throw new Error('No such task.');
  const code = block(
    'const price = await convert_currency({ base_price: 24000, conversion_rate: 2 });\nconst tariff = await calculate_tariff({ price, tariff_rate: 5 });\nanswer(await estimate_final_value({ price, tariff }));',
  );
  for (const arm of TOOL_ARMS) {
    // react writes an action in text; a plan and a thought end where code would begin.
    const model = scriptedModel(({ stop = [] }) => {
      if (stop.includes('\nObservation')) {
        const ends = stop.includes('```');
        if (!ends) return 'Thought: It is known.\nAction: finish {"answer": 50400}';
      }
      return stop.includes('```ts') || stop.includes('```') ? '1. Convert, then add the tariff.' : code;
    });
    const cell = await runCell({
      arm,
      model,
      task: task.id,
      text: task.text,
      answer: task.answer ?? {},
      tools: (await task.open(1)).tools ?? {},
      sentTokens: 100_000,
      steps: 8,
      taskMs: 20_000,
      isRight: (answer) => answer === 50400,
    });
    expect(cell, JSON.stringify(cell)).toMatchObject({ right: true, status: 'answered' });
  }
});
