/**
 * Runs a program of the fixtures in a real session with the fixtures' tools.
 *
 * @module
 */
import type { Json } from '../../record/index.ts';
import { quickjs, type SettledCall } from '../../sandbox/index.ts';
import { invokeTool } from '../invoke-tool.ts';
import { PROGRAM_DATA, PROGRAM_TOOLS } from './programs.fixture.ts';

const sandbox = quickjs();
const context = { signal: new AbortController().signal, idempotencyKey: 'key', run: 'run', call: 'call' };

/** What a program answered, or why it did not. */
export async function runProgram(source: string): Promise<{ answer: Json } | { failed: string }> {
  const session = await sandbox.open({ tools: PROGRAM_TOOLS.map(({ name }) => name), globals: PROGRAM_DATA });
  try {
    let turn = await session.start({ source, now: 1_000 });
    while (turn.state === 'waiting') {
      const settled = turn.calls.map(async ({ id, tool, args }): Promise<SettledCall> => {
        const named = PROGRAM_TOOLS.find(({ name }) => name === tool);
        if (named === undefined) return { id, value: null };
        try {
          return { id, value: await invokeTool(named, args, context) };
        } catch (error) {
          return { id, error: { name: 'ToolError', message: (error as Error).message } };
        }
      });
      turn = await session.settle(await Promise.all(settled), 1_000);
    }
    if (turn.state === 'failed') return { failed: `${turn.error.name}: ${turn.error.message}` };
    return turn.answer === undefined ? { failed: 'no answer' } : { answer: turn.answer.value };
  } finally {
    session.close();
  }
}
