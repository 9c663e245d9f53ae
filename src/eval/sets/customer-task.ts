/**
 * Tasks in which a customer wants something done: what the shop and the bank share (after tau-bench, arXiv 2406.12045).
 *
 * @module
 */
import { environmentTools, type Tool, tool } from '../../action/index.ts';
import type { Act, SnapshotEnvironment } from '../../environment/index.ts';
import type { Json } from '../../record/index.ts';
import { sameState } from '../assertions/state.ts';
import type { EvalTask } from '../task-set.ts';
import { pick } from './chance.ts';
import { type Customer, type CustomerFact, scriptedCustomer } from './customer.ts';
import { objectOf, TEXT } from './schemas.ts';

/** Who plays the customer. */
export interface CustomerOptions {
  /** Makes the customer of one attempt. @default a script that tells the facts it is asked for */
  customer?(wish: string, facts: readonly CustomerFact[]): Customer;
}

export interface CustomerTask<State> {
  id: string;
  kind: string;
  /** The house and its rules, for the agent. */
  house: string;
  make(): SnapshotEnvironment;
  /** By the world's name for it. */
  task: string;
  seed: number;
  /** What the customer writes. */
  wish: string;
  facts: readonly CustomerFact[];
  /** The one act that is right. */
  act: Act;
  /** The state that it should leave. */
  expected(start: State): State;
}

/** The task, without its fold. */
export function customerTask<State>(task: CustomerTask<State>, { customer }: CustomerOptions): Omit<EvalTask, 'fold'> {
  const { id, kind, house, make, seed, wish, facts, act, expected } = task;
  return {
    id,
    kind,
    text: `${house} A customer writes: "${wish}" Ask the customer for what you need to know (askCustomer), do what is wanted and nothing else, then answer "done".`,
    answer: { type: 'string' },
    async open() {
      const world = make();
      await world.reset({ task: task.task, seed });
      const before = await world.snapshot();
      const reply = customer?.(wish, facts) ?? scriptedCustomer(facts);
      return {
        tools: { ...environmentTools(world), askCustomer: asking(reply) },
        reply,
        score: async () =>
          sameState({ before, after: await world.snapshot(), expected: expected(before as State) as Json }),
        async oracle() {
          await world.act(act);
          return 'done';
        },
        async guess(random) {
          await world.act(pick((await world.legal?.()) ?? [], random));
          return 'done';
        },
        close: world.close,
      };
    },
  };
}

/** For agents whose policy asks no questions of its own. Nobody knows whether a customer may be asked twice. */
const asking = (reply: Customer): Tool =>
  tool({
    description: 'Asks the customer a question and returns the answer.',
    input: objectOf({ question: TEXT }),
    output: TEXT,
    effect: 'unknown',
    run: ({ question }) => reply(question),
  });

/** The state that a world begins with. */
export async function startOf<State>(make: () => SnapshotEnvironment, task: string, seed: number): Promise<State> {
  const world = make();
  await world.reset({ task, seed });
  const start = (await world.snapshot()) as State;
  await world.close();
  return start;
}
