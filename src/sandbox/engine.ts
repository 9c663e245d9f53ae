/**
 * The engine: QuickJS in WebAssembly, with a clock that stands still and no chance of its own, and the memory that every
 * session starts from.
 *
 * @module
 */
import { CompileFlags, EvalFlags, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { guest } from './guest.ts';
import { guestInspect } from './guest-inspect.ts';
import { guestJson } from './guest-json.ts';
import { guestOutput } from './guest-output.ts';
import { type Image, type Pointers, type SessionFacts, writeImage } from './image.ts';

/** A compiled `WebAssembly.Module`. */
export type WasmModule = object;
type WasmMemory = { readonly buffer: ArrayBuffer };

/** The compiled engine, and the image every session starts from. */
export interface Engine {
  module: WasmModule;
  blank: Image;
}

/** Builds the image that sessions start from. */
export async function createEngine(module: WasmModule): Promise<Engine> {
  const hooks = { interrupt: () => false };
  const { vm, memory } = await instantiate(module, { stackBytes: 524_288 }, () => 0, hooks);
  const source = `((inspect, json) => (${guest})(inspect, json, (${guestOutput})(inspect, json)))((${guestInspect})(), (${guestJson})())`;
  // Without source and debug information: they would lie in every image.
  const code = vm.compile(
    source,
    'poact:guest',
    EvalFlags.STRICT,
    CompileFlags.STRIP_SOURCE | CompileFlags.STRIP_DEBUG,
  );
  const bridge = vm.exportHandle(vm.evalBytecode(code));
  const { stackPointer, runtimePtr, contextPtr } = vm.snapshot();
  const facts: SessionFacts = {
    bridge,
    programs: 0,
    busy: false,
    names: [],
    fresh: [],
    shadowed: [],
    positions: {},
    unhandled: [],
    now: 0,
  };
  const blank = writeImage(new Uint8Array(memory().buffer), { stackPointer, runtimePtr, contextPtr }, facts);
  vm.dispose();
  return { module, blank };
}

/** What the engine calls. */
export interface Hooks {
  interrupt(): boolean;
  onRejection?(promise: JSValueHandle, reason: JSValueHandle, isHandled: boolean): void;
}

/** A new instance, or one that goes on `from` a memory. */
export async function instantiate(
  module: WasmModule,
  { memoryBytes = Number.POSITIVE_INFINITY, stackBytes }: { memoryBytes?: number; stackBytes: number },
  now: () => number,
  { interrupt, onRejection }: Hooks,
  from?: Pointers & { memory: Uint8Array },
): Promise<{ vm: QuickJS; memory: () => WasmMemory }> {
  let memory: WasmMemory | undefined;
  const options = {
    wasm: module,
    maxStackSize: stackBytes,
    timezoneOffset: 0,
    interruptHandler: interrupt,
    ...(Number.isFinite(memoryBytes) ? { memoryLimit: memoryBytes } : {}),
    ...(onRejection ? { onUnhandledRejection: onRejection } : {}),
    wasi(given: WasmMemory) {
      memory = given;
      return {
        clock_time_get(_clock: number, _precision: bigint, at: number) {
          new DataView(given.buffer).setBigUint64(at, BigInt(Math.trunc(now())) * 1_000_000n, true);
          return 0;
        },
        random_get(at: number, length: number) {
          new Uint8Array(given.buffer, at, length).fill(1);
          return 0;
        },
        // The engine's own messages would go to the host's terminal.
        fd_write: () => 8,
      };
    },
  };
  const vm = from
    ? await QuickJS.restore(
        withoutStack(from, () => memory as WasmMemory),
        options,
      )
    : await QuickJS.create(options);
  return { vm, memory: () => memory as WasmMemory };
}

/**
 * What the engine restores, less the first megabyte, its native stack: between turns nothing is alive in it, and touching
 * its pages for the first time would take as long as all the rest. The engine asks for `memory` to see how large it is, and
 * again to copy it, when its own memory has grown to that size: then the rest is copied here, and it gets nothing to copy.
 */
function withoutStack(from: Pointers & { memory: Uint8Array }, target: () => WasmMemory) {
  const { memory: content, stackPointer } = from;
  return {
    ...from,
    extensions: [],
    get memory() {
      const { buffer } = target();
      if (buffer.byteLength < content.byteLength) return content;
      new Uint8Array(buffer).set(content.subarray(stackPointer), stackPointer);
      return new Uint8Array(0);
    },
  };
}
