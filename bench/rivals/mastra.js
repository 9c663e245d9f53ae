/**
 * Mastra: an agent with a mock model. Committed, it is a durable agent whose running checkpoints go to its libSQL storage
 * (`recovery` on; without it Mastra writes a snapshot only where a run suspends).
 */
import { Mastra } from '@mastra/core';
import { Agent } from '@mastra/core/agent';
import { createTool } from '@mastra/core/tools';
import { MockLanguageModelV4 } from 'ai/test';
import { z } from 'zod';
import { measure } from './measure.js';

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

await measure(async ({ durability, folder }) => {
  const storage = durability === 'committed' ? await libsql(folder) : undefined;
  let agents = 0;
  return async (steps) => {
    let turn = 0;
    let calls = 0;
    const reply = () => {
      turn += 1;
      return turn > steps
        ? { content: [{ type: 'text', text: 'done' }], finishReason: { unified: 'stop', raw: 'stop' } }
        : {
            content: [{ type: 'tool-call', toolCallId: `c${turn}`, toolName: 'noop', input: `{"n":${turn}}` }],
            finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
          };
    };
    const model = new MockLanguageModelV4({
      doGenerate: async () => ({ ...reply(), usage, warnings: [] }),
      doStream: async () => {
        const { content, finishReason } = reply();
        const [part] = content;
        const parts =
          part.type === 'text'
            ? [
                { type: 'text-start', id: 't' },
                { type: 'text-delta', id: 't', delta: part.text },
                { type: 'text-end', id: 't' },
              ]
            : [part];
        const all = [{ type: 'stream-start', warnings: [] }, ...parts, { type: 'finish', finishReason, usage }];
        return { stream: ReadableStream.from(all) };
      },
    });
    const noop = createTool({
      id: 'noop',
      description: 'Does nothing',
      inputSchema: z.object({ n: z.number() }),
      execute: async ({ n }) => {
        calls += 1;
        return { n };
      },
    });
    agents += 1;
    const name = `bench${agents}`;
    const agent = new Agent({
      id: name,
      name,
      instructions: 'Go.',
      model,
      tools: { noop },
      ...(storage ? { durable: true } : {}),
    });
    const mastra = new Mastra({
      agents: { [name]: agent },
      logger: false,
      ...(storage ? { storage, recovery: { durableAgents: 'auto' } } : {}),
    });
    await mastra.getAgent(name).generate('Go.', { maxSteps: steps + 1 });
    return calls;
  };
});

async function libsql(folder) {
  const { LibSQLStore } = await import('@mastra/libsql');
  const store = new LibSQLStore({ id: 'bench', url: `file:${folder}/mastra.sqlite` });
  await store.init();
  return store;
}
