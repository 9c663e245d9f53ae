/** AI SDK: `generateText` with a mock model. It keeps nothing on disk by itself. */
import { generateText, stepCountIs, tool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { z } from 'zod';
import { measure } from './measure.js';

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

await measure(async () => async (steps) => {
  let turn = 0;
  let calls = 0;
  const model = new MockLanguageModelV4({
    doGenerate: async () => {
      turn += 1;
      if (turn > steps) {
        return {
          content: [{ type: 'text', text: 'done' }],
          finishReason: { unified: 'stop', raw: 'stop' },
          usage,
          warnings: [],
        };
      }
      return {
        content: [{ type: 'tool-call', toolCallId: `c${turn}`, toolName: 'noop', input: `{"n":${turn}}` }],
        finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
        usage,
        warnings: [],
      };
    },
  });
  const noop = tool({
    description: 'Does nothing',
    inputSchema: z.object({ n: z.number() }),
    execute: async ({ n }) => {
      calls += 1;
      return n;
    },
  });
  await generateText({ model, tools: { noop }, prompt: 'Go.', stopWhen: stepCountIs(steps + 1) });
  return calls;
});
