import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { viewOf } from '../record/index.ts';
import { FAILPOINTS } from '../testing/index.ts';
import { effectsOf } from './effects.ts';
import { sqliteStore } from './sqlite-store.ts';

const POINTS = ['undo.begun', 'undo.before', 'undo.after', 'append.before', 'append.after'] as const;
/** Processes at a time. */
const AT_ONCE = 2;

const script = fileURLToPath(new URL('./fixtures/undone-agent.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-undo-kill-'));
const base = join(folder, 'base');
const killed: { [point: string]: number } = {};
let before = '';
let passed: { [point: string]: number } = {};

interface Said {
  status: string;
  run?: string;
  passed?: { [point: string]: number };
}

/** One process; killed by itself at a failpoint. */
function live(at: string, what: 'run' | 'undo', failpoint = ''): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, POACT_FAILPOINT: failpoint };
    const child = spawn(process.execPath, ['--no-warnings', script, at, what], { env });
    let out = '';
    let problem = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      problem += data;
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(undefined);
      else if (code === 0) resolve(JSON.parse(out) as Said);
      else reject(new Error(`The process of ${at} ended with ${code ?? signal}: ${problem}`));
    });
  });
}

/** Files, values and rows, to the byte. What was ordered is not taken back but cancelled. */
function dump(at: string): string {
  const lines: string[] = [];
  for (const name of readdirSync(join(at, 'out'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.startsWith('.poact')) continue;
    const path = join(at, 'out', name);
    const facts = statSync(path);
    lines.push(`${name} ${facts.mode.toString(8)} ${facts.isFile() ? readFileSync(path).toString('hex') : ''}`);
  }
  for (const [file, query] of [
    ['shop.db', 'SELECT rowid, id, quote(name), quote(raw) FROM items'],
    ['shop.db', 'SELECT * FROM sqlite_sequence'],
    ['values.db', 'SELECT * FROM poact_values'],
  ] as const) {
    const db = new DatabaseSync(join(at, file));
    lines.push(JSON.stringify(db.prepare(query).all()));
    db.close();
  }
  return lines.join('\n');
}

beforeAll(async () => {
  mkdirSync(join(base, 'out'), { recursive: true });
  writeFileSync(join(base, 'out/a.txt'), 'first\r\n', { mode: 0o640 });
  writeFileSync(join(base, 'out/b.bin'), new Uint8Array([0, 255, 128]));
  const db = new DatabaseSync(join(base, 'shop.db'));
  db.exec(`CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, raw BLOB);
    INSERT INTO items VALUES (1, 'lamp', X'00FF');`);
  db.close();
  const values = new DatabaseSync(join(base, 'values.db'));
  values.exec('CREATE TABLE poact_values (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  values.close();
  before = dump(base);
  expect(await live(base, 'run')).toMatchObject({ status: 'answered' });
  expect(dump(base)).not.toBe(before);
  const whole = join(folder, 'whole');
  cpSync(base, whole, { recursive: true });
  const said = await live(whole, 'undo');
  expect(said).toMatchObject({ status: 'undone', run: 'stopped' });
  expect(dump(whole)).toBe(before);
  passed = said?.passed ?? {};
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  const points = Object.entries(killed).map(([point, times]) => `${point} ${times}`);
  console.log(`Killed inside undo and resumed: ${points.join(' · ')}.`);
});

it('comes to the same world, each effect taken back once, after a kill at every failpoint inside an undo', async () => {
  const works: (() => Promise<void>)[] = [];
  for (const point of POINTS) {
    expect(FAILPOINTS).toContain(point);
    expect(passed[point], point).toBeGreaterThan(0);
    // Before and after the same transaction are near each other: of those, every other one.
    const [first, every] = point === 'append.before' ? [1, 2] : point === 'append.after' ? [2, 2] : [1, 1];
    for (let n = first; n <= (passed[point] ?? 0); n += every) {
      works.push(async () => {
        const name = `${point}-${n}`;
        const at = join(folder, name);
        cpSync(base, at, { recursive: true });
        expect(await live(at, 'undo', `${point}:${n}`), name).toBeUndefined();
        killed[point] = (killed[point] ?? 0) + 1;
        // Every third is killed once more on its way.
        if (n % 3 === 0) await live(at, 'undo', 'append.after:2');
        expect(await live(at, 'undo'), name).toMatchObject({ status: 'undone', run: 'stopped' });
        expect(dump(at), name).toBe(before);
        const orders = readFileSync(join(at, 'orders'), 'utf8').trim().split('\n');
        expect(
          orders.filter((line) => line.startsWith('cancel')),
          name,
        ).toHaveLength(2);
        expect(new Set(orders).size, name).toBe(4);
        const store = sqliteStore(join(at, 'runs.db'));
        const log = await store.read('undone');
        await store.close();
        expect(log.map(({ seq }) => seq)).toEqual(log.map((_, seq) => seq));
        expect(
          log.filter(({ kind }) => kind === 'undo'),
          name,
        ).toHaveLength(1);
        expect(effectsOf(viewOf('undone', log)).standing, name).toEqual({
          reversible: 0,
          compensable: 0,
          irreversible: 0,
          unknown: 0,
        });
        rmSync(at, { recursive: true });
      });
    }
  }
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let work = works.shift(); work !== undefined; work = works.shift()) await work();
  });
  await Promise.all(lanes);
}, 600_000);
