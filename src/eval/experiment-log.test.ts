import { expect, it } from 'vitest';
import { memoryStore } from '../run/index.ts';
import { oracleArm } from './arm.ts';
import { type ExperimentOptions, experiment } from './experiment.ts';
import { shop } from './fixtures/price-shop.ts';

const make = (given: Partial<ExperimentOptions>) =>
  experiment({ name: 'lamps', sets: [shop(1)], arms: [oracleArm()], store: memoryStore(), ...given });

it.each<[string, Partial<ExperimentOptions>, Partial<ExperimentOptions>, string]>([
  ['another budget of tokens', { sentTokens: 2_000 }, { sentTokens: 20_000 }, 'with 2000, and this is 20000'],
  ['none in place of one', { sentTokens: 2_000 }, {}, 'with 2000, and this is none'],
  ['other limits', { limits: { steps: 1 } }, { limits: { steps: 6 } }, 'with {"steps":1}, and this is {"steps":6}'],
  ['no limit in place of the usual', {}, { limits: { steps: Number.POSITIVE_INFINITY } }, 'this is {"steps":null}'],
])('refuses to go on with %s, which would mix attempts', async (_title, before, now, said) => {
  const store = memoryStore();
  const { plan } = await make({ store, ...before });
  await expect(make({ store, ...now, sets: [shop(2)] })).rejects.toThrow(said);
  expect(await make({ store, ...before })).toMatchObject({ plan, missing: 0 });
});

it('refuses it too for tasks of an earlier plan', async () => {
  const store = memoryStore();
  const [first, ...others] = shop(2).tasks;
  if (first === undefined) throw new Error('No task.');
  await make({ store, sets: [{ ...shop(), tasks: [first] }] });
  await make({ store, sets: [{ ...shop(), tasks: others }], signal: AbortSignal.abort() });
  const otherwise = make({ store, sets: [{ ...shop(), tasks: others }], sentTokens: 9 });
  await expect(otherwise).rejects.toMatchObject({
    code: 'option-invalid',
    message: expect.stringContaining('`sentTokens`'),
  });
});

it('takes another budget as long as no attempt is made', async () => {
  const store = memoryStore();
  await make({ store, sentTokens: 2_000, signal: AbortSignal.abort() });
  expect(await make({ store, sentTokens: 20_000 })).toMatchObject({ missing: 0, plan: { sentTokens: 20_000 } });
});
