/**
 * Tools that change the files of one folder. Each change is atomic, shown as a diff before a person allows it, and can be
 * undone to the byte.
 *
 * @module
 */
import { chmod, lstat, mkdir, open, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { lazily, sha256, ToolError, zod } from '../../record/index.ts';
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
 * `writeFile`, `appendFile`, `moveFile` and `deleteFile` in one folder, and nothing outside it.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools: { ...fileReadTools('out'), ...fileWriteTools('out') } });
 * ```
 */
export function fileWriteTools(
  root: string,
  { keepIn = join(root, KEPT, 'undo') }: FileWriteOptions = {},
): { writeFile: Tool; appendFile: Tool; moveFile: Tool; deleteFile: Tool } {
  const z = zod();
  const put = async (path: string, make: (before: Buffer | undefined) => Buffer): Promise<Change> => {
    const { absolute, shown } = await inside(root, path);
    const before = await keep(absolute, shown, keepIn);
    const content = make(before?.content);
    const folders = await makeFolders(root, absolute);
    await replaceFile(absolute, content, before?.mode);
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
  const common = { output: changeSchema(), effect: 'reversible', origin: 'shipped' } as const;
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
        if (before === undefined) throw new ToolError('tool-failed', `${path} is not there.`, { path });
        await rm(absolute);
        return { path: shown, bytes: 0, now: null, before: { sha256: before.sha256, mode: before.mode }, folders: [] };
      },
      undo,
      preview: ({ path }) => diffOf(path, () => undefined),
    }),
    moveFile: tool({
      description: 'Moves or renames one file; nothing may be at the new place',
      input: z.object({ from: z.string(), to: z.string() }),
      output: z.object({ from: z.string(), to: z.string(), folders: z.array(z.string()) }),
      effect: 'reversible',
      origin: 'shipped',
      run: async ({ from, to }) => {
        const [source, target] = [await inside(root, from), await inside(root, to)];
        if (!(await isFile(source.absolute)))
          throw new ToolError('tool-failed', `${from} is not there, or is no file.`, { path: from });
        await requireFree(target.absolute, to);
        const folders = await makeFolders(root, target.absolute);
        await rename(source.absolute, target.absolute);
        return { from: source.shown, to: target.shown, folders };
      },
      undo: async (_args, { from, to, folders }) => {
        const [source, target] = [await inside(root, from), await inside(root, to)];
        if (!(await isFile(target.absolute)))
          throw new ToolError('tool-failed', `${to} is no longer there.`, { path: to });
        await requireFree(source.absolute, from);
        await mkdir(dirname(source.absolute), { recursive: true });
        await rename(target.absolute, source.absolute);
        await removeFolders(root, folders);
      },
      preview: ({ from, to }) => `${from} → ${to}`,
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
  if (!facts.isFile()) throw new ToolError('tool-failed', `${shown || '.'} is no file.`, { path: shown });
  const content = await readFile(absolute);
  const name = sha256(content);
  await mkdir(keepIn, { recursive: true });
  await replaceFile(join(keepIn, name), content);
  return { content, sha256: name, mode: facts.mode & 0o7777 };
}

async function restore(root: string, { path, now, before, folders }: Change, keepIn: string): Promise<void> {
  const { absolute } = await inside(root, path);
  const there = await readFile(absolute).catch(() => undefined);
  const there256 = there === undefined ? null : sha256(there);
  // Undo that broke off after its work is done is asked again.
  if (there256 !== (before?.sha256 ?? null)) {
    if (there256 !== now)
      throw new ToolError('tool-failed', `${path} was changed since; it is left as it is.`, { path });
    if (before === null) await rm(absolute);
    else {
      const content = await readFile(join(keepIn, before.sha256)).catch(() => {
        throw new ToolError('tool-failed', `What was in ${path} is no longer kept in ${keepIn}.`, { path });
      });
      await mkdir(dirname(absolute), { recursive: true });
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

/** Makes the folders a file needs, and says which were made. */
async function makeFolders(root: string, absolute: string): Promise<string[]> {
  const first = await mkdir(dirname(absolute), { recursive: true });
  if (first === undefined) return [];
  const { absolute: top } = await inside(root, '.');
  const made: string[] = [];
  for (let folder = dirname(absolute); ; folder = dirname(folder)) {
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

async function requireFree(absolute: string, path: string): Promise<void> {
  const there = await lstat(absolute).catch(() => undefined);
  if (there !== undefined) throw new ToolError('tool-failed', `Something is at ${path} already.`, { path });
}

const isFile = (absolute: string) =>
  stat(absolute).then(
    (facts) => facts.isFile(),
    () => false,
  );
