/**
 * The calculator of the benchmark: arithmetic as Python writes it, and nothing else.
 *
 * The original evaluates any Python; its tasks need numbers, `+ - * / // % **`, parentheses and a few functions.
 *
 * @module
 */

const FUNCTIONS: { [name: string]: (...values: number[]) => number } = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  sum: (...values) => values.reduce((total, value) => total + value, 0),
  round: (value, digits = 0) => Number((value as number).toFixed(digits)),
};

/**
 * Evaluates an expression.
 *
 * @throws {Error} it is none.
 * @example
 * ```ts
 * calculate('2 + (3 * 4)'); // 14
 * ```
 */
export function calculate(expression: string): number {
  const fail = () => new Error(`Failed to evaluate expression: ${expression}`);
  const tokens = expression.match(/\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|\*\*|\/\/|[a-z]+|\S/g) ?? [];
  let at = 0;
  const take = (...wanted: string[]) => (wanted.includes(tokens[at] ?? '') ? tokens[at++] : undefined);

  function sum(): number {
    let value = product();
    for (let sign = take('+', '-'); sign !== undefined; sign = take('+', '-')) {
      value = sign === '+' ? value + product() : value - product();
    }
    return value;
  }
  function product(): number {
    let value = signed();
    for (let sign = take('*', '/', '//', '%'); sign !== undefined; sign = take('*', '/', '//', '%')) {
      const right = signed();
      if (right === 0 && sign !== '*') throw fail();
      if (sign === '*') value *= right;
      else if (sign === '/') value /= right;
      else if (sign === '//') value = Math.floor(value / right);
      else value -= right * Math.floor(value / right);
    }
    return value;
  }
  function signed(): number {
    if (take('-')) return -signed();
    if (take('+')) return signed();
    const base = atom();
    return take('**') ? base ** signed() : base;
  }
  function atom(): number {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const value = sum();
      if (!take(')')) throw fail();
      return value;
    }
    const call = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
    if (call !== undefined) return call(...list());
    if (!/^[\d.]/.test(token)) throw fail();
    return Number(token);
  }
  function list(): number[] {
    if (!take('(')) throw fail();
    const bracket = take('[');
    const values = [sum()];
    while (take(',')) values.push(sum());
    if ((bracket && !take(']')) || !take(')')) throw fail();
    return values;
  }

  const value = sum();
  if (at !== tokens.length || !Number.isFinite(value)) throw fail();
  return value;
}
