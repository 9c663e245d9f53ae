/**
 * Shop: a customer wants an order cancelled, returned or sent elsewhere. After tau-bench's retail tasks.
 *
 * @module
 */
import { type Act, type ShopOrder, type ShopState, shopWorld } from '../../environment/index.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { type CustomerOptions, customerTask, startOf } from './customer-task.ts';

const TASKS_A_KIND = 6;
const ADDRESS = '88 Station Square';
const KINDS = ['cancel', 'return', 'move'] as const;
type Kind = (typeof KINDS)[number];

const WISHES: { readonly [kind in Kind]: string } = {
  cancel: 'I want to cancel an order.',
  return: 'I want to return an order that was delivered.',
  move: 'I want an order sent to another address.',
};
const CHANGES: { readonly [kind in Kind]: Partial<ShopOrder> } = {
  cancel: { status: 'cancelled' },
  return: { status: 'returned' },
  move: { address: ADDRESS },
};
const actOf = (kind: Kind, order: string): Act => {
  if (kind === 'move') return { name: 'changeAddress', args: { order, address: ADDRESS } };
  return { name: kind === 'cancel' ? 'cancelOrder' : 'returnOrder', args: { order } };
};

/** The set. It needs no data: its worlds come from seeds. */
export async function shop(options: CustomerOptions = {}): Promise<TaskSet> {
  const tasks: Omit<EvalTask, 'fold'>[] = [];
  for (const kind of KINDS) {
    for (let at = 0; at < TASKS_A_KIND; at++) tasks.push(await taskOf(kind, at, options));
  }
  return {
    name: 'shop',
    version: 1,
    about: 'A customer wants an order cancelled, returned or sent elsewhere, and tells which when asked.',
    rule: 'The state is what the right act leaves, and nothing else changed (as in tau-bench).',
    source: 'Made here, from seeds.',
    tasks: withFolds(tasks),
  };
}

/** @param at - which customer it is */
async function taskOf(kind: Kind, at: number, options: CustomerOptions): Promise<Omit<EvalTask, 'fold'>> {
  const seed = KINDS.indexOf(kind) * 100 + at + 1;
  const start = await startOf<ShopState>(shopWorld, 'shop', seed);
  const [id = '', who] = Object.entries(start.customers)[at] ?? [];
  const due = kind === 'return' ? 'delivered' : 'pending';
  const orders = Object.entries(start.orders).filter(([, { customer, status }]) => customer === id && status === due);
  const [order = '', before] = orders[0] ?? [];
  return customerTask<ShopState>(
    {
      id: `${kind}/${seed}`,
      kind,
      house: 'You serve the customers of a shop.',
      make: shopWorld,
      task: 'shop',
      seed,
      wish: WISHES[kind],
      facts: [
        { asked: ['mail'], tells: `My e-mail address is ${who?.email}.` },
        { asked: ['name', 'who'], tells: `I am ${who?.name}.` },
        { asked: ['order', 'item', 'which', 'what'], tells: `It is the order of the ${before?.item}.` },
        ...(kind === 'move' ? [{ asked: ['address', 'where'], tells: `Send it to ${ADDRESS}.` }] : []),
      ],
      act: actOf(kind, order),
      expected: (state) => ({
        ...state,
        orders: { ...state.orders, [order]: { ...(before as ShopOrder), ...CHANGES[kind] } },
      }),
    },
    options,
  );
}
