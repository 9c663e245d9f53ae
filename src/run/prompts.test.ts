import { expect, it } from 'vitest';
import type { ModelRequest } from '../model/index.ts';
import { type RunEvent, viewOf } from '../record/index.ts';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';
import { promptOf } from './prompts.ts';

const tools = {
  look: {
    description: 'Looks',
    input: { type: 'object', properties: { at: { type: 'number' } } },
    effect: 'read',
    run: () => 'x'.repeat(5_000),
  },
} as const;
const look = (at: number) => ({ calls: [{ tool: 'look', args: { at } }] });
const calls = (log: readonly RunEvent[]) => log.filter((event) => event.kind === 'model-call');
const asked = ({ signal: _signal, ...request }: ModelRequest) => JSON.parse(JSON.stringify(request)) as ModelRequest;

it.each(['react', 'codeAct', 'poact'] as const)(
  'gives exactly what the model saw, in every call (%s)',
  async (policy) => {
    const program = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
    const replies: ScriptedReply[] =
      policy === 'react'
        ? [look(1), look(2), look(3), 'Done.']
        : [
            program('console.log(await look({ at: 1 }))'),
            program('nope('),
            'Think.',
            program('answer(1)'),
            program('answer(1)'),
          ];
    const model = scriptedModel(replies);
    const store = memoryStore();
    const { log } = await createAgent({ model, tools, policy, store, limits: { steps: 4 } }).run('Look around.');
    const seen = calls(log);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    for (const [n, event] of seen.entries()) {
      const {
        seq,
        model: _model,
        purpose: _purpose,
        reply: _reply,
        ...request
      } = await promptOf(viewOf('r', log), store.blobs, event.seq);
      expect(request).toEqual(asked(model.requests[n] as ModelRequest));
      expect(seq).toBe(event.seq);
    }
  },
);

it('says of each call only what is new, also after a resume', async () => {
  const store = memoryStore();
  const make = (...replies: ScriptedReply[]) =>
    createAgent({ model: scriptedModel(replies), tools, policy: 'react', store, limits: { steps: 3 } });
  const first = await make(look(1), look(2), look(3)).run('Look around.');
  expect(first.status).toBe('stopped');
  const second = await make('Done.').resume(first.run, { limits: { steps: 9 } });
  expect(second.status).toBe('answered');
  const requests = calls(second.log).map(({ request: { keep = 0, added, tools: given } }) => ({
    keep,
    added: added.length,
    given: given !== undefined,
  }));
  expect(requests).toEqual([
    { keep: 0, added: 1, given: true },
    { keep: 1, added: 2, given: false },
    { keep: 3, added: 2, given: false },
    { keep: 5, added: 2, given: false },
  ]);
});
