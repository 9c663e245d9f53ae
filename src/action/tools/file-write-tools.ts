/**
 * Tools that change the files of one folder. Each change is atomic, shown as a diff before a person allows it, and can be
 * undone to the byte.
 *
 * @module
 */
import { chmod, lstat, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { lazily, makeFolder, sha256, ToolError, zod } from '../../record/index.ts';
import { type Tool, tool } from '../tool.ts';
import { inside, KEPT } from './inside.ts';
import { unifiedDiff } from './unified-diff.ts';

/** What {@link fileWriteTools} may be told. */
export interface FileWriteOptions {
  /** Where what is overwritten or deleted is kept for undo. @default .poact/undo in the root */
  keepIn?: string;
}

/** What undo needs of a change, in the log. */
const changeSchema = lazily((z) =>
  z.object({
    path: z.string(),
    /** Size after the change. */
    bytes: z.number(),
    /** SHA-256 of what is there after the change; null: nothing. */
    now: z.string().nullable(),
    /** SHA-256 and mode of what was there before; null: nothing. */
    before: z.object({ sha256: z.string(), mode: z.number() }).nullable(),
    /** Folders that were made. */
    folders: z.array(z.string()),
  }),
);
type Change = ReturnType<ReturnType<typeof changeSchema>['parse']>;

/**
 * `writeFile`, `appendFile`, `moveFile`, `deleteFile` and `makeFolder` in one folder, and nothing outside it. Undo puts back
 * bytes, modes and folders; it leaves as it is what somebody changed since, and says so (`tool-conflict`).
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: { ...fileReadTools('out'), ...fileWriteTools('out') } });
 * ```
 */
export function fileWriteTools(
  root: string,
  { keepIn = join(root, KEPT, 'undo') }: FileWriteOptions = {},
): { writeFile: Tool; appendFile: Tool; moveFile: Tool; deleteFile: Tool; makeFolder: Tool } {
  const z = zod();
  const put = async (path: string, make: (before: Buffer | undefined) => Buffer): Promise<Change> => {
    const { absolute, shown } = await inside(root, path);
    const before = await keep(absolute, shown, keepIn);
    const content = make(before?.content);
    const folders = await makeFolders(root, dirname(absolute));
    await replaceFile(absolute, content, before?.mode).catch(async (problem) => {
      await removeFolders(root, folders);
      throw problem;
    });
    return {
      path: shown,
      bytes: content.length,
      now: sha256(content),
      before: before === undefined ? null : { sha256: before.sha256, mode: before.mode },
      folders,
    };
  };
  const diffOf = async (path: string, make: (before: string | undefined) => string | undefined) => {
    const { absolute, shown } = await inside(root, path);
    const before = await readFile(absolute, 'utf8').catch(() => undefined);
    return unifiedDiff(shown, before, make(before)) || `${shown}: no change`;
  };
  const shipped = { effect: 'reversible', origin: 'shipped', idempotentUndo: true } as const;
  const common = { output: changeSchema(), ...shipped };
  const undo = (_args: unknown, change: Change) => restore(root, change, keepIn);

  return {
    writeFile: tool({
      ...common,
      description: 'Writes a text file, in place of what was there',
      input: z.object({ path: z.string(), content: z.string() }),
      run: ({ path, content }) => put(path, () => Buffer.from(content)),
      undo,
      preview: ({ path, content }) => diffOf(path, () => content),
    }),
    appendFile: tool({
      ...common,
      description: 'Adds text to the end of a file, which is made if it is not there',
      input: z.object({ path: z.string(), content: z.string() }),
      run: ({ path, content }) =>
        put(path, (before) => Buffer.concat([before ?? Buffer.alloc(0), Buffer.from(content)])),
      undo,
      preview: ({ path, content }) => diffOf(path, (before = '') => before + content),
    }),
    deleteFile: tool({
      ...common,
      description: 'Deletes one file',
      input: z.object({ path: z.string() }),
      run: async ({ path }) => {
        const { absolute, shown } = await inside(root, path);
        const before = await keep(absolute, shown, keepIn);
        if (before === undefined) throw new ToolError('tool-refused', `${path} is not there.`, { path });
        await rm(absolute);
        return { path: shown, bytes: 0, now: null, before: { sha256: before.sha256, mode: before.mode }, folders: [] };
      },
      undo,
      preview: ({ path }) => diffOf(path, () => undefined),
    }),
    moveFile: tool({
      description: 'Moves or renames one file; nothing may be at the new place',
      input: z.object({ from: z.string(), to: z.string() }),
      output: z.object({ from: z.string(), to: z.string(), now: z.string(), folders: z.array(z.string()) }),
      ...shipped,
      run: async ({ from, to }) => {
        const [source, target] = [await inside(root, from), await inside(root, to)];
        const now = await contentAt(source.absolute);
        if (now === null || now === OTHER)
          throw new ToolError('tool-refused', `${from} is not there, or is no file.`, { path: from });
        if ((await contentAt(target.absolute)) !== null)
          throw new ToolError('tool-refused', `Something is at ${to} already.`, { path: to });
        const folders = await makeFolders(root, dirname(target.absolute));
        await rename(source.absolute, target.absolute);
        return { from: source.shown, to: target.shown, now, folders };
      },
      undo: async (_args, { from, to, now, folders }) => {
        const [source, target] = [await inside(root, from), await inside(root, to)];
        const [here, there] = [await contentAt(source.absolute), await contentAt(target.absolute)];
        // Undo that broke off after its work is done is asked again.
        if (here !== now || there !== null) {
          if (here !== null) throw changed(from);
          if (there !== now) throw changed(to);
          makeFolder(dirname(source.absolute));
          await rename(target.absolute, source.absolute);
        }
        await removeFolders(root, folders);
      },
      preview: ({ from, to }) => `${from} → ${to}`,
    }),
    makeFolder: tool({
      ...shipped,
      description: 'Makes a folder, and those above it',
      input: z.object({ path: z.string() }),
      output: z.object({ path: z.string(), folders: z.array(z.string()) }),
      run: async ({ path }) => {
        const { absolute, shown } = await inside(root, path);
        const there = await lstat(absolute).catch(() => undefined);
        if (there !== undefined && !there.isDirectory())
          throw new ToolError('tool-refused', `A file is at ${path} already.`, { path });
        return { path: shown, folders: await makeFolders(root, absolute) };
      },
      undo: async (_args, { folders }) => {
        await requireEmpty(root, folders);
        await removeFolders(root, folders);
      },
      preview: ({ path }) => `${path}/`,
    }),
  };
}

interface Before {
  content: Buffer;
  sha256: string;
  mode: number;
}

/** Keeps what is there, by content, so that undo finds it; the file system's copy comes before the change. */
async function keep(absolute: string, shown: string, keepIn: string): Promise<Before | undefined> {
  const facts = await lstat(absolute).catch(() => undefined);
  if (facts === undefined) return undefined;
  if (!facts.isFile()) throw new ToolError('tool-refused', `${shown || '.'} is no file.`, { path: shown });
  const content = await readFile(absolute);
  const name = sha256(content);
  makeFolder(keepIn);
  await replaceFile(join(keepIn, name), content);
  return { content, sha256: name, mode: facts.mode & 0o7777 };
}

async function restore(root: string, { path, now, before, folders }: Change, keepIn: string): Promise<void> {
  const { absolute } = await inside(root, path);
  const there = await contentAt(absolute);
  // Undo that broke off after its work is done is asked again.
  if (there !== (before?.sha256 ?? null)) {
    if (there !== now) throw changed(path);
    if (before === null) await rm(absolute);
    else {
      const content = await readFile(join(keepIn, before.sha256)).catch(() => {
        throw new ToolError('tool-failed', `What was in ${path} is no longer kept in ${keepIn}.`, { path });
      });
      makeFolder(dirname(absolute));
      await replaceFile(absolute, content, before.mode);
    }
  }
  await removeFolders(root, folders);
}

let writes = 0;

/** Writes beside the place and moves there: a reader sees the old file or the new one, never a part. */
async function replaceFile(absolute: string, content: Uint8Array, mode?: number): Promise<void> {
  const beside = join(dirname(absolute), `.poact-${process.pid}-${writes++}.part`);
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(beside, mode);
    await rename(beside, absolute);
  } catch (problem) {
    await rm(beside, { force: true });
    throw problem;
  }
}

/** Makes a folder and those above it, and says which were made, the deepest first. */
async function makeFolders(root: string, absolute: string): Promise<string[]> {
  const first = makeFolder(absolute);
  if (first === undefined) return [];
  const { absolute: top } = await inside(root, '.');
  const made: string[] = [];
  for (let folder = absolute; ; folder = dirname(folder)) {
    made.push(relative(top, folder).split(sep).join('/'));
    if (folder === first) return made;
  }
}

/** Takes away folders that were made, unless something is in them by now. */
async function removeFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const { absolute } = await inside(root, folder);
    await rmdir(absolute).catch(() => {});
  }
}

/** @throws {ToolError} `tool-conflict`: something came into folders that were made, the deepest first. */
async function requireEmpty(root: string, folders: readonly string[]): Promise<void> {
  let gone: string | undefined;
  for (const folder of folders) {
    const { absolute } = await inside(root, folder);
    const held = await readdir(absolute).catch(() => []);
    if (held.some((name) => name !== gone)) throw changed(folder);
    gone = basename(absolute);
  }
}

const OTHER = 'no file';

/** SHA-256 of a file's content; null where nothing is. */
async function contentAt(absolute: string): Promise<string | null> {
  const facts = await lstat(absolute).catch(() => undefined);
  if (facts === undefined) return null;
  return facts.isFile() ? sha256(await readFile(absolute)) : OTHER;
}

const changed = (path: string) =>
  new ToolError('tool-conflict', `${path} was changed since; it is left as it is.`, { path });
