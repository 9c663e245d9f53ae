/**
 * Snapshots as bytes: layers, each what changed since the one below it; the lowest lies on the memory of a session in which
 * nothing has run.
 *
 * A turn of a program touches bytes all over the memory: reference counts, marks of the collector. Of its pages few stay
 * equal, of its words nearly all. So a layer is the difference by words, compressed
 * (docs/decisions/0015-snapshots-are-layers.md has the measurements).
 *
 * @module
 */
import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { SandboxError, sha256 } from '../record/index.ts';
import { emptyImage, type Image, type Pointers, readImage, type SessionFacts } from './image.ts';

/** The form of these bytes. Raised when it changes, or when the guest's side of the bridge no longer fits older memory. */
export const SNAPSHOT_FORM = 2;

/** Memory that layers lie on, as words. */
export type Words = Uint32Array;

/** A stack of layers, and the memory that they make. */
export interface Stack {
  /** The layers' SHA-256, lowest first. */
  names: readonly string[];
  words: Words;
  /** Somebody else has the words, too: they are not written again. */
  shared?: boolean;
}

/** What a layer says before its words. */
interface Head {
  memoryBytes: number;
  pointers: Pointers;
  facts: SessionFacts;
  /** What it lies on: the SHA-256 of the layer below, or of the blank memory. */
  on: string;
}

const MAGIC = Buffer.from(`poact-snapshot-${SNAPSHOT_FORM}`);
/** Reading a layer back takes about 0.3 ms, so beyond this many a snapshot is whole again. */
const MOST_LAYERS = 6;
/** A block in which nothing changed is left out. */
const BLOCK_WORDS = 64;
/** A small table: a quarter less time than by default, for a twentieth more bytes. The checksum tells damage. */
const PARAMS = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_hashLog]: 13,
  [constants.ZSTD_c_checksumFlag]: 1,
};
/** Large enough that a young session is one piece. */
const CHUNK = 524_288;
/** Fresh memory costs more than compressing it does, so a worker keeps some. */
const KEPT_SCRATCH = 4_194_304;
let scratch = new Uint32Array(0);

/** An image's memory as words. */
export function wordsOf(image: Image): Words {
  const { buffer, byteOffset, byteLength } = readImage(image).memory;
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/**
 * Packs what changed since the last snapshot, where its layers are `over`, those that the caller has, and few; else what
 * differs from `blank`. Gives the stack with it on top, for which the words of `last` are used up unless they are shared.
 */
export function packLayer(
  image: Image,
  blank: Words,
  last: Stack | undefined,
  over: readonly string[],
): { bytes: Uint8Array; stack: Stack } {
  const isKept = last !== undefined && over.length < MOST_LAYERS && String(last.names) === String(over);
  const below = isKept ? last : { names: [], words: blank };
  const { pointers, facts } = readImage(image);
  const now = wordsOf(image);
  const on = below.names.at(-1) ?? nameOfBlank(blank);
  const head: Head = { memoryBytes: now.byteLength, pointers, facts, on };
  const text = Buffer.from(JSON.stringify(head));
  const blocks = Math.ceil(now.length / BLOCK_WORDS);
  const maskAt = 1 + Math.ceil(text.byteLength / 4);
  const fixed = maskAt + Math.ceil(blocks / 4);
  const raw = scratch.length >= fixed + now.length ? scratch : new Uint32Array(fixed + now.length);
  scratch = raw.length <= KEPT_SCRATCH ? raw : new Uint32Array(0);
  raw.fill(0, 0, fixed);
  raw[0] = text.byteLength;
  const rawBytes = new Uint8Array(raw.buffer);
  rawBytes.set(text, 4);
  const isOwn = last !== undefined && last.shared !== true && last.words.length === now.length;
  const words = isOwn ? last.words : new Uint32Array(now.length);
  if (words !== below.words) copyAlive(below.words, words, pointers);
  let end = fixed;
  for (let block = firstBlock(pointers); block < blocks; block++) {
    const to = Math.min((block + 1) * BLOCK_WORDS, now.length);
    let at = block * BLOCK_WORDS;
    while (at < to && now[at] === words[at]) at++;
    if (at === to) continue;
    rawBytes[maskAt * 4 + block] = 1;
    for (at = block * BLOCK_WORDS; at < to; at++) {
      const word = now[at] as number;
      raw[end++] = word ^ (words[at] as number);
      words[at] = word;
    }
  }
  const packed = zstdCompressSync(rawBytes.subarray(0, end * 4), { chunkSize: CHUNK, params: PARAMS });
  const bytes = new Uint8Array(MAGIC.byteLength + packed.byteLength);
  bytes.set(MAGIC);
  bytes.set(packed, MAGIC.byteLength);
  return { bytes, stack: { names: [...below.names, sha256(bytes)], words } };
}

/**
 * The image that layers make, lowest first, and their stack.
 *
 * @throws {SandboxError} `snapshot-refused`: one is no layer, damaged, or lies on another than the one below it.
 */
export function unpackLayers(layers: readonly Uint8Array[], blank: Words): { image: Image; stack: Stack } {
  const names = layers.map((bytes) => sha256(bytes));
  const opened = layers.map(openLayer);
  const top = opened.at(-1);
  if (top === undefined) throw refused('damaged', 'These bytes are no snapshot of a session.');
  const image = emptyImage(top.head.memoryBytes, top.head.pointers, top.head.facts);
  const words = wordsOf(image);
  copyAlive(blank, words, top.head.pointers);
  let length = blank.length;
  for (const [at, { head, raw, maskAt }] of opened.entries()) {
    if (head.on !== (names[at - 1] ?? nameOfBlank(blank))) {
      throw at === 0
        ? refused('engine', 'The snapshot was taken with another build of the engine or its guest.')
        : refused('damaged', `Part ${at + 1} of ${opened.length} of the snapshot does not lie on the one before it.`);
    }
    const own = head.memoryBytes / 4;
    if (own < length) words.fill(0, own);
    length = own;
    apply(words, raw, maskAt, head);
  }
  return { image, stack: { names, words, shared: true } };
}

function apply(words: Words, raw: Words, maskAt: number, { memoryBytes, pointers }: Head): void {
  const mask = new Uint8Array(raw.buffer, raw.byteOffset + maskAt * 4);
  const length = memoryBytes / 4;
  const blocks = Math.ceil(length / BLOCK_WORDS);
  let from = maskAt + Math.ceil(blocks / 4);
  for (let block = firstBlock(pointers); block < blocks; block++) {
    if (mask[block] !== 1) continue;
    const at = block * BLOCK_WORDS;
    const count = Math.min(BLOCK_WORDS, length - at);
    // What lies beyond the memory's end is gone by the top layer.
    if (at < words.length)
      for (let n = 0; n < count; n++) words[at + n] = (words[at + n] as number) ^ (raw[from + n] as number);
    from += count;
  }
}

function openLayer(bytes: Uint8Array): { head: Head; raw: Words; maskAt: number } {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!packed.subarray(0, MAGIC.byteLength).equals(MAGIC)) {
    throw refused('form', `These bytes are no snapshot of a session in form ${SNAPSHOT_FORM}.`);
  }
  let raw: Words;
  try {
    const content = zstdDecompressSync(packed.subarray(MAGIC.byteLength), { chunkSize: CHUNK });
    const aligned = content.byteOffset % 4 === 0 ? content : Buffer.from(new Uint8Array(content).buffer);
    raw = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
  } catch (error) {
    const why = `The snapshot is damaged: ${(error as Error).message} in ${bytes.byteLength} bytes.`;
    throw refused('damaged', why, error);
  }
  const textBytes = raw[0] as number;
  const text = Buffer.from(raw.buffer, raw.byteOffset + 4, textBytes).toString();
  return { head: JSON.parse(text) as Head, raw, maskAt: 1 + Math.ceil(textBytes / 4) };
}

/** Below the stack's pointer nothing is alive. */
const firstBlock = ({ stackPointer }: Pointers) => Math.floor(stackPointer / 4 / BLOCK_WORDS);

/** Copies what is alive, as far as there is room; the rest is zero. */
function copyAlive(from: Words, to: Words, pointers: Pointers): void {
  const first = firstBlock(pointers) * BLOCK_WORDS;
  to.set(from.subarray(first, to.length), first);
  to.fill(0, Math.min(from.length, to.length));
}

const namesOfBlank = new WeakMap<Words, string>();

function nameOfBlank(blank: Words): string {
  const known =
    namesOfBlank.get(blank) ?? hash('sha256', new Uint8Array(blank.buffer, blank.byteOffset, blank.byteLength));
  namesOfBlank.set(blank, known);
  return known;
}

function refused(problem: string, message: string, cause?: unknown): SandboxError {
  return new SandboxError('snapshot-refused', message, { problem }, cause);
}
