/**
 * Bank: a customer wants money moved or an account frozen.
 *
 * @module
 */
import { type Act, type BankAccount, type BankState, bankWorld } from '../../environment/index.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { type CustomerOptions, customerTask, startOf } from './customer-task.ts';

const TASKS_A_KIND = 6;
const EUR = 75;
const KINDS = ['save', 'freeze'] as const;
type Kind = (typeof KINDS)[number];

/** The set. It needs no data: its worlds come from seeds. */
export async function bank(options: CustomerOptions = {}): Promise<TaskSet> {
  const tasks: Omit<EvalTask, 'fold'>[] = [];
  for (const kind of KINDS) {
    for (let at = 0; at < TASKS_A_KIND; at++) tasks.push(await taskOf(kind, at, options));
  }
  return {
    name: 'bank',
    version: 1,
    about: 'A customer wants money moved to savings, or an account frozen, and tells the rest when asked.',
    rule: 'The state is what the right act leaves, and nothing else changed (as in tau-bench).',
    source: 'Made here, from seeds.',
    tasks: withFolds(tasks),
  };
}

/** @param at - which customer it is */
async function taskOf(kind: Kind, at: number, options: CustomerOptions): Promise<Omit<EvalTask, 'fold'>> {
  const seed = KINDS.indexOf(kind) * 100 + at + 1;
  const { customers, accounts } = await startOf<BankState>(bankWorld, 'bank', seed);
  const [email, name] = Object.entries(customers)[at] ?? [];
  const idOf = (wanted: BankAccount['kind']) =>
    Object.keys(accounts).find((id) => accounts[id]?.owner === email && accounts[id]?.kind === wanted) ?? '';
  const [current, savings] = [idOf('current'), idOf('savings')];
  const act: Act =
    kind === 'save'
      ? { name: 'transfer', args: { from: current, to: savings, eur: EUR } }
      : { name: 'freeze', args: { account: current } };
  return customerTask<BankState>(
    {
      id: `${kind}/${seed}`,
      kind,
      house: 'You serve the customers of a bank.',
      make: bankWorld,
      task: 'bank',
      seed,
      wish:
        kind === 'save' ? 'Please move some money from my current account to my savings.' : 'Please freeze my account.',
      facts: [
        { asked: ['mail'], tells: `My e-mail address is ${email}.` },
        { asked: ['name', 'who'], tells: `I am ${name}.` },
        kind === 'save'
          ? { asked: ['much', 'amount', 'sum', 'euro'], tells: `${EUR} euros.` }
          : { asked: ['which', 'account', 'kind'], tells: 'My current account.' },
      ],
      act,
      expected: (state) => ({ ...state, accounts: { ...state.accounts, ...changed(kind, state, current, savings) } }),
    },
    options,
  );
}

function changed(kind: Kind, { accounts }: BankState, current: string, savings: string): BankState['accounts'] {
  const [from, to] = [accounts[current] as BankAccount, accounts[savings] as BankAccount];
  if (kind === 'freeze') return { [current]: { ...from, frozen: true } };
  return { [current]: { ...from, eur: from.eur - EUR }, [savings]: { ...to, eur: to.eur + EUR } };
}
