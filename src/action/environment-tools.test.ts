import { expect, it } from 'vitest';
import { sqlTable } from '../environment/index.ts';
import type { Json } from '../record/index.ts';
import { toolPromises } from '../testing/index.ts';
import { environmentTools } from './environment-tools.ts';
import { invokeTool } from './invoke-tool.ts';
import { toTools } from './to-tools.ts';

const SELL = { sql: "UPDATE lamps SET eur = '15'" };

async function scene() {
  const world = sqlTable({ name: 'lamps', columns: ['name', 'eur'], rows: [['reading', '20']] });
  await world.reset({ task: 'lamps', seed: 1 });
  const tools = toTools(environmentTools(world));
  const named = (name: string) => {
    const found = tools.find((tool) => tool.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  return { world, named };
}
const context = (call: string) => ({ signal: new AbortController().signal, idempotencyKey: call, run: 'r', call });

it.each(
  toolPromises(async () => {
    const { world, named } = await scene();
    return { tool: named('execute'), args: SELL, observe: async () => (await world.snapshot?.()) as Json };
  }),
)('a reversible act $title', ({ run }) => run());

it.each(toolPromises(async () => ({ tool: (await scene()).named('query'), args: { sql: 'SELECT name FROM lamps' } })))(
  'a read $title',
  ({ run }) => run(),
);

it('gives what an act showed, and has the effect of the act', async () => {
  const { named } = await scene();
  expect(named('query').effect).toBe('read');
  expect(await invokeTool(named('query'), { sql: 'SELECT eur FROM lamps' }, context('1'))).toEqual([{ eur: '20' }]);
  expect(named('execute').effect).toBe('reversible');
});

it('does not undo over newer work', async () => {
  const { world, named } = await scene();
  const sell = named('execute');
  const result = await invokeTool(sell, SELL, context('1'));
  await invokeTool(sell, { sql: "INSERT INTO lamps VALUES ('desk', '9')" }, context('2'));
  const undo = () => sell.undo?.(SELL as never, result as never, context('1'));
  await expect(undo()).rejects.toMatchObject({ code: 'tool-conflict' });
  expect(await world.snapshot?.()).toEqual([
    ['reading', '15'],
    ['desk', '9'],
  ]);
});

it('does not undo what another world did', async () => {
  const { named } = await scene();
  const undo = () => named('execute').undo?.(SELL as never, {} as never, context('other'));
  await expect(undo()).rejects.toMatchObject({ code: 'tool-conflict' });
});

it('passes on why an act was refused', async () => {
  const { named } = await scene();
  await expect(invokeTool(named('query'), { sql: 'DROP TABLE lamps' }, context('1'))).rejects.toMatchObject({
    code: 'tool-refused',
  });
});
