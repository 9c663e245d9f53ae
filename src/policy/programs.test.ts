import { expect, it } from 'vitest';
import { furtherSample, hintsOf } from './programs.ts';

const finding = (message: string, remedy?: string) => ({
  rule: 'ts2339',
  severity: 'block' as const,
  message,
  ...(remedy === undefined ? {} : { remedy }),
});

it('tells what blocked as short facts, each once, without the types', () => {
  const found = finding(
    "Property 'supplier' does not exist on type '{ id: string; n: number; }'.",
    '`prices` has `supplier`.',
  );
  expect(hintsOf([found, found])).toBe("Note: Property 'supplier' does not exist. `prices` has `supplier`.\n");
  expect(hintsOf([])).toBe('');
  expect(hintsOf([1, 2, 3].map((n) => finding(`m${n}`))).split('\n')).toHaveLength(3);
});

it('answers a prompt greedily once: what is told anew makes it another prompt', () => {
  const one = [finding('One.')];
  expect(furtherSample(0)).toEqual({ hints: '', greedy: true });
  expect(furtherSample(1)).toEqual({ hints: '', greedy: false });
  expect(furtherSample(1, [one])).toEqual({ hints: 'Note: One.\n', greedy: true });
  expect(furtherSample(2, [one, one])).toEqual({ hints: 'Note: One.\n', greedy: false });
  expect(furtherSample(2, [one, []])).toEqual({ hints: 'Note: One.\n', greedy: false });
});
