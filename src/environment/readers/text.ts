/**
 * Bytes to text: UTF-8, UTF-16 by its mark, else the Western code page, so that no old export is refused.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

const PIECE_BYTES = 1024 * 1024;
const START_BYTES = 8_000;

/** Reads a file's bytes as text, without a byte order mark. */
export function decode(bytes: Uint8Array): string {
  const marked = markedEncoding(bytes);
  if (marked !== undefined) return new TextDecoder(marked).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The same text in pieces, for a file that is too large to be held. */
export async function* piecesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(await encodingOf(path));
  for await (const bytes of bytesOf(path)) {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** The lines of a file's text. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of piecesOf(path)) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** All bytes decide: the first letter that is not English may stand far down. */
async function encodingOf(path: string): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  try {
    for await (const bytes of bytesOf(path)) {
      const marked = isFirst ? markedEncoding(bytes) : undefined;
      if (marked !== undefined) return marked;
      isFirst = false;
      decoder.decode(bytes, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (problem) {
    if (problem instanceof TypeError) return 'windows-1252';
    throw problem;
  }
}

const bytesOf = (path: string): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: PIECE_BYTES });

function markedEncoding([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Whether a file's bytes are a program's, not a text's. */
export async function isBinary(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START_BYTES));
    const start = buffer.subarray(0, bytesRead);
    return start.includes(0) && markedEncoding(start) === undefined;
  } finally {
    await file.close();
  }
}
