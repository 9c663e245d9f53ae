import { expect, it } from 'vitest';
import { hintsOf } from './programs.ts';

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
