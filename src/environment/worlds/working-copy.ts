/**
 * Files and a shell: a working copy in memory. Its shell is an interpreter (`just-bash`), not a process: it sees the copy and
 * nothing else of the machine, no network and no other program, so acts can be tried, forked and taken back.
 *
 * @module
 */
import { type Json, type JsonSchema, OptionError } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld, type Step } from '../ruled-world.ts';
import { type Entry, type FileContent, runShell } from './working-copy-shell.ts';

/** Files by their path in the working copy: `src/main.ts`. */
export interface Files {
  [path: string]: FileContent;
}

/** The state of the world, and its snapshots. */
export interface WorkingCopyState {
  files: Files;
  /** Folders, also those that hold nothing. */
  folders: string[];
  /** Where the shell is; empty for the working copy's own folder. */
  at: string;
}

/** What {@link workingCopy} is built from. */
export interface WorkingCopyOptions {
  /** What each task begins with, by its name; a function is given the seed. */
  tasks: { readonly [task: string]: Files | ((seed: number) => Files) };
  /** Offers `shell`; the package `just-bash` is needed. @default true */
  shell?: boolean;
  /** Largest working copy, in bytes. @default 16_000_000 */
  bytes?: number;
}

const TEXT = { type: 'string' };
const PATH = { ...TEXT, description: 'In the working copy: src/main.ts' };
const inputOf = (properties: { [name: string]: JsonSchema }): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

const FILE_ACTS: { readonly [name: string]: ActKind } = {
  listFiles: {
    description: 'Paths of all files in the working copy, sorted.',
    input: { type: 'object', properties: {} },
    output: { type: 'array', items: TEXT },
    effect: 'read',
  },
  readFile: { description: 'The text of a file.', input: inputOf({ path: PATH }), output: TEXT, effect: 'read' },
  writeFile: {
    description: 'Writes a file whole, and the folders above it.',
    input: inputOf({ path: PATH, text: TEXT }),
    effect: 'reversible',
  },
  moveFile: {
    description: 'Moves a file to a path where there is none.',
    input: inputOf({ from: PATH, to: PATH }),
    effect: 'reversible',
  },
  deleteFile: { description: 'Deletes a file.', input: inputOf({ path: PATH }), effect: 'reversible' },
};
const SHELL: ActKind = {
  description:
    'Runs a command in bash, in the working copy: ls, cat, grep, sed, awk, find, sort, jq. There is no network.',
  input: inputOf({ command: TEXT }),
  output: {
    type: 'object',
    properties: { stdout: TEXT, stderr: TEXT, exitCode: { type: 'integer' } },
    required: ['stdout', 'stderr', 'exitCode'],
  },
  effect: 'reversible',
};

/**
 * A world of files. A path may not lead out of the working copy. Modes and times of files are not kept.
 *
 * @throws {OptionError} there is no task, or `bytes` is not above 0.
 * @throws {PackageError} on the first `shell`: `just-bash` is not installed.
 * @example
 * ```ts
 * import { workingCopy } from 'poact/environment';
 *
 * const world = workingCopy({ tasks: { tidy: { 'notes/a.txt': 'one\ntwo\n', 'b.tmp': '' } } });
 * await world.reset({ task: 'tidy', seed: 1 });
 * await world.act({ name: 'shell', args: { command: 'rm *.tmp && wc -l notes/a.txt' } });
 * ```
 */
export function workingCopy(options: WorkingCopyOptions): SnapshotEnvironment {
  const { tasks, shell = true, bytes = 16_000_000 } = options;
  const names = Object.keys(tasks);
  if (names.length === 0) throw new OptionError('tasks', 'give at least one task with its files.');
  if (!(bytes > 0)) throw new OptionError('bytes', `expected more than 0, got ${bytes}.`);
  return ruledWorld<WorkingCopyState>({
    name: 'working copy',
    acts: shell ? { ...FILE_ACTS, shell: SHELL } : FILE_ACTS,
    begin({ task, seed }) {
      const given = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
      if (given === undefined) {
        throw new OptionError('task', `there is no task "${task}". There are: ${names.join(', ')}.`);
      }
      const files = typeof given === 'function' ? given(seed) : given;
      return within(bytes, stateOf(Object.entries(files).map(([path, content]) => [inside(path), content])));
    },
    look: ({ files }) => Object.keys(files),
    async step(state, { name, args }) {
      const given = args as { [name: string]: string };
      if (name === 'shell') return shelled(state, given.command ?? '', bytes);
      const { state: next, observation } = fileStep(state, name, given);
      return { state: within(bytes, next), observation };
    },
    legal: ({ files }) =>
      Object.entries(files).flatMap(([path, content]): Act[] => [
        ...(typeof content === 'string' ? [read(path)] : []),
        remove(path),
      ]),
  });
}

const read = (path: string): Act => ({ name: 'readFile', args: { path } });
const remove = (path: string): Act => ({ name: 'deleteFile', args: { path } });

function fileStep(
  state: WorkingCopyState,
  name: string,
  { path = '', text = '', from = '', to = '' }: { [name: string]: string },
): Step<WorkingCopyState> {
  const { files, folders } = state;
  if (name === 'listFiles') return { state, observation: Object.keys(files) };
  if (name === 'readFile') return { state, observation: textOf(state, path) };
  if (name === 'writeFile') {
    const place = freePlace(state, path);
    return { state: withFiles(state, { ...files, [place]: text }), observation: `Written: ${place}` };
  }
  const source = inside(name === 'moveFile' ? from : path);
  const content = contentOf(state, source);
  const { [source]: _gone, ...left } = files;
  if (name === 'deleteFile') return { state: { ...state, files: left }, observation: `Deleted: ${source}` };
  const place = freePlace({ ...state, files: left }, to);
  if (Object.hasOwn(files, place)) refuse(`There is a file ${place} already.`);
  return {
    state: withFiles({ ...state, folders }, { ...left, [place]: content }),
    observation: `Moved: ${source} to ${place}`,
  };
}

/** A path in its shortest form, within the working copy. */
function inside(path: string): string {
  const parts: string[] = [];
  for (const part of path.replace(/^\.\//, '').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) refuse(`The path ${JSON.stringify(path)} leads out of the working copy.`);
  }
  if (path.startsWith('/') || path.includes('\0') || parts.length === 0) {
    refuse(`${JSON.stringify(path)} is no path of a file in the working copy. Give one like notes/a.txt`);
  }
  return parts.join('/');
}

/** A path for a file: no folder is there, and no file is in its way. */
function freePlace({ files, folders }: WorkingCopyState, path: string): string {
  const place = inside(path);
  if (folders.includes(place)) refuse(`${place} is a folder.`);
  const inTheWay = foldersAbove(place).find((folder) => Object.hasOwn(files, folder));
  if (inTheWay !== undefined) refuse(`${inTheWay} is a file, and no folder.`);
  return place;
}

function contentOf({ files }: WorkingCopyState, path: string): FileContent {
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) refuse(`There is no file ${path}.`);
  return content;
}

const MOST_LINKS = 8;

function textOf(state: WorkingCopyState, path: string): string {
  let place = inside(path);
  for (let followed = 0; followed < MOST_LINKS; followed++) {
    const content = contentOf(state, place);
    if (typeof content === 'string') return content;
    if ('base64' in content) refuse(`${place} is no text.`);
    const { link } = content;
    if (link.startsWith('/')) refuse(`${place} leads out of the working copy.`);
    place = inside([...place.split('/').slice(0, -1), link].join('/'));
  }
  refuse(`${path} is a link that leads to itself.`);
}

const foldersAbove = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
};

/** Sorted, so that the same files are the same state whatever came first. */
function stateOf(files: Iterable<[string, FileContent]>, folders: Iterable<string> = [], at = ''): WorkingCopyState {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const above = sorted.flatMap(([path]) => foldersAbove(path));
  return { files: Object.fromEntries(sorted), folders: [...new Set([...folders, ...above])].sort(), at };
}

const withFiles = ({ folders, at }: WorkingCopyState, files: Files) => stateOf(Object.entries(files), folders, at);

function within(bytes: number, state: WorkingCopyState): WorkingCopyState {
  let size = 0;
  for (const [path, content] of Object.entries(state.files)) {
    size += path.length + (typeof content === 'string' ? Buffer.byteLength(content) : JSON.stringify(content).length);
  }
  if (size > bytes) refuse(`The working copy would have ${size} bytes; ${bytes} are the most.`);
  return state;
}

async function shelled(state: WorkingCopyState, command: string, bytes: number): Promise<Step<WorkingCopyState>> {
  const entries: Entry[] = [
    ...state.folders.map((path): Entry => ({ path, folder: true })),
    ...Object.entries(state.files).map(([path, content]): Entry => ({ path, content })),
  ];
  const { left, at, ...shown } = await runShell(entries, state.at, command, bytes);
  const files = left.flatMap(({ path, content }): [string, FileContent][] =>
    content === undefined ? [] : [[path, content]],
  );
  const folders = left.flatMap(({ path, folder }) => (folder ? [path] : []));
  return { state: within(bytes, stateOf(files, folders, at)), observation: shown as unknown as Json };
}
