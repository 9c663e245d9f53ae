/**
 * `npm run bench`: measures what needs no model, and writes `bench/results.md`: figures, machine, versions, date, and beside
 * them, in the same run, the rivals where they are installed.
 *
 * `npm run bench -- [--quick] [--rivals] [--only loop,check-time,sandbox,eval,install,rivals]`; `--rivals` installs them first.
 * The measurements with a model are scripts of their own: `bench/m3tooleval/run.ts` and `bench/files/run.ts`.
 *
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { importMs } from './import-time.ts';
import { installPacked, measureInstall } from './install-size.ts';
import { type LoopFigures, measureLoops } from './loop.ts';
import { machineLine } from './machine.ts';
import { measureRivals, RIVALS_FOLDER } from './rivals.ts';
import { figure, type Measured, rowsTable, table } from './rows.ts';

const BENCH = fileURLToPath(new URL('.', import.meta.url));
const RESULTS = join(BENCH, 'results.md');
/** Most that importing the package may cost over an empty process. */
const IMPORT_MS = 60;

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rivals: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const only = asked.only?.split(',');
const wanted = (part: string) => only === undefined || only.includes(part);

if (asked.rivals) installRivals();
const sections: [title: string, text: string][] = [];
if (wanted('loop')) sections.push(['Loop', loopTable()]);
for (const [part, title] of [
  ['check-time', 'Type check of a new program'],
  ['sandbox', 'Sandbox'],
  ['eval', 'Experiments'],
] as const) {
  if (wanted(part)) sections.push([title, runScript(part)]);
}

const folder = wanted('install') || wanted('rivals') ? installPacked() : undefined;
try {
  if (wanted('install') && folder !== undefined) {
    sections.push(['Import and install', rowsTable([importRow(folder), ...measureInstall(folder)])]);
  }
  if (wanted('rivals') && existsSync(join(RIVALS_FOLDER, 'node_modules'))) {
    sections.push(['Beside others', measureRivals({ poactFolder: folder, quick: asked.quick })]);
  }
} finally {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

const text = [head(), ...sections.map(([title, body]) => `## ${title}\n\n${body}\n`)].join('\n');
process.stdout.write(`${text}\n`);
// A partial run is printed and not kept: the file always holds one whole run.
if (only === undefined && !asked.quick) writeFileSync(RESULTS, text);

/** Runs a script in a process of its own, so that no measurement warms another; gives what it printed. */
function runScript(part: string): string {
  const script = join(BENCH, `${part}.ts`);
  if (!existsSync(script)) return `No \`bench/${part}.ts\`.`;
  process.stderr.write(`${part} …\n`);
  const args = [script, ...(asked.quick ? ['--quick'] : [])];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 900_000 });
  return status === 0 ? stdout.trim() : `Failed:\n\n\`\`\`\n${(stderr || stdout).trim().slice(-2_000)}\n\`\`\``;
}

/** One row a case, each measured in a process of its own by `bench/loop.ts`. */
function loopTable(): string {
  process.stderr.write('loop …\n');
  const rows = asked.quick ? quickLoops() : measureLoops();
  const [first] = rows;
  if (first === undefined) return '';
  const body = rows.map((row) =>
    Object.values(row).map((cell) => (typeof cell === 'number' ? figure(cell) : String(cell))),
  );
  return `Each step is one call of a tool that does nothing.\n\n${table(Object.keys(first).map(inWords), body)}`;
}

function quickLoops(): LoopFigures[] {
  return ['memory', 'sqlite'].map((store) => {
    const said = execFileSync(process.execPath, [join(BENCH, 'loop.ts'), store, '200'], { encoding: 'utf8' });
    return JSON.parse(said) as LoopFigures;
  });
}

/** `stepsPerSecond` as `steps per second`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function importRow(folder: string): Measured {
  const value = importMs('poact', folder, asked.quick ? 5 : 21);
  return {
    what: 'import of `poact`, over an empty process',
    value,
    unit: 'ms',
    goal: `≤ ${IMPORT_MS} ms`,
    holds: value <= IMPORT_MS,
    how: 'as installed from the packed tarball; median difference',
  };
}

function installRivals(): void {
  process.stderr.write('Installing the rivals into bench/rivals …\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: RIVALS_FOLDER, stdio: 'inherit' });
}

function head(): string {
  const { version } = JSON.parse(readFileSync(join(BENCH, '../package.json'), 'utf8')) as { version: string };
  return `# Results\n\nWritten by \`npm run bench\` on ${machineLine()}; poact ${version}.\n`;
}
