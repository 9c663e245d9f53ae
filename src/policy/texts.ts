/**
 * The words of PoAct's prompts: one text that explains the dialogue, the same for every step, and one instruction a step policy.
 *
 * Short, because every token is evaluated on the user's own processor; tried on development tasks only (docs/decisions).
 *
 * @module
 */

/** Ahead of everything, under every step policy. */
export const POACT_TEXT = `You solve a task by writing TypeScript that runs at once. The dialogue has entries: Task, Plan, Thought, Code, Observation. Write only the entry you are asked for. An Observation is what running the Code printed; never write one.
What is declared below exists already: use it as it is, never define it. Await every function call. Variables of earlier Code stay. Call answer(value) with the final value alone.`;

/** The instruction of each step policy, at the prompt's end. */
export const STEP_TEXTS = {
  plan: 'Write the Plan entry: at most 4 short numbered steps that lead to the answer, naming the functions or variables to use and all numbers of the task. Where something must be found first, step 1 looks at what is there. No code.',
  thought:
    'Write the Thought entry, one or two sentences: whether the last Observation holds what is missing, and what the next Code must compute or, if it must be found elsewhere, which function to call with which of the names shown. Use exact names and numbers. If an Observation already shows the final answer, write instead one line: "Answer: " and the value.',
  answer:
    'Write the Answer entry: the value alone that the Task asks for, in the form it asks for, as an Observation shows it.',
  code: 'Write the Code entry: a ```ts block of plain top-level statements, no function definitions. End it with answer(value), or with console.log(…) of what you must see first.',
} as const;

/** What a query over rows is asked for with: other words than a program's, on purpose. */
export const QUERY_TEXTS = {
  front: 'You answer a question with one SQLite query over these tables.',
  instruction: 'Write one SQLite query that gives the answer alone.',
} as const;

/** What is asked for where a task is worked out in words. */
export const WORDS_TEXT =
  'Solve it step by step in short sentences, with each sum. Then write one last line, "Answer: " and the number alone.';

/** What is asked for where texts were found. */
export const READ_TEXT = (task: string): string =>
  `Question: ${task}\n\nAnswer from these texts, in as few words as possible.`;

/** Ahead of the plan's instruction, where the task orders a change. */
export const CHANGE_TEXT = 'The Task asks for a change: one step makes it.';

/** Ahead of the program's instruction, with the tools that make it; and where the task only tells what is so. */
export const CHANGE_TEXTS = {
  ordered: (tools: string) => `The Task asks for a change: make it, once, with ${tools}.`,
  told: (tools: string) => `The Task tells what is new: record it, once, with ${tools}.`,
  /** Where one of them takes SQL. */
  values: 'Its values stand in the statement as the Task writes them.',
} as const;

/** The one instruction where there are no step policies: all roles at once, and the model says which it plays. `plan` is left out where no plan is due. */
export const ANY_STEP_TEXT = {
  front: 'Write the next entry, one alone, beginning with its name:',
  plan: '"Plan:" at most 4 short numbered steps that lead to the answer, naming the functions or variables to use.',
  thought:
    '"Thought:" in one or two sentences, what the next Code must compute or look up, with the exact names and numbers.',
  code: '"Code:" a ```ts block of plain top-level statements, no function definitions, that ends with answer(value), or with console.log(…) of what you must see first.',
  answer: '"Answer:" the value, if an Observation already shows it.',
} as const;
