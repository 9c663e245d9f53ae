import { afterAll, expect, it } from 'vitest';
import { type Checker, createChecker } from './checker.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT } from './fixtures/programs.ts';

const checker = createChecker({ checkMs: 60_000 });
afterAll(() => checker.close());
const check = (source: string, session: string[] = [], by: Checker = checker) =>
  by.check({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session });

it('checks in a worker, with the session, one after another', async () => {
  const results = await Promise.all([
    check('answer(await prise({ item: "lamp" }))'),
    check('answer(first.supplier)', ['const first = suppliers[0];']),
    check('answer(first.suplier)', ['const first = suppliers[0];']),
    check('answer(price({ item: "lamp" }))'),
  ]);
  expect(results.map(({ findings }) => findings[0]?.rule)).toEqual([
    'ts2552',
    undefined,
    'ts2551',
    'promise-in-answer',
  ]);
  expect(results[3]?.amended).toBe('answer(await price({ item: "lamp" }))');
});

it('checks for several sets of tools in turn', async () => {
  const other = { tools: 'declare function other(args: {}): Promise<number>;', data: '', session: [] };
  for (let turn = 0; turn < 3; turn++) {
    expect((await checker.check({ ...other, source: 'answer(await other({}))' })).findings).toEqual([]);
    expect((await checker.check({ ...other, source: 'answer(await price({}))' })).findings[0]?.rule).toBe('ts2304');
    expect((await check('answer(await price({ item: "mug" }))')).findings).toEqual([]);
  }
});

it('says that it could not check, and blocks nothing: out of time, out of stack, closed', async () => {
  const hasty = createChecker({ checkMs: 1 });
  const slow = await check('answer(1)', [], hasty);
  expect(slow).toEqual({
    findings: [
      { rule: 'check-failed', severity: 'warn', message: 'The program was not checked: it took longer than 1 ms.' },
    ],
  });
  const deep = await check(`answer(${'['.repeat(20_000)}${']'.repeat(20_000)})`);
  expect(deep.findings).toMatchObject([{ rule: 'check-failed', severity: 'warn' }]);
  expect((await check('answer(1)')).findings).toEqual([]);
  const closed = check('answer(1)');
  await Promise.resolve();
  checker.close();
  expect((await closed).findings[0]?.message).toBe('The program was not checked: the checker was closed.');
  expect((await check('answer(nothing)')).findings[0]?.rule).toBe('ts2304');
});
