/**
 * Tools that look at the files of one folder.
 *
 * @module
 */
import { open, readFile as readBytes, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ToolError, zod } from '../../record/index.ts';
import { type Tool, tool } from '../tool.ts';
import { inside, KEPT } from './inside.ts';

const MOST_FILES = 1_000;
const MOST_MATCHES = 200;
const MOST_CHARS = 50_000;
const LINE_CHARS = 300;
/** A larger file is not searched. */
const SEARCH_BYTES = 5 * 1024 * 1024;
/** Longest time a pattern may take over all files. */
const PATTERN_MS = 5_000;
const UNSEEN = new Set([KEPT, '.git', 'node_modules']);

/**
 * `listFiles`, `readFile` and `searchFiles` over one folder. They read, and nothing else; nothing outside the folder.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: fileReadTools('notes') });
 * ```
 */
export function fileReadTools(root: string): { listFiles: Tool; readFile: Tool; searchFiles: Tool } {
  const z = zod();
  return {
    listFiles: tool({
      description: `Lists files below a folder, with their size in bytes; at most ${MOST_FILES.toLocaleString('en-US')}`,
      input: z.object({ folder: z.string().default('.') }),
      output: z.array(z.object({ path: z.string(), bytes: z.number() })),
      effect: 'read',
      origin: 'shipped',
      run: async ({ folder }) => {
        const files = await filesBelow(root, folder);
        if (files.length > MOST_FILES) {
          throw new ToolError(
            'tool-failed',
            `There are more than ${MOST_FILES} files in ${folder}. List a folder below it.`,
            { folder },
          );
        }
        return files;
      },
    }),
    readFile: tool({
      description: `Reads a text file: at most ${MOST_CHARS.toLocaleString('en-US')} characters from offset on; next is where to go on, or null at the end`,
      input: z.object({ path: z.string(), offset: z.number().int().nonnegative().default(0) }),
      output: z.object({ text: z.string(), next: z.number().nullable(), chars: z.number() }),
      effect: 'read',
      origin: 'shipped',
      run: async ({ path, offset }) => {
        const whole = await textOf(root, path);
        const text = whole.slice(offset, offset + MOST_CHARS);
        const end = offset + text.length;
        return { text, next: end < whole.length ? end : null, chars: whole.length };
      },
    }),
    searchFiles: tool({
      description: `Finds lines that hold a text, or match a pattern (a regular expression); at most ${MOST_MATCHES}`,
      input: z.object({
        text: z.string().optional(),
        pattern: z.string().optional(),
        folder: z.string().default('.'),
        ignoreCase: z.boolean().default(false),
      }),
      output: z.array(z.object({ path: z.string(), line: z.number(), text: z.string() })),
      effect: 'read',
      origin: 'shipped',
      run: ({ text, pattern, folder, ignoreCase }, { signal }) => {
        if ((text ?? '') === '' && (pattern ?? '') === '') {
          throw new ToolError('tool-failed', 'Give text or pattern: what to search for.');
        }
        const source = pattern ?? (text ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
        return search(root, folder, source, ignoreCase ? 'i' : '', signal);
      },
    }),
  };
}

async function filesBelow(root: string, folder: string): Promise<{ path: string; bytes: number }[]> {
  const { absolute, shown } = await inside(root, folder);
  const found: { path: string; bytes: number }[] = [];
  await walk(absolute, shown);
  return found;

  async function walk(at: string, name: string): Promise<void> {
    const entries = await readdir(at, { withFileTypes: true }).catch((problem: NodeJS.ErrnoException) => {
      throw new ToolError(
        'tool-failed',
        `${name || '.'} ${problem.code === 'ENOENT' ? 'is not there' : 'is no folder'}.`,
        { folder: name },
      );
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (UNSEEN.has(entry.name) || found.length > MOST_FILES) continue;
      const path = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) await walk(join(at, entry.name), path);
      else if (entry.isFile()) found.push({ path, bytes: (await stat(join(at, entry.name))).size });
    }
  }
}

async function textOf(root: string, path: string): Promise<string> {
  const { absolute } = await inside(root, path);
  const bytes = await readBytes(absolute).catch((problem: NodeJS.ErrnoException) => {
    throw new ToolError(
      'tool-failed',
      `${path} ${problem.code === 'ENOENT' ? 'is not there' : 'cannot be read as a file'}.`,
      { path },
    );
  });
  if (bytes.subarray(0, 8_000).includes(0)) throw new ToolError('tool-failed', `${path} is no text file.`, { path });
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** Patterns come from a model: they run in a worker, which is ended when one takes too long. */
const SEARCHER = `
const { parentPort, workerData } = require('node:worker_threads');
const pattern = new RegExp(workerData.source, workerData.flags);
parentPort.on('message', (text) => {
  const found = [];
  for (const [at, line] of text.split(/\\r?\\n/).entries()) if (pattern.test(line)) found.push([at + 1, line.slice(0, ${LINE_CHARS})]);
  parentPort.postMessage(found);
});`;

async function search(root: string, folder: string, source: string, flags: string, signal: AbortSignal) {
  try {
    new RegExp(source, flags);
  } catch (problem) {
    throw new ToolError(
      'tool-failed',
      `The pattern is no regular expression: ${(problem as Error).message}. To find it as it stands, give it as text.`,
    );
  }
  const worker = new Worker(SEARCHER, { eval: true, workerData: { source, flags } });
  const stop = AbortSignal.any([signal, AbortSignal.timeout(PATTERN_MS)]);
  const matches: { path: string; line: number; text: string }[] = [];
  try {
    for (const { path, bytes } of await filesBelow(root, folder)) {
      if (bytes > SEARCH_BYTES || (await isBinary(root, path))) continue;
      for (const [line, text] of await ask(worker, await textOf(root, path), stop)) {
        matches.push({ path, line, text });
        if (matches.length > MOST_MATCHES) {
          throw new ToolError(
            'tool-failed',
            `More than ${MOST_MATCHES} lines match. Search for more, or in a folder below.`,
          );
        }
      }
    }
    return matches;
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, text: string, stop: AbortSignal): Promise<[number, string][]> {
  const { promise, resolve, reject } = Promise.withResolvers<[number, string][]>();
  const onStop = () =>
    reject(
      new ToolError(
        'tool-failed',
        `The search took longer than ${PATTERN_MS / 1_000} s. Use a simpler pattern, or text.`,
      ),
    );
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(text);
  return promise.finally(() => {
    stop.removeEventListener('abort', onStop);
    worker.off('message', resolve);
    worker.off('error', reject);
  });
}

async function isBinary(root: string, path: string): Promise<boolean> {
  const { absolute } = await inside(root, path);
  const file = await open(absolute);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(8_000), 0, 8_000, 0);
    return buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await file.close();
  }
}
