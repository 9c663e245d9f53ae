/**
 * What a package brings along when it is installed: how many packages, how large, native parts, install scripts.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Installed {
  packages: string[];
  megabytes: number;
  /** Compiled parts (`*.node`), by package. */
  native: string[];
  /** Packages that run a script when they are installed. */
  scripts: string[];
}

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  scripts?: Record<string, string>;
}

/** Follows a package's dependencies and required peers through `node_modules`, as installed below `root`. */
export function installedWith(name: string, root: string): Installed {
  const found = new Map<string, Manifest>();
  const queue = [{ name, from: root }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const folder = locate(next.name, next.from);
    if (folder === undefined || found.has(folder)) continue;
    const manifest = manifestOf(folder);
    found.set(folder, manifest);
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
      (peer) => !manifest.peerDependenciesMeta?.[peer]?.optional,
    );
    for (const needed of [...Object.keys(manifest.dependencies ?? {}), ...peers]) {
      queue.push({ name: needed, from: folder });
    }
  }
  const entries = [...found];
  return {
    packages: entries.map(([, manifest]) => `${manifest.name}@${manifest.version}`).sort(),
    megabytes: entries.reduce((sum, [folder]) => sum + bytesOf(folder, isFile), 0) / 1e6,
    native: entries.filter(([folder]) => bytesOf(folder, isNative) > 0).map(([, { name: native = '' }]) => native),
    scripts: entries.filter(([, { scripts }]) => runsScript(scripts)).map(([, { name: scripted = '' }]) => scripted),
  };
}

export const versionOf = (name: string, root: string) => manifestOf(join(root, 'node_modules', name)).version ?? '';

/** As Node looks a package up: in `node_modules` of this folder, then of those above. */
function locate(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const isFile = () => true;
const isNative = (name: string) => name.endsWith('.node');

/** Bytes of a package's own files, without the packages nested in it. */
function bytesOf(folder: string, counts: (name: string) => boolean): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += bytesOf(path, counts);
    else if (entry.isFile() && counts(entry.name)) bytes += statSync(path).size;
  }
  return bytes;
}

const runsScript = (scripts: Record<string, string> = {}) =>
  ['preinstall', 'install', 'postinstall'].some((name) => scripts[name] !== undefined);
