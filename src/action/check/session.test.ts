import ts from 'typescript';
import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT, WORKING_PROGRAMS } from './fixtures/programs.ts';
import { surroundingsOf } from './session.ts';

const left = (...programs: string[]) => {
  const { names } = surroundingsOf(PROGRAM_TOOLS_TEXT, PROGRAM_DATA_TEXT, programs).session;
  return Object.fromEntries([...names].map(([name, file]) => [name, typeIn(file, name)]));
};
const typeIn = (file: ts.SourceFile, name: string) =>
  file.text
    .split('\n')
    .find((line) => line.startsWith(`export declare let ${name}: `))
    ?.slice(`export declare let ${name}: `.length, -1);

it('writes down the types a program leaves behind', () => {
  expect(
    left(`
      const n = 1; let s = 'a'; const both = n > 0 ? 'x' : 2; const nothing = null; let later;
      const rows = suppliers.filter((one) => one.priceEur > 1);
      const first = rows.at(0);
      const made = { a: 1, 'b-c': [true] };
      const pair = await Promise.all([price({ item: 'lamp' }), listOrders()]);
      const pending = price({ item: 'lamp' });
      const byName = new Map(rows.map((one) => [one.supplier, one.priceEur]));
      const grouped = Object.groupBy(rows, (one) => one.country);
      const cost = async (item) => (await price({ item })) * 2;
      function generic(x) { return x }
      class Basket { size = 1 }
      const basket = new Basket();
      const free = await search({ words: [] });
      const { count, ...rest } = await stock({ item: 'x' });
      const at = new Date();
      const letters = new Set('abc');
    `),
  ).toEqual({
    n: '1',
    s: 'string',
    both: '"x" | 2',
    nothing: 'any',
    later: 'any',
    rows: '({ "supplier": string; "country": string; "priceEur": number; "minOrder": number; "note": string })[]',
    first: '{ "supplier": string; "country": string; "priceEur": number; "minOrder": number; "note": string }',
    made: '{ "a": number; "b-c": (boolean)[]; [key: string]: any }',
    pair: expect.stringMatching(/^\[number, \(\{ "id": number; .*\}\)\[\]\]$/),
    pending: 'Promise<number>',
    byName: 'Map<string, number>',
    grouped: expect.any(String),
    cost: '(...args: any[]) => Promise<number>',
    generic: '(...args: any[]) => any',
    Basket: 'any',
    basket: 'any',
    free: 'any',
    count: 'number',
    rest: expect.any(String),
    at: 'Date',
    letters: 'Set<string>',
  });
});

it('writes for every program declarations that the compiler accepts', () => {
  for (const program of WORKING_PROGRAMS) {
    const { names } = surroundingsOf(PROGRAM_TOOLS_TEXT, PROGRAM_DATA_TEXT, [program]).session;
    for (const file of names.values()) {
      const { diagnostics } = ts.transpileModule(file.text, { reportDiagnostics: true });
      expect(diagnostics, file.text).toEqual([]);
    }
  }
});

const check = (source: string, session: string[], tools = PROGRAM_TOOLS_TEXT) =>
  checkProgram({ source, tools, data: PROGRAM_DATA_TEXT, session }).result;

it('takes no type from a variable that held what does not fit', () => {
  expect(left('let best = 0;\nbest = suppliers[0];')).toEqual({ best: 'any' });
  expect(check('answer(best.supplier)', ['let best = 0;\nbest = suppliers[0];']).findings).toEqual([]);
});

it('keeps the types of a tool that is not offered any more', () => {
  const session = ['const orders = await listOrders();'];
  expect(check('answer(orders[0].costumer)', session).findings[0]?.remedy).toBe('Did you mean `customer`?');
  expect(check('answer(orders[0].costumer)', session, '').findings[0]?.remedy).toBe('Did you mean `customer`?');
  expect(check('answer(await listOrders())', session, '').findings[0]?.rule).toBe('ts2304');
});

it('tells sessions of the same text apart by what their tools give', () => {
  const session = ['const found = await lookup({});'];
  const tools = (type: string) => `declare function lookup(args?: {}): Promise<${type}>;`;
  for (let turn = 0; turn < 2; turn++) {
    expect(check('answer(found.one)', session, tools('{ one: number }')).findings).toEqual([]);
    expect(check('answer(found.one)', session, tools('{ two: number }')).findings[0]?.rule).toBe('ts2339');
  }
});
