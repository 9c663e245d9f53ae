/** The right answer of the shipped example, computed, as examples/README.md tells it. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readData } from '../src/environment/index.ts';

interface Supplier {
  supplier: string;
  country: string;
  unitPriceEur: number;
}

it('has one cheapest supplier for 500 lamps after tariff, as the page of examples says', async () => {
  const { variables, skipped, others } = await readData('examples/suppliers');
  expect([skipped, others]).toEqual([[], []]);
  expect(variables.map(({ name, type }) => `${name}: ${type}`)).toEqual([
    'suppliers: { supplier: string; country: string; unitPriceEur: number; note: string | null }[]',
    'tariffs: { country: string; tariffPercent: number }[]',
  ]);
  const [suppliers, tariffs] = variables.map(({ json }) => json()) as never as [
    Supplier[],
    { country: string; tariffPercent: number }[],
  ];
  const costs = suppliers
    .map(({ supplier, country, unitPriceEur }) => {
      const percent = tariffs.find((tariff) => tariff.country === country)?.tariffPercent ?? Number.NaN;
      return { supplier, cost: 500 * unitPriceEur * (1 + percent / 100) };
    })
    .sort((a, b) => a.cost - b.cost);
  expect(costs[0]?.supplier).toBe('Bosphorus Lighting');
  expect(costs[0]?.cost).toBeCloseTo(5_565, 6);
  expect(costs[1]?.cost).toBeGreaterThan(5_600);
  expect(await readFile('examples/README.md', 'utf8')).toContain('**Bosphorus Lighting, 5,565 euros**');
});
