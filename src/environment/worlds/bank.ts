/**
 * A bank with state: customers, accounts, and what may be done to them. What leaves an account does not come back, so acts that
 * change something are `irreversible`.
 *
 * @module
 */
import { type Json, OptionError, seededRandom } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld } from '../ruled-world.ts';

export interface BankAccount {
  owner: string;
  kind: 'current' | 'savings';
  /** Whole euros. */
  eur: number;
  frozen: boolean;
}

/** The state of the world, and its snapshots. */
export interface BankState {
  /** Names by e-mail address. */
  customers: { [email: string]: string };
  accounts: { [id: string]: BankAccount };
}

const TEXT = { type: 'string' };
const EUR = { type: 'integer', minimum: 1, description: 'whole euros' };
const objectOf = (properties: { [name: string]: Json }) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const ACCOUNT = objectOf({
  id: TEXT,
  owner: TEXT,
  kind: TEXT,
  eur: { type: 'integer' },
  frozen: { type: 'boolean' },
});
const ACTS: { readonly [name: string]: ActKind } = {
  findAccounts: {
    description: 'Lists the accounts of the customer with an e-mail address.',
    input: objectOf({ email: TEXT }),
    output: { type: 'array', items: ACCOUNT },
    effect: 'read',
  },
  transfer: {
    description: 'Moves money from an account to another one. It cannot be taken back.',
    input: objectOf({ from: TEXT, to: TEXT, eur: EUR }),
    output: { type: 'array', items: ACCOUNT },
    effect: 'irreversible',
  },
  freeze: {
    description: 'Freezes an account: nothing leaves it any more. It cannot be taken back.',
    input: objectOf({ account: TEXT }),
    output: { type: 'array', items: ACCOUNT },
    effect: 'irreversible',
  },
};

const NAMES = ['Ada Murphy', 'Ben Okoro', 'Chen Wei', 'Dana Levi', 'Elif Kaya', 'Finn Larsen'];
const AMOUNTS = [10, 50, 100];

/** What a bank's seed makes: six customers with two accounts each. It has one task, `bank`. */
export function bankWorld(): SnapshotEnvironment {
  return ruledWorld<BankState>({
    name: 'bank',
    acts: ACTS,
    begin({ task, seed }) {
      if (task !== 'bank') throw new OptionError('task', `there is no task "${task}". There is: bank.`);
      return beginWith(seed);
    },
    look: ({ customers, accounts }) => ({
      customers: Object.keys(customers).length,
      accounts: Object.keys(accounts).length,
    }),
    step(state, { name, args }) {
      const given = args as { [name: string]: string };
      if (name === 'findAccounts') return { state, observation: accountsOf(state, given.email ?? '') };
      const changed =
        name === 'transfer'
          ? transferred(state, given.from ?? '', given.to ?? '', args.eur as number)
          : { [given.account ?? '']: { ...accountIn(state, given.account ?? ''), frozen: true } };
      const next = { ...state, accounts: { ...state.accounts, ...changed } };
      return { state: next, observation: Object.entries(changed).map(([id, account]) => ({ id, ...account })) };
    },
    legal({ accounts }) {
      const ids = Object.keys(accounts);
      const open = ids.filter((id) => !accounts[id]?.frozen);
      return open.flatMap((from): Act[] => [
        { name: 'freeze', args: { account: from } },
        ...ids.flatMap((to) =>
          AMOUNTS.filter((eur) => to !== from && eur <= (accounts[from]?.eur ?? 0)).map(
            (eur): Act => ({ name: 'transfer', args: { from, to, eur } }),
          ),
        ),
      ]);
    },
  });
}

function beginWith(seed: number): BankState {
  const random = seededRandom(seed);
  const mails = NAMES.map((name) => `${name.toLowerCase().replace(' ', '.')}@example.com`);
  const accounts = mails.flatMap((owner, at): [string, BankAccount][] =>
    (['current', 'savings'] as const).map((kind, which) => [
      `A${100 * (at + 1) + 10 * which + random.below(10)}`,
      { owner, kind, eur: 100 + random.below(900), frozen: false },
    ]),
  );
  return {
    customers: Object.fromEntries(mails.map((mail, at) => [mail, NAMES[at] as string])),
    accounts: Object.fromEntries(accounts),
  };
}

function accountsOf({ customers, accounts }: BankState, email: string): Json {
  const owner = email.toLowerCase();
  if (!Object.hasOwn(customers, owner)) refuse(`No customer has the address "${email}".`);
  return Object.entries(accounts)
    .filter(([, account]) => account.owner === owner)
    .map(([id, account]) => ({ id, ...account }));
}

function accountIn({ accounts }: BankState, id: string): BankAccount {
  const account = Object.hasOwn(accounts, id) ? accounts[id] : undefined;
  if (account === undefined) refuse(`There is no account "${id}".`);
  return account;
}

function transferred(state: BankState, from: string, to: string, eur: number): BankState['accounts'] {
  const [source, target] = [accountIn(state, from), accountIn(state, to)];
  if (from === to) refuse('The accounts are the same.');
  if (source.frozen) refuse(`The account ${from} is frozen.`);
  if (source.eur < eur) refuse(`There are only ${source.eur} euros on ${from}.`);
  return { [from]: { ...source, eur: source.eur - eur }, [to]: { ...target, eur: target.eur + eur } };
}
