import { expect, it } from 'vitest';
import { memoryStore } from '../../run/index.ts';
import { scriptedModel } from '../../testing/index.ts';
import { experiment } from '../experiment.ts';
import { shop } from './shop.ts';

const PROGRAM = `const told = await askCustomer({ question: 'Your e-mail address, and which item?' });
const customer = await findCustomer({ email: told.split(' ').find((word) => word.includes('@'))!.replace(/\\.$/, '') });
const orders = await listOrders({ customer: customer.id });
await cancelOrder({ order: orders.find(({ item }) => told.includes(item))!.id });
answer('done');`;

it('is done by an agent that asks the customer, looks the order up, and acts', async () => {
  const set = await shop();
  const { cells } = await experiment({
    name: 'shop',
    sets: [{ ...set, tasks: set.tasks.filter(({ kind }) => kind === 'cancel') }],
    arms: [
      { name: 'codeAct', agent: () => ({ model: scriptedModel([`\`\`\`ts\n${PROGRAM}\n\`\`\``]), policy: 'codeAct' }) },
    ],
    store: memoryStore(),
  });
  expect(cells.map(({ success, toolCalls }) => [success, toolCalls])).toEqual(cells.map(() => [true, 4]));
  expect(cells).toHaveLength(6);
});
