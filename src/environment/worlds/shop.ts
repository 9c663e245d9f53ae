/**
 * A shop with state, after tau-bench's retail domain (arXiv 2406.12045): customers, orders, and what may be done to them.
 *
 * An order that is pending can be cancelled or sent elsewhere; one that was delivered can be returned. What was done cannot be
 * undone by the shop's own acts, so acts that change something are `irreversible` for the agent, though the world can snapshot.
 *
 * @module
 */
import { type Json, OptionError, seededRandom } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld } from '../ruled-world.ts';

export interface ShopCustomer {
  name: string;
  email: string;
}

export interface ShopOrder {
  customer: string;
  item: string;
  status: 'pending' | 'delivered' | 'cancelled' | 'returned';
  address: string;
}

/** The state of the world, and its snapshots. */
export interface ShopState {
  customers: { [id: string]: ShopCustomer };
  orders: { [id: string]: ShopOrder };
}

const TEXT = { type: 'string' };
const inputOf = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, TEXT])),
  required: names,
});
const CUSTOMER = inputOf('id', 'name', 'email');
const ORDER = inputOf('id', 'customer', 'item', 'status', 'address');
const ACTS: { readonly [name: string]: ActKind } = {
  findCustomer: {
    description: 'Finds a customer by e-mail address.',
    input: inputOf('email'),
    output: CUSTOMER,
    effect: 'read',
  },
  listOrders: {
    description: "Lists a customer's orders.",
    input: inputOf('customer'),
    output: { type: 'array', items: ORDER },
    effect: 'read',
  },
  cancelOrder: {
    description: 'Cancels an order that is pending. It cannot be taken back.',
    input: inputOf('order'),
    output: ORDER,
    effect: 'irreversible',
  },
  returnOrder: {
    description: 'Takes an order back that was delivered. It cannot be taken back.',
    input: inputOf('order'),
    output: ORDER,
    effect: 'irreversible',
  },
  changeAddress: {
    description: 'Sends an order that is pending to another address.',
    input: inputOf('order', 'address'),
    output: ORDER,
    effect: 'irreversible',
  },
};

const NAMES = ['Ada Murphy', 'Ben Okoro', 'Chen Wei', 'Dana Levi', 'Elif Kaya', 'Finn Larsen'];
const ITEMS = ['desk lamp', 'tea mug', 'rain coat', 'wall clock', 'garden chair', 'phone case'];
const STREETS = ['12 Oak Road', '3 Mill Lane', '45 Harbour Street', '7 Church Hill'];
const ORDERS = 12;

/** What a shop's seed makes: six customers, twelve orders. It has one task, `shop`. */
export function shopWorld(): SnapshotEnvironment {
  return ruledWorld<ShopState>({
    name: 'shop',
    acts: ACTS,
    begin({ task, seed }) {
      if (task !== 'shop') throw new OptionError('task', `there is no task "${task}". There is: shop.`);
      return beginWith(seed);
    },
    look: ({ customers, orders }) => ({
      customers: Object.keys(customers).length,
      orders: Object.keys(orders).length,
    }),
    step(state, { name, args }) {
      const given = args as { [name: string]: string };
      if (name === 'findCustomer') return { state, observation: customerBy(state, given.email ?? '') };
      if (name === 'listOrders') return { state, observation: ordersOf(state, given.customer ?? '') };
      const id = given.order ?? '';
      const changed = changedOrder(state, name, id, given.address);
      return { state: { ...state, orders: { ...state.orders, [id]: changed } }, observation: { id, ...changed } };
    },
    legal: ({ orders }) =>
      Object.entries(orders).flatMap(([order, { status }]): Act[] => {
        if (status === 'delivered') return [{ name: 'returnOrder', args: { order } }];
        if (status !== 'pending') return [];
        const moves = STREETS.map((address): Act => ({ name: 'changeAddress', args: { order, address } }));
        return [{ name: 'cancelOrder', args: { order } }, ...moves];
      }),
  });
}

function beginWith(seed: number): ShopState {
  const random = seededRandom(seed);
  const one = (items: readonly string[]) => items[random.below(items.length)] as string;
  const customers = Object.fromEntries(
    NAMES.map((name, at) => [`C${at + 1}`, { name, email: `${name.toLowerCase().replace(' ', '.')}@example.com` }]),
  );
  const orders = Array.from({ length: ORDERS }, (_, at): [string, ShopOrder] => [
    `W${1_000 + 10 * at + random.below(10)}`,
    {
      // Each customer has one of each: what is asked of an order names it by its item.
      customer: `C${(at % NAMES.length) + 1}`,
      item: ITEMS[(at + Math.floor(at / NAMES.length)) % ITEMS.length] as string,
      status: at < NAMES.length ? 'pending' : 'delivered',
      address: one(STREETS),
    },
  ]);
  return { customers, orders: Object.fromEntries(orders) };
}

function customerBy({ customers }: ShopState, email: string): Json {
  const found = Object.entries(customers).find(([, one]) => one.email === email.toLowerCase());
  if (found === undefined) refuse(`No customer has the address "${email}".`);
  return { id: found[0], ...found[1] };
}

function ordersOf({ customers, orders }: ShopState, customer: string): Json {
  if (!Object.hasOwn(customers, customer)) refuse(`There is no customer "${customer}".`);
  return Object.entries(orders)
    .filter(([, order]) => order.customer === customer)
    .map(([id, order]) => ({ id, ...order }));
}

function changedOrder({ orders }: ShopState, act: string, id: string, address = ''): ShopOrder {
  const order = Object.hasOwn(orders, id) ? orders[id] : undefined;
  if (order === undefined) refuse(`There is no order "${id}".`);
  const due = act === 'returnOrder' ? 'delivered' : 'pending';
  if (order.status !== due) refuse(`The order ${id} is ${order.status}, not ${due}.`);
  if (act === 'changeAddress') return { ...order, address };
  return { ...order, status: act === 'returnOrder' ? 'returned' : 'cancelled' };
}
