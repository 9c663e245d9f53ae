/**
 * Packages that not everyone needs: imported on first use, from where `poact` runs or from its per-user folder.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PackageError } from './errors.ts';
import { makeFolder } from './folder.ts';
import { type EnvVars, userFolder } from './user-folder.ts';

/** Imports a package by resolution from its own folder, so that what is installed there is found. */
const LOADER = 'export const load = (name) => import(name);\n';

/** The per-user folder that {@link installPackage} installs into. */
export const packagesFolder = (env: EnvVars = process.env): string => join(userFolder(env), 'packages');

/**
 * Imports an optional package.
 *
 * @param name The package, or a part of one: `read-excel-file/node`.
 * @param why What needs it, the subject of the message's sentence: "A local model".
 * @throws {PackageError} it is not installed; the message has the command.
 */
export async function importPackage<T>(name: string, why: string, env: EnvVars = process.env): Promise<T> {
  const [owner = '', part = ''] = name.split('/');
  const installed = owner.startsWith('@') ? `${owner}/${part}` : owner;
  try {
    return (await import(name)) as T;
  } catch (problem) {
    if (!isMissing(problem, installed)) throw problem;
    const loader = join(packagesFolder(env), 'load.mjs');
    if (!existsSync(loader)) throw new PackageError(installed, why, problem);
    const { load } = (await import(pathToFileURL(loader).href)) as { load(name: string): Promise<T> };
    return await load(name).catch((second: unknown) => {
      throw isMissing(second, installed) ? new PackageError(installed, why, second) : second;
    });
  }
}

/** Installs an optional package into the per-user folder with the user's own `npm`. Ask the user first. */
export async function installPackage(specifier: string, env: EnvVars = process.env): Promise<void> {
  const folder = packagesFolder(env);
  makeFolder(folder);
  await writeFile(join(folder, 'load.mjs'), LOADER);
  if (!existsSync(join(folder, 'package.json'))) await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const { execFile } = await import('node:child_process');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await promisify(execFile)(npm, ['install', '--no-audit', '--no-fund', specifier], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
}

/** The package itself is not there, as against something that it imports. Vite puts a stand-in for an optional peer, which throws. */
function isMissing(problem: unknown, name: string): boolean {
  if (!(problem instanceof Error)) return false;
  if (problem.message.startsWith(`Could not resolve "${name}`)) return true;
  if (!('code' in problem)) return false;
  return (
    (problem.code === 'ERR_MODULE_NOT_FOUND' || problem.code === 'MODULE_NOT_FOUND') &&
    new RegExp(`['"\`]${name}['"\`/]`).test(problem.message)
  );
}
