/**
 * One command in a shell that is interpreted, on files in memory.
 *
 * @module
 */
import { importPackage } from '../../record/index.ts';
import { refuse } from '../refuse.ts';

/** What stands in a file: its text, or what is no text in Base64; or the file that a link leads to. */
export type FileContent = string | { base64: string } | { link: string };

/** A file or a folder of a working copy. */
export interface Entry {
  path: string;
  folder?: boolean;
  content?: FileContent;
}

export interface ShellResult {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** What is there afterwards. */
  left: Entry[];
  /** Where the shell is afterwards. */
  at: string;
}

const ROOT = '/copy';
/** The time of files that no command of this call wrote, and of `date`: a world does not tell the time of the machine. */
const EPOCH = new Date('2026-01-01T00:00:00Z');
/** What a command may take, so that none goes on for ever. */
const LIMITS = {
  maxExecutionTimeMs: 20_000,
  maxOutputSize: 1_000_000,
  maxLoopIterations: 10_000,
  maxCommandCount: 20_000,
};
/** Of all that it has, those that wait, tell the time, or start an engine of their own are left out. */
const LEFT_OUT = new Set(['sleep', 'timeout', 'time', 'date', 'sqlite3', 'html-to-markdown', 'history', 'clear']);

/** Runs a command. What it changes is in the result alone. */
export async function runShell(
  entries: readonly Entry[],
  at: string,
  command: string,
  bytes: number,
): Promise<ShellResult> {
  const { Bash, InMemoryFs, defineCommand, getCommandNames } = await importPackage<typeof import('just-bash')>(
    'just-bash',
    'A shell',
  );
  const fs = new InMemoryFs();
  await fs.mkdir(ROOT);
  for (const { path, folder } of entries) if (folder) await fs.mkdir(`${ROOT}/${path}`, { recursive: true });
  for (const { path, content } of entries) {
    const place = `${ROOT}/${path}`;
    if (content === undefined) continue;
    if (typeof content === 'object' && 'link' in content) await fs.symlink(content.link, place);
    else {
      await fs.writeFile(place, typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'));
      await fs.utimes(place, EPOCH, EPOCH);
    }
  }
  const date = defineCommand('date', async () => ({ stdout: `${EPOCH.toUTCString()}\n`, stderr: '', exitCode: 0 }));
  const shell = new Bash({
    fs,
    cwd: `${ROOT}/${at}`.replace(/\/$/, ''),
    commands: getCommandNames().filter((name) => !LEFT_OUT.has(name)) as never,
    customCommands: [date],
    executionLimits: { ...LIMITS, maxFileSystemBytes: 4 * bytes },
  });
  const { stdout, stderr, exitCode, env } = await shell.exec(command).catch((problem: Error) => {
    refuse(`The command could not be run: ${problem.message}`);
  });
  const left: Entry[] = [];
  for (const place of fs.getAllPaths()) {
    if (!place.startsWith(`${ROOT}/`)) continue;
    const path = place.slice(ROOT.length + 1);
    const { isDirectory, isSymbolicLink } = await fs.lstat(place);
    if (isSymbolicLink) left.push({ path, content: { link: await fs.readlink(place) } });
    else if (isDirectory) left.push({ path, folder: true });
    else left.push({ path, content: contentOf(await fs.readFileBuffer(place)) });
  }
  const there = env.PWD ?? ROOT;
  const inside = there.startsWith(`${ROOT}/`) && left.some(({ path, folder }) => folder && there === `${ROOT}/${path}`);
  return { stdout, stderr, exitCode, left, at: inside ? there.slice(ROOT.length + 1) : '' };
}

function contentOf(bytes: Uint8Array): FileContent {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}
