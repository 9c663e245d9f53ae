/**
 * Bytes to text: UTF-8, UTF-16 by its mark, else the Western code page, so that no old export is refused.
 *
 * @module
 */
/** Reads a file's bytes as text, without a byte order mark. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Whether bytes are a program's, not a text's. */
export const isBinary = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 8_000).includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe;
