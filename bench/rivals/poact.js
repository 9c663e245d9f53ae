/**
 * poact itself on the same task: the ReAct policy, one call a step; in memory, or with its SQLite or Postgres store.
 * A fourth argument names the module to take it from: the package as installed. Without it, the sources.
 */
import { z } from 'zod';
import { measure } from './measure.js';

const { allowAll, createAgent, memoryStore, postgresStore, sqliteStore } = await import(
  process.argv[5] ?? '../../src/index.ts'
);

const can = {
  contextTokens: 10_000_000,
  tools: true,
  schema: true,
  grammar: true,
  prefill: true,
  seed: true,
  prefix: true,
};

await measure(async ({ durability, folder }) => {
  const open = { committed: () => sqliteStore(`${folder}/poact.sqlite`), postgres: () => postgresStore(folder) };
  const kept = open[durability]?.();
  return async (steps) => {
    // In memory a run is gone when nobody holds it any more, as with the others.
    const store = kept ?? memoryStore();
    let turn = 0;
    let calls = 0;
    const usage = { sent: 1, evaluated: 1, written: 1 };
    const model = {
      id: 'scripted/model',
      can,
      async generate() {
        turn += 1;
        if (turn > steps) return { text: 'done', finish: 'stop', usage };
        return { text: '', calls: [{ id: `c${turn}`, tool: 'noop', args: { n: turn } }], finish: 'calls', usage };
      },
    };
    const noop = {
      description: 'Does nothing',
      input: z.object({ n: z.number() }),
      output: z.number(),
      effect: 'unknown',
      run: ({ n }) => {
        calls += 1;
        return n;
      },
    };
    const limits = { steps: steps + 2, repeats: Number.POSITIVE_INFINITY };
    const agent = createAgent({ model, tools: { noop }, policy: 'react', guard: allowAll(), store, limits });
    const { status, why } = await agent.run('Go.');
    if (status !== 'answered') throw new Error(`${status}: ${why}`);
    return calls;
  };
});
