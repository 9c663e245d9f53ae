import { expect, it } from 'vitest';
import type { Json } from '../record/index.ts';
import { referencesIn, withReferences } from './references.ts';
import { dataVariable } from './variable.ts';

const shown = (data: { [name: string]: Json }) =>
  Object.fromEntries(
    withReferences(Object.entries(data).map(([name, value]) => dataVariable({ name, value, source: name }))).map(
      (variable) => [variable.name, variable.shown],
    ),
  );
const rows = <Row extends Json>(count: number, row: (n: number) => Row): Row[] =>
  Array.from({ length: count }, (_, n) => row(n));
const bikes = rows(12, (n) => ({ id: `B${n}`, eur: n }));

it('says which rows a column names', () => {
  const rentals = rows(20, (n) => ({ bike: `B${(7 * n) % 11}`, minutes: n }));
  const { rentals: said, bikes: own } = shown({ bikes, rentals });
  expect(said).toBe('{ bike: string /* = bikes.id */; minutes: number }[]');
  expect(own).toBe('{ id: string; eur: number }[]');
});

it('says so of the keys of a dictionary, of names with spaces, and where a cell is empty', () => {
  const prices = Object.fromEntries(bikes.map(({ id, eur }) => [id, { eur }]));
  const rentals = rows(20, (n) => ({ 'Bike no': n === 3 ? null : `B${n % 12}` }));
  expect(shown({ prices, rentals }).rentals).toBe('{ "Bike no": string /* = a key of prices */ | null }[]');
});

it('takes whole numbers for references only where the names are alike', () => {
  const customers = rows(12, (n) => ({ customer_id: n, city: n % 2 === 0 ? 'Ulm' : 'Bonn' }));
  const orders = rows(30, (n) => ({ customer: n % 12, quantity: n % 7 }));
  expect(shown({ customers, orders }).orders).toBe(
    '{ customer: number /* = customers.customer_id */; quantity: number }[]',
  );
  const alike = rows(30, (n) => ({ customer_id: n % 12 }));
  expect(shown({ customers, alike }).alike).toBe('{ customer_id: number }[]');
});

it('finds the rows of the same table that a column names', () => {
  const staff = rows(14, (n) => ({ name: `P${n}`, manager: n === 0 ? null : `P${n % 9}` }));
  expect(shown({ staff }).staff).toBe('{ name: string; manager: string /* = staff.name */ | null }[]');
});

it.each<[string, Json, Json]>([
  ['one value is missing there', bikes, rows(40, (n) => ({ bike: `B${n % 20}` }))],
  ['the values there are not all different', [...bikes, bikes[0] as Json], rows(20, (n) => ({ bike: `B${n % 12}` }))],
  ['there is one value alone', bikes, rows(20, () => ({ bike: 'B1' }))],
  ['values are of several kinds', bikes, rows(20, (n) => ({ bike: n % 2 === 0 ? 'B1' : 2 }))],
  ['nothing is there', [], []],
])('says nothing where %s', (_title, target, source) => {
  expect(JSON.stringify(shown({ target, source }))).not.toContain('/* = ');
});

it('says which rows the texts of a list name', () => {
  const trips = rows(8, (n) => ({ day: n, used: [`B${n}`, `B${n + 1}`] }));
  const { trips: said = '' } = shown({ bikes, trips });
  expect(said).toBe('{ day: number; used: string[] /* each = bikes.id */ }[]');
  expect(referencesIn(said)).toEqual([{ field: 'used', variable: 'bikes', of: 'id', list: true }]);
  const few = rows(8, (n) => ({ used: [`B${n % 2}`] }));
  expect(shown({ bikes, few }).few).toBe('{ used: string[] /* each = bikes.id */ }[]');
  const mixed = rows(8, (n) => ({ used: n === 0 ? 'B1' : ['B2', 'B3'] }));
  expect(shown({ bikes, mixed }).mixed).not.toContain('bikes');
});

it('stands in place of a list of the texts', () => {
  const few = bikes.slice(0, 4);
  const rentals = rows(20, (n) => ({ bike: `B${n % 4}`, kind: n % 2 === 0 ? 'day' : 'hour' }));
  expect(shown({ few, rentals }).rentals).toBe('{ bike: string /* = few.id */; kind: string /* "day" | "hour" */ }[]');
});

it('prefers the table that a column is called after', () => {
  const others = rows(12, (n) => ({ code: `B${n}` }));
  const rentals = rows(20, (n) => ({ bike: `B${(7 * n) % 12}` }));
  expect(shown({ others, rentals, bikes }).rentals).toContain('/* = bikes.id */');
});
