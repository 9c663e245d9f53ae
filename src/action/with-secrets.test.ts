import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Json, secret, secretsOf } from '../record/index.ts';
import { toolPromises } from '../testing/index.ts';
import { invokeTool } from './invoke-tool.ts';
import { toTools } from './to-tools.ts';
import { type ToolContext, tool } from './tool.ts';
import { toolWithSecrets } from './with-secrets.ts';

const KEY = 'sk-live-0123456789';
const MARK = '[secret KEY]';
const child = () => Promise.reject(new Error('none'));
const context: ToolContext = { signal: new AbortController().signal, idempotencyKey: 'k', run: 'r', call: 'c', child };
const parts = { description: 'Writes', input: z.object({ to: z.string() }), secrets: { key: secret('KEY') } };
const made = (given: Parameters<typeof toTools>[0], value = KEY) =>
  toTools(given).map((one) =>
    toolWithSecrets(
      one,
      secretsOf(() => value),
    ),
  )[0] as ReturnType<typeof toTools>[0];

it.each(
  toolPromises(() => ({
    tool: made({ write: tool({ ...parts, output: z.string(), run: ({ to }) => to }) }),
    args: { to: 'a' },
    wrongArgs: { to: 1 },
  })),
)('$title', ({ run }) => run());

it('gives run, undo and compensate the values, and cleans what they and the preview say', async () => {
  const write = made({
    write: tool({
      ...parts,
      run: (_args, { secrets }) => secrets.key,
      undo: (_args, _result, { secrets }) => `undone with ${secrets.key}`,
      compensate: async (_args, _result, { secrets }) => Promise.reject(new Error(secrets.key)),
      preview: () => `with ${KEY}`,
    }),
  });
  const args = { to: 'a' } as never;
  expect(await write.run(args, context)).toBe(MARK);
  expect(await write.undo?.(args, null as never, context)).toBe(`undone with ${MARK}`);
  await expect(write.compensate?.(args, null as never, context)).rejects.toThrow(MARK);
  expect(await write.preview?.(args)).toBe(`with ${MARK}`);
});

it('does not quote the secret in a complaint about the result', async () => {
  const write = made({
    write: tool({ ...parts, output: z.number(), run: (_args, { secrets }) => secrets.key as never }),
  });
  const said = await invokeTool(write, { to: 'a' } as Json, context).catch(String);
  expect(said).toContain('write');
  expect(said).not.toContain('sk-live');
});

it('does not cut a long error in the middle of a secret', async () => {
  const long = `${'x'.repeat(1_990)}${KEY}`;
  const write = made({
    write: tool({
      ...parts,
      run: () => {
        throw new Error(long);
      },
    }),
  });
  expect(await invokeTool(write, { to: 'a' }, context).catch(String)).not.toContain('sk-');
});
