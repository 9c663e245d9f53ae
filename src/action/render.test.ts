import { expect, it } from 'vitest';
import { NOTHING_LOGGED, renderError, renderFacts } from './render.ts';
import { type Facts, noFacts } from './session-state.ts';

const render = (facts: Partial<Facts>, chars = 400) =>
  renderFacts({ ...noFacts(), ...facts }, 'a\nb', chars, () => 'result1');
const log = (text: string, level: 'log' | 'error' = 'log') => ({ level, text });

it.each<[string, Partial<Facts>, string]>([
  ['logs, in order', { logs: [log('one'), log('two', 'error')] }, 'one\n[error] two'],
  ['the value of the last expression', { logs: [log('one')], value: { text: '42' } }, 'one\n42'],
  ['a value that was logged already once', { logs: [log('42')], value: { text: '42' } }, '42'],
  ['an answer', { answer: { value: { a: 1 } } }, 'Answer given: {"a":1}'],
  ['nothing', {}, NOTHING_LOGGED],
  ['nothing but a failure', { error: { name: 'Error', message: 'no' } }, 'Error: no'],
])('shows %s', (_title, facts, text) => {
  expect(render(facts)).toEqual({ text });
});

it('tells what the calls gave where the answer is none of theirs', () => {
  const answered = { ...noFacts(), calls: 1, answer: { value: 'Nobody is named.' } };
  const results = () => [{ tool: 'search', args: { query: 'lamp' }, value: 'Ada made it.' }];
  const told = (isOwn: boolean) =>
    renderFacts(answered, '', 400, () => 'result1', { results, isOwn: () => isOwn }).text;
  expect(told(true)).toBe('search({"query":"lamp"}) returned Ada made it.\nAnswer given: "Nobody is named."');
  expect(told(false)).toBe('Answer given: "Nobody is named."');
});

it('keeps one long value as it was, and many as their text', () => {
  const value = Array.from({ length: 100 }, (_, n) => n);
  const whole = render({ logs: [{ ...log(JSON.stringify(value)), value }] }, 100).whole;
  expect(whole).toEqual({ value, variable: 'result1' });
  const lines = Array.from({ length: 100 }, (_, n) => log(`line ${n}`));
  expect(render({ logs: lines }, 100).whole?.value).toMatch(/^line 0\nline 1\n/);
});

it('keeps a value that the sandbox showed in part', () => {
  const value = Array.from({ length: 30 }, (_, n) => n);
  const { text, whole } = render({ logs: [{ level: 'log', text: '[\n  1,\n  … 2 more\n]', value }] });
  expect(text).toContain('The whole is kept in the variable `result1: number[]`.');
  expect(whole?.value).toEqual(value);
});

it.each([
  [{ line: 2, column: 1 }, 'E: m (line 2, column 1)\n  2 | b\n    | ^'],
  [{ line: 2 }, 'E: m (line 2)\n  2 | b'],
  [{ line: 9, column: 1 }, 'E: m (line 9, column 1)'],
  [{}, 'E: m'],
])('places an error at %j', (place, text) => {
  expect(renderError({ name: 'E', message: 'm', ...place }, 'a\nb')).toBe(text);
});
