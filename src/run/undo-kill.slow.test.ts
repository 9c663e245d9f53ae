import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresServer } from '../../test/postgres-server.ts';
import { viewOf } from '../record/index.ts';
import { FAILPOINTS } from '../testing/index.ts';
import { effectsOf } from './effects.ts';
import { postgresStore } from './postgres-store.ts';
import { sqliteStore } from './sqlite-store.ts';

const POINTS = ['undo.begun', 'undo.before', 'undo.after', 'append.before', 'append.after'] as const;
/** Processes at a time. */
const AT_ONCE = 2;

const script = fileURLToPath(new URL('./fixtures/undone-agent.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-undo-kill-'));
const base = join(folder, 'base');
let before = '';

/** Where the log of the base is, and how a copy of it is made. */
interface Logs {
  store: string;
  base?: string;
  copy(name: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const inFiles: Logs = { store: 'sqlite', copy: async () => undefined, close: async () => {} };

async function inPostgres(): Promise<Logs> {
  const server = await postgresServer();
  const at = (database: string) => server.url.replace(/\/postgres$/, `/${database}`);
  await server.query('CREATE DATABASE base');
  return {
    store: 'postgres',
    base: at('base'),
    async copy(name) {
      const database = name.replaceAll(/\W/g, '_');
      await server.query(`CREATE DATABASE ${database} TEMPLATE base`);
      return at(database);
    },
    close: () => server.remove(),
  };
}

interface Said {
  status: string;
  run?: string;
  passed?: { [point: string]: number };
}

/** One process; killed by itself at a failpoint. */
function live(at: string, what: 'run' | 'undo', log: string | undefined, failpoint = ''): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, POACT_FAILPOINT: failpoint };
    const given = [script, at, what, ...(log === undefined ? [] : [log])];
    const child = spawn(process.execPath, ['--no-warnings', ...given], { env });
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

beforeAll(() => {
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
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['sqlite', async () => inFiles],
  ['postgres', inPostgres],
])(
  'comes to the same world, each effect taken back once, after a kill at every failpoint inside an undo (%s)',
  async (_store, open) => {
    const logs = await open();
    const begun = join(folder, `${logs.store}-base`);
    cpSync(base, begun, { recursive: true });
    expect(await live(begun, 'run', logs.base)).toMatchObject({ status: 'answered' });
    expect(dump(begun)).not.toBe(before);
    const whole = join(folder, `${logs.store}-whole`);
    cpSync(begun, whole, { recursive: true });
    const said = await live(whole, 'undo', await logs.copy('whole'));
    expect(said).toMatchObject({ status: 'undone', run: 'stopped' });
    expect(dump(whole)).toBe(before);

    const killed: { [point: string]: number } = {};
    const killedAt = async (point: string, n: number) => {
      const name = `${logs.store}-${point}-${n}`;
      const at = join(folder, name);
      cpSync(begun, at, { recursive: true });
      const log = await logs.copy(name);
      expect(await live(at, 'undo', log, `${point}:${n}`), name).toBeUndefined();
      killed[point] = (killed[point] ?? 0) + 1;
      // Every third is killed once more on its way.
      if (n % 3 === 0) await live(at, 'undo', log, 'append.after:2');
      expect(await live(at, 'undo', log), name).toMatchObject({ status: 'undone', run: 'stopped' });
      expect(dump(at), name).toBe(before);
      const orders = readFileSync(join(at, 'orders'), 'utf8').trim().split('\n');
      const cancelled = orders.filter((line) => line.startsWith('cancel'));
      expect(cancelled, name).toHaveLength(2);
      expect(new Set(orders).size, name).toBe(4);
      const store = log === undefined ? sqliteStore(join(at, 'runs.db')) : postgresStore(log);
      const events = await store.read('undone');
      await store.close();
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, seq) => seq));
      const undos = events.filter(({ kind }) => kind === 'undo');
      expect(undos, name).toHaveLength(1);
      const { standing } = effectsOf(viewOf('undone', events));
      expect(standing, name).toEqual({ reversible: 0, compensable: 0, irreversible: 0, unknown: 0 });
      rmSync(at, { recursive: true });
    };
    const works: (() => Promise<void>)[] = [];
    for (const point of POINTS) {
      const passed = said?.passed?.[point] ?? 0;
      expect(FAILPOINTS).toContain(point);
      expect(passed, point).toBeGreaterThan(0);
      // Before and after the same transaction are near each other: of those, every other one.
      const [first, every] = point === 'append.before' ? [1, 2] : point === 'append.after' ? [2, 2] : [1, 1];
      for (let n = first; n <= passed; n += every) works.push(() => killedAt(point, n));
    }
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      for (let work = works.shift(); work !== undefined; work = works.shift()) await work();
    });
    await Promise.all(lanes);
    await logs.close();
    const points = Object.entries(killed).map(([point, times]) => `${point} ${times}`);
    console.log(`Killed inside undo and resumed (${logs.store}): ${points.join(' · ')}.`);
  },
  600_000,
);
