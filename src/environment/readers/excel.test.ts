import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readData } from '../read-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poact-excel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** The parts of a workbook, each sheet by its rows of texts. */
function workbook(sheets: { [name: string]: string[][] }): { [path: string]: string } {
  const names = Object.keys(sheets);
  const row = (cells: string[], at: number) =>
    `<row r="${at + 1}">${cells.map((text, column) => `<c r="${'AB'[column]}${at + 1}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;
  const part = (path: string, type: string) =>
    `<Override PartName="/${path}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  const sheetParts = names.map((_, at) => part(`xl/worksheets/sheet${at + 1}.xml`, 'worksheet')).join('');
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${part('xl/workbook.xml', 'sheet.main')}${sheetParts}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${names.map((_, at) => relation(at + 1, 'worksheet', `worksheets/sheet${at + 1}.xml`)).join('')}</Relationships>`,
    ...Object.fromEntries(
      Object.values(sheets).map((rows, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows.map(row).join('')}</sheetData></worksheet>`,
      ]),
    ),
  };
}

/** A zip file, nothing compressed. */
function zip(files: { [path: string]: string }): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, name, data]);
    locals.push(local);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, place, name]));
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(locals.length, 4);
  end.writeUInt16LE(locals.length, 6);
  end.writeUInt32LE(Buffer.concat(centrals).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, ...centrals, Buffer.from('PK\x05\x06'), end]);
}

const SHOP = {
  orders: [
    ['id', 'item'],
    ['1', 'lamp'],
    ['2', 'mug'],
  ],
  prices: [
    ['item', 'price'],
    ['lamp', '€5'],
    ['mug', '€3'],
  ],
};

it('reads each sheet of a workbook', async () => {
  await writeFile(join(folder, 'shop.xlsx'), zip(workbook(SHOP)));
  const { variables, skipped } = await readData(folder);
  expect(skipped).toEqual([]);
  expect(variables.map(({ name, json }) => [name, json()])).toEqual([
    [
      'shopOrders',
      [
        { id: 1, item: 'lamp' },
        { id: 2, item: 'mug' },
      ],
    ],
    [
      'shopPrices',
      [
        { item: 'lamp', price: 5 },
        { item: 'mug', price: 3 },
      ],
    ],
  ]);
});

// Only the first sheet was taken of a workbook above the limit.
it('reads each sheet of a large workbook', async () => {
  await writeFile(join(folder, 'shop.xlsx'), zip(workbook(SHOP)));
  const { tables } = await readData(folder, { maxInlineBytes: 1 });
  expect(tables?.list.map(({ name, rows }) => [name, rows])).toEqual([
    ['shopOrders', 2],
    ['shopPrices', 2],
  ]);
  expect(tables?.list[1]?.doc).toContain('price: in €');
  await tables?.close();
});
