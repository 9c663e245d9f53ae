import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { zipMember } from './zip-member.ts';

/** Written by Python's zipfile: `a/x.txt` stored, `b/y.txt` and `c/y.txt` deflated, `d.txt` bzipped; and a comment. */
const ZIP = Buffer.from(
  [
    'UEsDBBQAAAAAAAAAIVCGphA2BQAAAAUAAAAHAAAAYS94LnR4dGhlbGxvUEsDBBQAAAAIAAAAIVBzjZRdBgAAADIAAAAHAAAAYi95LnR4dKuqIh',
    'UAAFBLAwQUAAAACAAAACFQc42UXQYAAAAyAAAABwAAAGMveS50eHSrqiIVAABQSwMELgAAAAwAAAAhUHONlF0nAAAAMgAAAAUAAABkLnR4dEJa',
    'aDkxQVkmU1nZYwleAAACEIAAAQAQIAAhAIILF3JFOFCQ2WMJXlBLAQIUAxQAAAAAAAAAIVCGphA2BQAAAAUAAAAHAAAAAAAAAAAAAACAAQAAAA',
    'BhL3gudHh0UEsBAhQDFAAAAAgAAAAhUHONlF0GAAAAMgAAAAcAAAAAAAAAAAAAAIABKgAAAGIveS50eHRQSwECFAMUAAAACAAAACFQc42UXQYA',
    'AAAyAAAABwAAAAAAAAAAAAAAgAFVAAAAYy95LnR4dFBLAQIuAy4AAAAMAAAAIVBzjZRdJwAAADIAAAAFAAAAAAAAAAAAAACAAYAAAABkLnR4dF',
    'BLBQYAAAAABAAEANIAAADKAAAACQBhIGNvbW1lbnQ=',
  ].join(''),
  'base64',
);

async function inFile<T>(bytes: Buffer, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'poact-zip-'));
  try {
    await writeFile(join(folder, 'x.zip'), bytes);
    return await work(join(folder, 'x.zip'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const read = (suffix: string, bytes = ZIP) =>
  inFile(bytes, async (file) => {
    const member = await zipMember(file, suffix);
    return [member.name, member.bytes, Buffer.concat(await member.stream().toArray()).toString()];
  });

it('reads a stored and a deflated member', async () => {
  expect(await read('x.txt')).toEqual(['a/x.txt', 5, 'hello']);
  expect(await read('b/y.txt')).toEqual(['b/y.txt', 50, 'z'.repeat(50)]);
});

it.each([
  ['no such member', 'nothing.txt', ZIP, /has 0 members/],
  ['two that fit', 'y.txt', ZIP, /has 2 members/],
  ['a part of a name', '.txt', ZIP, /has 0 members/],
  ['another packing', 'd.txt', ZIP, /packed in an unknown way/],
  ['a file that is cut short', 'x.txt', ZIP.subarray(0, 200), /not a zip file/],
  ['a damaged directory', 'x.txt', Buffer.concat([ZIP.subarray(0, 20), ZIP.subarray(60)]), /damaged|cut short/],
  ['an empty file', 'x.txt', Buffer.alloc(0), /not a zip file/],
])('refuses %s', async (_title, suffix, bytes, problem) => {
  await expect(read(suffix, bytes)).rejects.toThrow(problem);
});
