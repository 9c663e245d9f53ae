import { expect, it } from 'vitest';
import { comparisonsIn } from './compared.ts';

it.each([
  ['o.status === "open"', ['status: open']],
  ["o?.status != 'open'", ['status: not open']],
  ['"open" === o.status', ['status: open']],
  ['"open" !== rows[0].item.status', ['status: not open']],
  ['o["Cost Centre"] == `IT`', ['Cost Centre: IT']],
  ['!["open"].includes(o["Cost Centre"])', ['Cost Centre: not open']],
  ['({ status, eur }) => status !== "open"', ['status: not open']],
  ['for (const { kind } of rows) if (kind === "a") n++', ['kind: a']],
  ['o.status?.trim().toLowerCase() === "open"', ['status: open by .trim().toLowerCase()']],
  ['o.status.toUpperCase() === "OPEN"', []],
  ['typeof o.note === "string" && "string" === typeof o.note', []],
  ['const status = now(); status === "open"', []],
  ['o.x === "a" // o.y === "b"', ['x: a']],
])('knows a comparison however it is written: %s', (code, found) => {
  const said = comparisonsIn(code).map(
    ({ field, text, isOther, made }) => `${field}: ${isOther ? 'not ' : ''}${text}${made === '' ? '' : ` by ${made}`}`,
  );
  expect(said).toEqual(found);
});
