import { expect, it } from 'vitest';
import { codeAct } from '../policy/index.ts';
import { ModelError } from '../record/index.ts';
import { memoryStore } from '../run/index.ts';
import { type ScriptedWords, scriptedModel } from '../testing/index.ts';
import type { Arm } from './arm.ts';
import { type ExperimentOptions, experiment } from './experiment.ts';
import { program, shop } from './fixtures/price-shop.ts';
import { readExperiment } from './results.ts';

/** Lamp 1 alone: its price is 10, and two cost 20. */
const one = { ...shop(2), tasks: shop(2).tasks.slice(1) };
const armOf = (reply: (call: number) => string): Arm => {
  let calls = 0;
  const model = scriptedModel(() => {
    calls += 1;
    return program(reply(calls)) as ScriptedWords;
  });
  return { name: 'some', agent: () => ({ model, policy: codeAct() }) };
};
const fail = (error: Error): never => {
  throw error;
};
const make = (arm: Arm, given: Partial<ExperimentOptions> = {}) =>
  experiment({ name: 'lamps', sets: [one], arms: [arm], store: memoryStore(), limits: { steps: 2 }, ...given });

it.each([
  ['unreachable', new ModelError('model-unreachable', 'It broke off.'), true],
  ['asking to wait', new ModelError('model-rate-limited', 'It asks to wait.'), true],
  ['refusing the key', new ModelError('model-unauthorised', 'It refused the key.'), true],
  ['unreachable, in words of its own', new Error('connect ECONNREFUSED 127.0.0.1:8080'), true],
  ['given too long a prompt', new ModelError('model-context-exceeded', 'The prompt is too long.'), false],
  ['failing in another way', new Error('No such parameter.'), false],
])('knows what to say of an attempt whose model is %s', async (_what, error, isUnknown) => {
  const { cells, missing } = await make(armOf(() => fail(error)));
  expect(cells).toMatchObject([{ status: 'failed', success: false, unknown: isUnknown, wrongWithoutWarning: false }]);
  expect(missing).toBe(isUnknown ? 1 : 0);
});

it('makes it once the model is back, and counts what came of it', async () => {
  const store = memoryStore();
  const away = await make(
    armOf(() => fail(new ModelError('model-unreachable', 'It broke off.'))),
    { store },
  );
  expect(away.cells[0]?.assertions).toEqual([
    { name: 'model', verdict: 'unknown', reason: 'The model could not be asked: It broke off.' },
  ]);
  expect(await readExperiment(store, 'lamps')).toEqual(away);
  const back = await make(
    armOf(() => 'answer(2 * (await price({})))'),
    { store },
  );
  expect(back.cells).toMatchObject([{ success: true, unknown: false, brokenOff: 1 }]);
  expect(back.missing).toBe(0);
});

it('keeps the first answer where the model was away in the retry alone', async () => {
  const store = memoryStore();
  const leaving = armOf((call) => (call === 1 ? 'answer(await price({}))' : fail(new Error('fetch failed'))));
  const { cells, missing } = await make(leaving, { store, retries: 1 });
  expect(cells).toMatchObject([{ success: false, unknown: false, answer: 10 }]);
  expect([cells[0]?.retried, missing]).toEqual([undefined, 1]);
  const back = await make(
    armOf(() => 'answer(2 * (await price({})))'),
    { store, retries: 1 },
  );
  expect(back).toMatchObject({ missing: 0, cells: [{ success: false, answer: 10, successWithRetry: true }] });
});
