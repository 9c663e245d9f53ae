/** pi-agent-core: its agent loop with a scripted stream. It keeps nothing on disk by itself. */
import { agentLoop } from '@mariozechner/pi-agent-core';
import { createAssistantMessageEventStream, Type } from '@mariozechner/pi-ai';
import { measure } from './measure.js';

const usage = {
  input: 1,
  output: 1,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 2,
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 },
};
const model = {
  id: 'scripted',
  name: 'scripted',
  api: 'openai-completions',
  provider: 'scripted',
  baseUrl: '',
  reasoning: false,
  input: ['text'],
  cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
  contextWindow: 1_000_000,
  maxTokens: 1_000,
};

await measure(async () => async (steps) => {
  let turn = 0;
  let calls = 0;
  const streamFn = () => {
    turn += 1;
    const last = turn > steps;
    const message = {
      role: 'assistant',
      content: last
        ? [{ type: 'text', text: 'done' }]
        : [{ type: 'toolCall', id: `c${turn}`, name: 'noop', arguments: { n: turn } }],
      api: model.api,
      provider: model.provider,
      model: model.id,
      usage,
      stopReason: last ? 'stop' : 'toolUse',
      timestamp: 0,
    };
    const stream = createAssistantMessageEventStream();
    queueMicrotask(() => {
      stream.push({ type: 'start', partial: message });
      stream.push({ type: 'done', reason: message.stopReason, message });
    });
    return stream;
  };
  const noop = {
    name: 'noop',
    label: 'noop',
    description: 'Does nothing',
    parameters: Type.Object({ n: Type.Number() }),
    execute: async (_id, { n }) => {
      calls += 1;
      return { content: [{ type: 'text', text: String(n) }], details: {} };
    },
  };
  const prompt = { role: 'user', content: 'Go.', timestamp: 0 };
  const context = { systemPrompt: '', messages: [], tools: [noop] };
  const stream = agentLoop([prompt], context, { model, convertToLlm: (messages) => messages }, undefined, streamFn);
  for await (const _event of stream);
  return calls;
});
