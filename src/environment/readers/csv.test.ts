import { expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const rowsIn = async (...lines: string[]) => {
  const [table] = await readCsv(new TextEncoder().encode(`${lines.join('\n')}\n`), 'x.csv');
  return table?.value;
};

// The comma was taken for the separator: it cuts each of these lines in two as well.
it.each([
  [
    'without a header',
    ['2026-01-01;1,50', '2026-01-02;2,75', '2026-01-03;12,75'],
    { column1: '2026-01-03', column2: 12.75 },
  ],
  [
    'with a comma in the header',
    ['Artikel;Preis, EUR', 'Lampe;1,50', 'Tasse;2,75', 'Bett;12,75'],
    { Artikel: 'Bett', Preis_EUR: 12.75 },
  ],
  ['with more commas than semicolons', ['1,5;2,5;3,5', '2,5;3,5;4,5'], { column1: 2.5, column2: 3.5, column3: 4.5 }],
  ['with commas in a text', ['a;b', 'x, y;1,5', 'z, w;2,5'], { a: 'z, w', b: 2.5 }],
  [
    'below a title',
    ['Report', '', 'Tag;Preis', '2026-01-01;1,50', '2026-01-02;2,50'],
    { Tag: '2026-01-02', Preis: 2.5 },
  ],
])('is cut at its semicolons %s', async (_what, lines, last) => {
  expect(((await rowsIn(...lines)) as object[]).at(-1)).toEqual(last);
});

it.each([
  ['commas', ['lat;lon,city', '52.5;13.4,Berlin', '48.1;11.6,Munich'], { lat_lon: '48.1;11.6', city: 'Munich' }],
  ['tabs', ['lat;lon\tn', '52.5;13.4\t1', '48.1;11.6\t2'], { lat_lon: '48.1;11.6', n: 2 }],
  ['bars', ['a|b', 'x;y|1', 'z;w|2'], { a: 'z;w', b: 2 }],
  ['commas, with lists in every row', ['name,tags', 'a,x;y', 'b,z;w'], { name: 'b', tags: 'z;w' }],
])('is cut at its %s where semicolons stand in a cell', async (_what, lines, last) => {
  expect(((await rowsIn(...lines)) as object[]).at(-1)).toEqual(last);
});
