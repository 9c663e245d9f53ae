import { expect, it } from 'vitest';
import { z } from 'zod';
import { dataVariable } from '../environment/index.ts';
import type { ModelRequest } from '../model/index.ts';
import { textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { type PoactOptions, poact } from './poact.ts';

const data = [
  dataVariable({
    name: 'orders',
    source: 'orders.csv',
    value: [
      { city: 'Ulm', eur: 5 },
      { city: 'Bonn', eur: 7 },
      { city: 'Ulm', eur: 2 },
    ],
  }),
];
const isQuery = ({ messages }: ModelRequest) => textOf(messages[0]?.parts ?? []).includes('CREATE TABLE orders');

async function run({ program, query }: { program: string; query: string }, options: PoactOptions = { query: true }) {
  const write = (request: ModelRequest) => (isQuery(request) ? `\`\`\`sql\n${query}\n` : `\`\`\`ts\n${program}\n`);
  const model = scriptedModel(write, { can: { prefill: false } });
  const agent = createAgent({ model, ...poact(options) });
  const result = await agent.run('How many euros are the orders of Ulm?', { data, answer: z.number() });
  const choice = result.log.find((event) => event.kind === 'choice');
  return { ...result, choice, queries: model.requests.filter(isQuery), requests: model.requests };
}

const program = "answer(orders.filter((one) => one.city === 'Ulm').reduce((sum, one) => sum + one.eur, 0))";
const query = "SELECT sum(eur) FROM orders WHERE city = 'Ulm';";

it('asks a query beside the first program, and is done where they agree', async () => {
  const { answer, warnings, choice, queries, requests } = await run({ program, query });
  expect(answer).toBe(7);
  expect(warnings).toEqual([]);
  expect(choice).toMatchObject({ votes: { 7: 2 }, agreed: true });
  expect(requests).toHaveLength(2);
  expect(textOf(queries[0]?.messages.at(-1)?.parts ?? [])).toMatch(/^How many euros are the orders of Ulm\?\n\n/);
});

it('asks for more programs where they do not, and says so', async () => {
  const { answer, choice, queries, requests } = await run({
    program,
    query: "SELECT min(eur) FROM orders WHERE city = 'Ulm'",
  });
  expect(answer).toBe(7);
  expect(choice).toMatchObject({ votes: { 2: 1, 7: 2 } });
  expect(queries).toHaveLength(1);
  expect(requests).toHaveLength(3);
});

it('takes what the query gives where the program fails', async () => {
  const { answer } = await run({ program: 'answer(orders[9].eur)', query });
  expect(answer).toBe(7);
});

it('asks for programs alone where the reply is no query, it is not switched on, or no form is asked for', async () => {
  const none = await run({ program, query: 'I cannot say.' });
  expect(none).toMatchObject({ answer: 7, choice: { votes: { 7: 2 } } });
  const off = await run({ program, query }, {});
  expect(off).toMatchObject({ answer: 7, queries: [], choice: { votes: { 7: 1 } } });
  const model = scriptedModel([`\`\`\`ts\n${program}\n`], { can: { prefill: false } });
  const free = await createAgent({ model, ...poact({ query: true }) }).run('How many euros are the orders of Ulm?', {
    data,
  });
  expect(free.status).toBe('answered');
  expect(model.requests.some(isQuery)).toBe(false);
});
