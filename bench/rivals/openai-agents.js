/** OpenAI Agents JS: an agent with a model written for it. It keeps nothing on disk by itself. */
import { Agent, run, setTracingDisabled, tool, Usage } from '@openai/agents';
import { z } from 'zod';
import { measure } from './measure.js';

await measure(async () => {
  setTracingDisabled(true);
  return async (steps) => {
    let turn = 0;
    let calls = 0;
    const model = {
      async getResponse() {
        turn += 1;
        const usage = new Usage({ requests: 1, inputTokens: 1, outputTokens: 1, totalTokens: 2 });
        const output =
          turn > steps
            ? [
                {
                  type: 'message',
                  role: 'assistant',
                  status: 'completed',
                  content: [{ type: 'output_text', text: 'done' }],
                },
              ]
            : [
                {
                  type: 'function_call',
                  callId: `c${turn}`,
                  name: 'noop',
                  arguments: `{"n":${turn}}`,
                  status: 'completed',
                },
              ];
        return { usage, output, responseId: `r${turn}` };
      },
      getStreamedResponse() {
        throw new Error('Not streamed.');
      },
    };
    const noop = tool({
      name: 'noop',
      description: 'Does nothing',
      parameters: z.object({ n: z.number() }),
      execute: async ({ n }) => {
        calls += 1;
        return String(n);
      },
    });
    await run(new Agent({ name: 'bench', instructions: 'Go.', model, tools: [noop] }), 'Go.', { maxTurns: steps + 2 });
    return calls;
  };
});
