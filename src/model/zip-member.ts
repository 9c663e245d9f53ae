/**
 * Reads one member of a zip file, which is what a Python wheel is, without running or unpacking anything else of it.
 *
 * Stored and deflated members, no encryption, no zip64: what package indexes hold.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

const END_BYTES = 22;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
/** A zip may end with a comment of up to this many bytes. */
const COMMENT_BYTES = 0xffff;

/** One member of a zip file. */
export interface ZipMember {
  name: string;
  /** Unpacked. */
  bytes: number;
  /** Its unpacked content. Owned by the caller, who reads it to the end or destroys it. */
  stream(): Readable;
}

/**
 * The one member whose name ends with `suffix`.
 *
 * @throws {Error} the file is no zip, or has no such member, or several.
 */
export async function zipMember(file: string, suffix: string): Promise<ZipMember> {
  const handle = await open(file);
  try {
    const found = (await directory(handle)).filter(({ name }) => name === suffix || name.endsWith(`/${suffix}`));
    const entry = found[0];
    if (entry === undefined || found.length > 1) throw new Error(`${file} has ${found.length} members ${suffix}`);
    if (entry.method !== 0 && entry.method !== 8) throw new Error(`${file}: ${entry.name} is packed in an unknown way`);
    const start = await dataStart(handle, entry.offset);
    return {
      name: entry.name,
      bytes: entry.bytes,
      stream() {
        const packed = createReadStream(file, { start, end: start + entry.packedBytes - 1 });
        if (entry.method === 0) return packed;
        return pipeline(packed, createInflateRaw(), () => {}) as unknown as Readable;
      },
    };
  } finally {
    await handle.close();
  }
}

interface Entry {
  name: string;
  method: number;
  packedBytes: number;
  bytes: number;
  offset: number;
}

async function directory(handle: FileHandle): Promise<Entry[]> {
  const { size } = await handle.stat();
  const tail = await readAt(
    handle,
    Math.max(0, size - END_BYTES - COMMENT_BYTES),
    Math.min(size, END_BYTES + COMMENT_BYTES),
  );
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < 0) throw new Error('not a zip file');
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || offset === 0xffffffff) throw new Error('zip64 files are not read');

  const records = await readAt(handle, offset, bytes);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > records.length || records.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw new Error('the zip’s directory is damaged');
    const nameBytes = records.readUInt16LE(at + 28);
    entries.push({
      name: records.toString('utf8', at + 46, at + 46 + nameBytes),
      method: records.readUInt16LE(at + 10),
      packedBytes: records.readUInt32LE(at + 20),
      bytes: records.readUInt32LE(at + 24),
      offset: records.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + records.readUInt16LE(at + 30) + records.readUInt16LE(at + 32);
  }
  return entries;
}

/** The local header repeats the name, and its extra field may have another length than the directory's. */
async function dataStart(handle: FileHandle, offset: number): Promise<number> {
  const header = await readAt(handle, offset, 30);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw new Error('the zip’s directory is damaged');
  return offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('the zip file is cut short');
  return buffer;
}
