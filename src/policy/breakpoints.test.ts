import { expect, it } from 'vitest';
import { cutEntry, inventsObservation, stopsFor } from './breakpoints.ts';

it.each([
  ['a label the model repeats', 'thought', 'Thought: add them.', 'add them.'],
  ['a program in a thought', 'thought', 'Add them.\n```ts\nadd()\n```', 'Add them.'],
  ['an invented observation in a thought', 'thought', 'Add them.\nObservation: 42', 'Add them.'],
  ['a thought in a plan', 'plan', '1. Load.\n2. Add.\nThought: now', '1. Load.\n2. Add.'],
  ['nothing in a clean entry', 'plan', '1. Load.\n2. Add.', '1. Load.\n2. Add.'],
] as const)('cuts %s', (_title, kind, reply, expected) => {
  expect(cutEntry(kind, reply)).toBe(expected);
});

it('gives each kind the marks of the others as stop strings', () => {
  expect(stopsFor('thought')).toContain('\nObservation');
  expect(stopsFor('code')).toContain('\n```\n');
  expect(stopsFor('code', { begun: true })).toContain('\n```');
});

it('knows an invented observation when it sees one', () => {
  expect(inventsObservation('Add.\nObservation: 42')).toBe(true);
  expect(inventsObservation('Look at the observation above.')).toBe(false);
});
