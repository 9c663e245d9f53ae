/**
 * The words of PoAct's prompts: one text that explains the dialogue, the same for every step, and one instruction a step policy.
 *
 * Short, because every token is evaluated on the user's own processor; tried on development tasks only (docs/decisions).
 *
 * @module
 */

/** Ahead of everything, under every step policy. */
export const POACT_TEXT = `You solve a task with TypeScript. The dialogue has entries: Task, Plan, Thought, Code, Observation. Write only the entry you are asked for. An Observation is what running the Code printed; never write one.
In Code, the variables and functions declared below already exist: use them, never declare or rewrite them. Await every function call. Variables of earlier Code stay. Call answer(value) with the final value.`;

/** The instruction of each step policy, at the prompt's end. */
export const STEP_TEXTS = {
  plan: 'Write the Plan entry: at most 4 short numbered steps that lead to the answer, naming the functions or variables to use. No code.',
  thought:
    'Write the Thought entry: in one or two sentences, what the next Code must compute or look up, with the exact names and numbers. If an Observation already shows the final answer, write instead one line: "Answer: " and the value.',
  code: 'Write the Code entry now: a ```ts block.',
} as const;

/** One worked program, which a small model imitates: it awaits, filters, sums, and answers with the value alone. */
export const CODE_EXAMPLE = `Example. Task: What did Ada pay in all, in dollars? With: declare const sales: { name: string; euros: number }[]; declare function convert(args: { euros: number }): Promise<number>;
\`\`\`ts
const euros = sales.filter((sale) => sale.name === 'Ada').reduce((sum, sale) => sum + sale.euros, 0);
answer(await convert({ euros }));
\`\`\``;
