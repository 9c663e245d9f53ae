/**
 * An interpreter as memory: what a worker keeps of each session so that it can come back, what a fork starts from, and
 * what a snapshot is made of.
 *
 * An image lies in shared memory, so that it outlives a worker that had to be terminated.
 *
 * @module
 */
import type { Positions } from './positions.ts';
import type { DeclarationKind } from './rewrite.ts';

/** What is known of a session besides its memory. */
export interface SessionFacts {
  /** The engine's token of the guest bridge, which no guest code can name. */
  bridge: number;
  /** Programs started so far. */
  programs: number;
  /** A program has been started and has not ended. */
  busy: boolean;
  names: [name: string, kind: DeclarationKind | 'global'][];
  /** Names that the running program declares for the first time. */
  fresh: string[];
  /** Names of builtins and tools that the running program declared for itself. */
  shadowed: string[];
  /** Programs whose places moved, by number. */
  positions: { [program: number]: Positions };
  /** Rejections that nobody handled yet, by the promise's identity: the error as JSON. */
  unhandled: [identity: number, error: string][];
  now: number;
}

/** Memory and facts, in one shared buffer. */
export type Image = SharedArrayBuffer;

/** Pointers of the engine that memory alone does not tell. */
export interface Pointers {
  stackPointer: number;
  runtimePtr: number;
  contextPtr: number;
}

const HEADER = 6;
const HEADER_BYTES = HEADER * 4;

/** Writes an image, into `spare` where it fits. */
export function writeImage(memory: Uint8Array, pointers: Pointers, facts: SessionFacts, spare?: Image): Image {
  const text = Buffer.from(JSON.stringify(facts));
  const needed = HEADER_BYTES + memory.byteLength + text.byteLength;
  const fits = spare !== undefined && spare.byteLength >= needed && spare.byteLength < needed * 2;
  // Some room for facts to grow, so that the buffer can be used again.
  const image = fits ? spare : new SharedArrayBuffer(needed + 16_384);
  const header = new Int32Array(image, 0, HEADER);
  header[5] = 0;
  // The first megabyte is the engine's native stack. Between turns nothing below its pointer is alive.
  const { stackPointer } = pointers;
  new Uint8Array(image).set(memory.subarray(stackPointer), HEADER_BYTES + stackPointer);
  describeImage(image, memory.byteLength, pointers, text);
  return image;
}

/** An image of so much memory, all zero, whose memory is yet to be written. */
export function emptyImage(memoryBytes: number, pointers: Pointers, facts: SessionFacts): Image {
  const text = Buffer.from(JSON.stringify(facts));
  const image = new SharedArrayBuffer(HEADER_BYTES + memoryBytes + text.byteLength);
  describeImage(image, memoryBytes, pointers, text);
  return image;
}

function describeImage(
  image: Image,
  memoryBytes: number,
  { stackPointer, runtimePtr, contextPtr }: Pointers,
  text: Buffer,
): void {
  new Uint8Array(image).set(text, HEADER_BYTES + memoryBytes);
  new Int32Array(image, 0, HEADER).set([memoryBytes, stackPointer, runtimePtr, contextPtr, text.byteLength, 1]);
}

/** False for an image whose writing was cut short. */
export function isWhole(image: Image): boolean {
  return new Int32Array(image, 0, HEADER)[5] === 1;
}

export function readImage(image: Image): { memory: Uint8Array; pointers: Pointers; facts: SessionFacts } {
  const [memoryBytes = 0, stackPointer = 0, runtimePtr = 0, contextPtr = 0, factBytes = 0] = new Int32Array(
    image,
    0,
    HEADER,
  );
  const text = Buffer.from(image, HEADER_BYTES + memoryBytes, factBytes).toString();
  return {
    memory: new Uint8Array(image, HEADER_BYTES, memoryBytes),
    pointers: { stackPointer, runtimePtr, contextPtr },
    facts: JSON.parse(text) as SessionFacts,
  };
}
