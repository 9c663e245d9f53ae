import { expect, it } from 'vitest';
import { OptionError } from '../record/index.ts';
import { sandboxPromises } from '../testing/sandbox-promises.ts';
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
