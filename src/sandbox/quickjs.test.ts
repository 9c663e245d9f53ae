import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OptionError } from '../record/index.ts';
import { sandboxPromises } from '../testing/index.ts';
import { quickjs } from './quickjs.ts';

const sandbox = quickjs();

it.each(sandboxPromises(() => sandbox))('$title', ({ run }) => run());

it.each<[string, () => unknown]>([
  ['workers', () => quickjs({ workers: 0 })],
  ['memoryBytes', () => sandbox.open({ tools: [], limits: { memoryBytes: 1 } })],
  ['stackBytes', () => sandbox.open({ tools: [], limits: { stackBytes: 1e9 } })],
  ['turnMs', () => sandbox.open({ tools: [], limits: { turnMs: 0 } })],
  ['tools', () => sandbox.open({ tools: ['not a name'] })],
  ['globals', () => sandbox.open({ tools: [], globals: { answer: 1 } })],
])('refuses an option that cannot work, by name: %s', async (option, build) => {
  const problem = await Promise.try(build).catch((thrown: unknown) => thrown);
  expect(problem).toBeInstanceOf(OptionError);
  expect(String(problem)).toContain(`\`${option}\``);
});

it('passes any JSON through the guest unchanged: as a variable, an argument, a result, a value and an answer', async () => {
  const session = await sandbox.open({ tools: ['price'] });
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (given) => {
      const value = JSON.parse(JSON.stringify(given));
      await session.define({ value });
      const source = 'const got = await price({ value }); answer({ value }); ({ got })';
      const turn = await session.start({ source, now: 0 });
      const [call] = turn.state === 'waiting' ? turn.calls : [];
      expect(call?.args).toEqual({ value });
      const ended = await session.settle([{ id: call?.id ?? 0, value }], 0);
      expect([ended.value?.json, ended.answer?.value]).toEqual([{ got: value }, { value }]);
    }),
    { numRuns: 40, seed: 1 },
  );
  session.close();
});

it('says which limit a result or an answer breaks, and goes on', async () => {
  const session = await sandbox.open({ tools: ['price'], limits: { valueBytes: 100, outputChars: 1_000 } });
  await session.start({ source: 'await price({})', now: 0 });
  const long = await session.settle([{ id: 1, value: 'x'.repeat(200) }], 0);
  expect(long).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('at most 100') } });
  const answered = await session.start({ source: "answer('x'.repeat(200))", now: 0 });
  expect(answered).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('longer than 100') } });
  const told = await session.start({ source: "for (let n = 0; n < 1e4; n++) console.log('line', n)", now: 0 });
  const lines = told.logs.map(({ text }) => text);
  expect([lines[0], lines.at(-1)]).toEqual(['line 0', 'line 9999']);
  expect(lines.find((line) => line.startsWith('['))).toMatch(/^\[\d+ lines of output cut here, \d+ characters/);
  expect(lines.join('').length).toBeLessThan(1_200);
  session.close();
});

it('lets a program use a tool’s name for itself; the next one has the tool again', async () => {
  const session = await sandbox.open({ tools: ['price'] });
  const own = await session.start({ source: 'const price = 3; const answer = price * 2; answer', now: 0 });
  expect(own).toMatchObject({ state: 'done', value: { json: 6 } });
  expect(own.names).toBeUndefined();
  expect(await session.start({ source: 'answer(await price({}))', now: 0 })).toMatchObject({ state: 'waiting' });
  session.close();
});

it('says that a variable does not fit, and goes on', async () => {
  const session = await sandbox.open({ tools: [], limits: { memoryBytes: 8 * 1_048_576 } });
  const rows = Array.from({ length: 100_000 }, (_, id) => ({ id }));
  await expect(session.define({ rows })).rejects.toThrow("does not fit into the session's memory");
  expect(await session.start({ source: 'typeof rows', now: 0 })).toMatchObject({ value: { json: 'undefined' } });
  session.close();
});

it('stops a program whose session is closed', async () => {
  const own = quickjs({ idleWorkers: 0 });
  const session = await own.open({ tools: [] });
  const turn = session.start({ source: 'for (;;) {}', now: 0 });
  session.close();
  await expect(turn).rejects.toMatchObject({ code: 'sandbox-failed' });
});
