/**
 * Puts the modules of each room into one file, for the package: a process that imports it opens a dozen files instead of
 * a hundred and sixty, which is most of what importing costs.
 *
 * What arrives on first use, and the entries of workers, stay files of their own, in the folders they were in, so that
 * addresses relative to a module hold.
 *
 * Run: `node build/bundle.ts <compiled> <dist>`.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const [compiled, dist] = process.argv.slice(2).map((path) => resolve(path)) as [string, string];

const faces = globSync('*/index.js', { cwd: compiled });
const workers = globSync('**/*worker.js', { cwd: compiled });
const entries = ['index.js', 'serve/main.js', ...faces, ...workers];

/** Modules that are loaded with a room; the command line is a program, and loads each command when it is given. */
const eager = new Set<string>();
for (const face of faces) if (!face.startsWith('serve/')) visit(join(compiled, face));

function visit(path: string): void {
  if (eager.has(path)) return;
  eager.add(path);
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)\s[^;]*?from\s+['"](\.[^'"]+)['"]/gm,
  )) {
    visit(resolve(dirname(path), name));
  }
}

/** Folders with a module that says where something lies from where it lies itself. */
const fixed = new Set([...eager].filter((path) => readFileSync(path, 'utf8').includes('import.meta.url')).map(dirname));

/**
 * The folder of the file that a module goes into: its room's, or the nearest above it that is fixed. A file for each folder
 * would have those of one room import each other in a circle, and begin with values that are not there yet.
 */
function folderOf(path: string): string {
  let folder = dirname(path);
  while (relative(compiled, folder).includes('/') && !fixed.has(folder)) folder = dirname(folder);
  return folder;
}

const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [entry.replace(/\.js$/, ''), join(compiled, entry)])),
  external: (id) => !/^[./\0]/.test(id),
  platform: 'node',
  preserveEntrySignatures: 'allow-extension',
  logLevel: 'warn',
  // A command is imported late; what it shares with a room is there by then.
  checks: { ineffectiveDynamicImport: false },
});
await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: ({ name, moduleIds }) => {
    if (name.endsWith('/room')) return '[name].js';
    const last = moduleIds.findLast((id) => id.startsWith(compiled)) ?? join(compiled, 'index.js');
    return join(relative(compiled, dirname(last)), '[name].js');
  },
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { debugName: 'rooms', name: (id) => (eager.has(id) ? join(relative(compiled, folderOf(id)), 'room') : null) },
    ],
  },
});
