/**
 * The checker's own rules, beside what the compiler finds (`ts2339`, say). Each can be switched off.
 *
 * @module
 */

/** Every rule: what it can do at most, and what it finds. `amend` mends the program, and says so as a warning. `warn` leaves it as it is. */
export const CHECK_RULES = {
  syntax: ['block', 'The program cannot be read.'],
  'import-used': ['block', 'The program loads a module.'],
  'tool-redefined': [
    'block',
    'The program declares a function with a tool’s name; a variable of that name is renamed.',
  ],
  'data-redefined': ['block', 'The program replaces a data variable by values of its own.'],
  'tool-arguments': ['block', 'A tool is called with arguments that it surely refuses.'],
  'argument-bare': ['amend', 'A tool of one property is called with its bare value.'],
  'await-missing': ['amend', 'A promise is used as if it were its value.'],
  'promise-in-answer': ['amend', 'A promise is given to answer().'],
  'main-not-awaited': ['amend', 'An asynchronous function is called at the top level, and nobody waits for it.'],
  'main-not-called': ['amend', 'The program only defines a function, and never calls it.'],
  'return-at-top': ['amend', 'The program ends with a return outside of a function.'],
  'answer-many': ['amend', 'answer() is given several values.'],
  'result-not-shown': ['amend', 'The program ends with a variable that it neither logs nor answers.'],
  'result-unused': [
    'warn',
    'A program that answers works something out, or sets an amount, that nothing in it reads; what sorts or changes a list that is read is no such thing.',
  ],
  'list-by-name': ['warn', 'A list is counted in by name, and used as a list too.'],
  'total-across-rows': [
    'warn',
    'A total that goes on from row to row is compared with a number at each row, and no row that passes it is looked for.',
  ],
  'const-assigned': ['amend', 'A constant is assigned to.'],
  'loop-hides': ['amend', 'A loop’s variable has the name of what the loop goes through.'],
  'name-respelt': ['amend', 'A variable is named in another spelling (`base_price` for `basePrice`).'],
  'field-respelt': ['amend', 'A field is named in another spelling (`ask` for `asks`, `June` for `Jun`).'],
  'foreign-condition': ['amend', 'A row is asked for a field that it has not, and those that have it are asked too.'],
  'sql-names': [
    'amend',
    'A statement of SQL names a table or a column in another way than the description of its tool.',
  ],
  'sql-texts': ['amend', 'A text in a statement of SQL stands in double quotes, or has an apostrophe that ends it.'],
  'sql-tool': ['amend', 'A statement of SQL is given to a tool that is for another kind, and one tool is for its own.'],
  'sql-values': [
    'amend',
    'A statement of SQL puts a number or a date into columns of texts in another form than the task writes it.',
  ],
  'sql-twice': ['amend', 'A statement of SQL that changes rows is run, and run again for what it gives.'],
  'then-handled': [
    'amend',
    'A result is handled in `.then(…)`, and `.catch(…)` behind it only tells that it failed: the program seems to have run.',
  ],
  'difference-divided': ['amend', 'Of two times only the second is divided, and not their difference.'],
  'texts-subtracted': ['amend', 'Times that are texts are subtracted, and divided by the milliseconds of a span.'],
  undeclared: ['amend', 'A variable is assigned to that was never declared.'],
} as const satisfies Record<string, readonly ['block' | 'amend' | 'warn', string]>;

export type CheckRuleName = keyof typeof CHECK_RULES;
