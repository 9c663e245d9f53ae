/**
 * What every tool promises once it has a name, as data: tools that are published run them in their own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { invokeTool, type NamedTool, type UndoContext } from '../action/index.ts';
import { CancelledError, isPoactError, type Json } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';

/** A tool under test. */
export interface TestedTool {
  tool: NamedTool;
  /** Arguments of a call that works. */
  args: Json;
  /** Reads the part of the world that the tool changes; for tools that can be undone. */
  observe?(): Promise<Json> | Json;
}

const CONTEXT = { idempotencyKey: 'test-key', run: 'test-run', call: 'test-call' };
const contextWith = (signal: AbortSignal): UndoContext => ({ ...CONTEXT, signal });
const call = ({ tool, args }: TestedTool) => invokeTool(tool, args, contextWith(new AbortController().signal));

/**
 * The promises of a tool. `make` is called afresh for each, and gives the tool a world of its own.
 *
 * @example
 * ```ts
 * it.each(toolPromises(() => ({ tool: toTools(tools)[0]!, args: { item: 'lamp' } })))('$title', ({ run }) => run());
 * ```
 */
export function toolPromises(make: () => Promise<TestedTool> | TestedTool): ContractPromise[] {
  return [
    {
      title: 'has a name that a program can call, and a description',
      async run() {
        const { tool } = await make();
        assert.match(tool.name, /^[A-Za-z_$][\w$]*$/);
        assert.notEqual(tool.description.trim(), '');
      },
    },
    {
      title: 'takes one object',
      async run() {
        const { tool } = await make();
        assert.ok(tool.input.type === undefined || tool.input.type === 'object', `it takes ${tool.input.type}`);
        for (const wrong of ['text', 1, [1]] as Json[]) {
          const refused = await code(() => tool.parseInput(wrong));
          assert.equal(refused, 'tool-input-invalid', `it took ${JSON.stringify(wrong)}`);
        }
      },
    },
    {
      title: 'takes the arguments of its examples',
      async run() {
        const { tool } = await make();
        for (const { args } of tool.examples ?? []) await tool.parseInput(args);
      },
    },
    {
      title: 'gives JSON that its own schema takes',
      async run() {
        const tested = await make();
        const value = await call(tested);
        assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
        assert.deepEqual(await tested.tool.parseOutput(value), value);
      },
    },
    {
      title: 'does not change the arguments it is given',
      async run() {
        const tested = await make();
        const before = structuredClone(tested.args);
        await call(tested);
        assert.deepEqual(tested.args, before);
      },
    },
    {
      title: 'does nothing when it is cancelled before it begins',
      async run() {
        const { tool, args, observe } = await make();
        const before = await observe?.();
        await assert.rejects(invokeTool(tool, args, contextWith(AbortSignal.abort())), CancelledError);
        assert.deepEqual(await observe?.(), before);
      },
    },
    {
      title: 'has the same digest each time it is made',
      async run() {
        assert.equal((await make()).tool.digest, (await make()).tool.digest);
      },
    },
    {
      title: 'keeps the word of its effect: reads change nothing, undo puts back what was',
      async run() {
        const tested = await make();
        const { tool, args, observe } = tested;
        if (tool.effect === 'reversible') assert.ok(tool.undo, 'a reversible tool has `undo`');
        if (tool.effect === 'compensable') assert.ok(tool.compensate, 'a compensable tool has `compensate`');
        if (observe === undefined) return;
        const before = await observe();
        const result = await call(tested);
        if (tool.effect === 'read') assert.deepEqual(await observe(), before);
        if (tool.undo === undefined) return;
        const context = contextWith(new AbortController().signal);
        await tool.undo((await tool.parseInput(args)) as never, result as never, context);
        assert.deepEqual(await observe(), before);
      },
    },
  ];
}

/** The code of the error that work ends with. */
async function code(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return isPoactError(error) ? error.code : String(error);
  }
}
