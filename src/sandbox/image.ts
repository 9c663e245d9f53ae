/**
 * An interpreter as memory: what a worker keeps of each session so that it can come back, what a fork starts from, and,
 * compressed and signed, what a snapshot is.
 *
 * An image lies in shared memory, so that it outlives a worker that had to be terminated.
 *
 * @module
 */
import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { SandboxError } from '../record/index.ts';
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
  header[0] = memory.byteLength;
  header[1] = pointers.stackPointer;
  header[2] = pointers.runtimePtr;
  header[3] = pointers.contextPtr;
  header[4] = text.byteLength;
  const bytes = new Uint8Array(image);
  // The first megabyte is the engine's native stack. Between turns nothing below its pointer is alive.
  bytes.set(memory.subarray(pointers.stackPointer), HEADER_BYTES + pointers.stackPointer);
  bytes.set(text, HEADER_BYTES + memory.byteLength);
  header[5] = 1;
  return image;
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

const MAGIC = 'poact-snapshot-1';
const SIGNED = MAGIC.length + 64;

/** Only blocks that differ from a fresh engine's memory are written: a third of a young session's. */
const BLOCK = 1_024;
/** A small table: a quarter less time than by default, for a twentieth more bytes. */
const COMPRESSION = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_hashLog]: 13 };
/** Large enough that a young session is one piece. */
const CHUNK = 524_288;
/** Fresh memory costs more than compressing it does, so a worker keeps some. */
const KEPT_SCRATCH = 16_777_216;
let scratch = Buffer.alloc(0);

/**
 * A snapshot's bytes: magic, SHA-256 of the rest; compressed: header, facts, one byte a block, the blocks
 * that differ from `base`, the memory of a fresh engine. The engine's version decides what that memory is; its digest is
 * among the facts, to be sure.
 */
export function packImage(image: Image, base: Buffer): Uint8Array {
  const { memory, pointers, facts } = readImage(image);
  const text = Buffer.from(JSON.stringify({ ...facts, base: digestOfBase(base) }));
  const header = Buffer.from(new Uint8Array(image, 0, HEADER_BYTES));
  header.writeInt32LE(text.byteLength, 16);
  const blocks = Math.ceil(memory.byteLength / BLOCK);
  const fixed = HEADER_BYTES + text.byteLength + blocks;
  if (scratch.byteLength < fixed + memory.byteLength) scratch = Buffer.allocUnsafe(fixed + memory.byteLength);
  const raw = scratch.fill(0, HEADER_BYTES + text.byteLength, fixed);
  let end = fixed;
  for (let block = Math.floor(pointers.stackPointer / BLOCK); block < blocks; block++) {
    const from = block * BLOCK;
    const to = Math.min(from + BLOCK, memory.byteLength);
    if (from < base.byteLength && base.compare(memory, from, to, from, to) === 0) continue;
    raw[HEADER_BYTES + text.byteLength + block] = 1;
    raw.set(memory.subarray(from, to), end);
    end += to - from;
  }
  raw.set(header);
  raw.set(text, HEADER_BYTES);
  const packed = zstdCompressSync(raw.subarray(0, end), { chunkSize: CHUNK, params: COMPRESSION });
  if (scratch.byteLength > KEPT_SCRATCH) scratch = Buffer.alloc(0);
  const signed = new Uint8Array(SIGNED + packed.byteLength);
  signed.set(Buffer.from(MAGIC + hash('sha256', packed, 'hex')));
  signed.set(packed, SIGNED);
  return signed;
}

/** @throws {SandboxError} `snapshot-refused`: no snapshot, cut short, or altered. */
export function checkPacked(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(SIGNED, bytes.byteLength)).toString('latin1');
  if (!head.startsWith(MAGIC)) throw new SandboxError('snapshot-refused', 'These bytes are no snapshot of a session.');
  if (head.slice(MAGIC.length) !== hash('sha256', bytes.subarray(SIGNED), 'hex')) {
    throw new SandboxError('snapshot-refused', 'The snapshot is damaged: its bytes do not match their SHA-256.', {
      bytes: bytes.byteLength,
    });
  }
}

/** @throws {SandboxError} `snapshot-refused`: it was taken over another fresh memory than `base`. */
export function unpackImage(bytes: Uint8Array, base: Buffer): Image {
  const raw = zstdDecompressSync(bytes.subarray(SIGNED), { chunkSize: CHUNK });
  const memoryBytes = raw.readInt32LE(0);
  const factBytes = raw.readInt32LE(16);
  const facts = JSON.parse(raw.toString('utf8', HEADER_BYTES, HEADER_BYTES + factBytes)) as { base: string };
  if (facts.base !== digestOfBase(base)) {
    throw new SandboxError('snapshot-refused', 'The snapshot was taken with another build of the engine.');
  }
  const blocks = Math.ceil(memoryBytes / BLOCK);
  const image = new SharedArrayBuffer(HEADER_BYTES + memoryBytes + factBytes);
  const target = new Uint8Array(image);
  // A fresh buffer is zero, and so is the base below the stack's pointer.
  const alive = Math.floor(raw.readInt32LE(4) / BLOCK) * BLOCK;
  target.set(base.subarray(alive, memoryBytes), HEADER_BYTES + alive);
  target.set(raw.subarray(0, HEADER_BYTES));
  target.set(raw.subarray(HEADER_BYTES, HEADER_BYTES + factBytes), HEADER_BYTES + memoryBytes);
  const differs = raw.subarray(HEADER_BYTES + factBytes, HEADER_BYTES + factBytes + blocks);
  let from = HEADER_BYTES + factBytes + blocks;
  for (let block = 0; block < blocks; block++) {
    if (differs[block] !== 1) continue;
    const length = Math.min(BLOCK, memoryBytes - block * BLOCK);
    target.set(raw.subarray(from, from + length), HEADER_BYTES + block * BLOCK);
    from += length;
  }
  return image;
}

const digests = new WeakMap<Buffer, string>();

function digestOfBase(base: Buffer): string {
  const known = digests.get(base) ?? hash('sha256', base, 'hex');
  digests.set(base, known);
  return known;
}
