/**
 * What `npm install poact` brings: the package is built, packed and installed without optional parts into an empty folder.
 *
 * `node bench/install-size.ts [--json]`
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedWith } from './packages.ts';
import { type Measured, printRows } from './rows.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Packs the package and installs it alone; gives the folder it was installed in. */
export function installPacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'poact-installed-'));
  const npm = (args: string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  npm(['run', 'build', '--silent'], ROOT);
  const [packed] = JSON.parse(npm(['pack', '--json', '--silent', '--pack-destination', folder], ROOT)) as [
    { filename: string },
  ];
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const quiet = ['--no-audit', '--no-fund', '--silent'];
  npm(['install', ...quiet, '--omit=dev', '--omit=optional', '--omit=peer', `./${packed.filename}`], folder);
  return folder;
}

export function measureInstall(folder: string): Measured[] {
  const { packages, megabytes, native, scripts } = installedWith('poact', folder);
  const few = (what: string, names: string[]): Measured => ({
    what,
    value: names.length,
    unit: '',
    goal: 'none',
    holds: names.length === 0,
    how: names.join(', '),
  });
  return [
    { what: 'install, size', value: megabytes, unit: 'MB', goal: '≤ 40 MB', holds: megabytes <= 40 },
    {
      what: 'install, packages',
      value: packages.length,
      unit: '',
      goal: '≤ 15',
      holds: packages.length <= 15,
      how: packages.join(', '),
    },
    few('install, packages with native parts', native),
    few('install, packages with install scripts', scripts),
  ];
}

if (import.meta.main) printRows(measureInstall(installPacked()));
