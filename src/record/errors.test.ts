import { expect, it, vi } from 'vitest';
import {
  BudgetError,
  CancelledError,
  isPoactError,
  ModelError,
  OptionError,
  PackageError,
  PoactError,
} from './index.ts';

it('knows an error of another copy of the package', async () => {
  vi.resetModules();
  const copy = await import('./errors.ts');
  const error = new copy.OptionError('steps', 'expected a number.');
  expect(error).not.toBeInstanceOf(PoactError);
  expect(isPoactError(error)).toBe(true);
});

it.each([
  ['an error of Node', new Error('x')],
  ['nothing', null],
  ['a text', 'option-invalid'],
  ['an object that looks like one', { code: 'option-invalid', message: 'x', facts: {} }],
])('does not take %s for one', (_title, value) => {
  expect(isPoactError(value)).toBe(false);
});

it('carries a code, facts, a name and the cause', () => {
  const cause = new Error('socket');
  const error = new ModelError('model-unreachable', 'No answer.', { provider: 'openai' }, cause);
  expect(error).toMatchObject({ code: 'model-unreachable', facts: { provider: 'openai' }, name: 'ModelError', cause });
  expect('cause' in new CancelledError()).toBe(false);
});

it('says what to do', () => {
  expect(new OptionError('replyMs', 'expected 1, got 0.').message).toBe('Option `replyMs`: expected 1, got 0.');
  expect(new PackageError('pg', 'The Postgres store').message).toContain('npm install pg');
});

it.each([
  ['model-unreachable', undefined, true],
  ['model-rate-limited', undefined, true],
  ['model-unauthorised', undefined, false],
  ['model-failed', true, true],
  ['model-unreachable', false, false],
] as const)('%s with retryable %s is retryable: %s', (code, retryable, expected) => {
  expect(new ModelError(code, 'x', retryable === undefined ? {} : { retryable }).retryable).toBe(expected);
});

it('names the limit of a budget', () => {
  expect(new BudgetError('tokens', 'x', { left: 3 }).facts).toEqual({ limit: 'tokens', left: 3 });
});
