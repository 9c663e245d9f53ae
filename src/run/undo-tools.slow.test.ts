/** Undo after do is nothing, to the byte: random sequences over all shipped reversible tools together, by a whole run. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { actionController, fileWriteTools, keyValueTools, sqliteRowTools } from '../action/index.ts';
import { allowAll } from '../guard/index.ts';
import type { Json } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { memoryStore } from './memory-store.ts';

const SEQUENCES = 200;
const folder = mkdtempSync(join(tmpdir(), 'poact-undo-'));
afterAll(() => rmSync(folder, { recursive: true }));

const action = actionController({ format: 'json', select: { most: 100 } });

interface Op {
  tool: string;
  args: Json;
}

const names = [
  'a.txt',
  'b.bin',
  'sub/a.txt',
  'sub/deep/c',
  'ü/né\n.txt',
  '-rf',
  '%2e%2e',
  '🎉 x',
  'empty',
  'sub',
  'new/er/d',
];
const path = fc.constantFrom(...names);
const content = fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 20 }), fc.constant('x'.repeat(9_000)));
const value = fc.oneof(
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constant('12'),
);
const id = fc.integer({ min: 1, max: 5 });
const small = fc.constantFrom('A', 'a', 'b', 'é', '1');
const op = <Args extends object>(tool: string, args: fc.Arbitrary<Args>): fc.Arbitrary<Op> =>
  args.map((given) => ({ tool, args: given as Json }));
const rec = fc.record;
/** By key, and what else a row of each table may have. */
const row = fc.oneof(
  rec({
    table: fc.constant('items'),
    key: rec({ id }),
    rest: rec({ name: value, price: value, any: value }, { requiredKeys: [] }),
  }),
  rec({ table: fc.constant('pairs'), key: rec({ a: small, b: id }), rest: rec({ v: value }, { requiredKeys: [] }) }),
  rec({ table: fc.constant('counted'), key: rec({ id }), rest: rec({ x: value }) }),
  rec({ table: fc.constant('named'), key: rec({ name: small }), rest: rec({ v: value }) }),
);
const ops: fc.Arbitrary<Op>[] = [
  op('writeFile', rec({ path, content })),
  op('appendFile', rec({ path, content })),
  op('deleteFile', rec({ path })),
  op('moveFile', rec({ from: path, to: path })),
  op('makeFolder', rec({ path })),
  op('setValue', rec({ key: small, value: fc.jsonValue() as fc.Arbitrary<Json> })),
  op('deleteValue', rec({ key: small })),
  op(
    'insertRow',
    row.map(({ table, key, rest }) => ({ table, row: { ...key, ...rest } })),
  ),
  op('insertRow', rec({ table: fc.constant('counted'), row: rec({ x: value }) })),
  op(
    'updateRow',
    row.map(({ table, key, rest }) => ({ table, key, set: rest })),
  ),
  op(
    'deleteRow',
    row.map(({ table, key }) => ({ table, key })),
  ),
];

/** A world of its own: files of all kinds, values, and tables with every storage class. */
function makeWorld(): { root: string; database: string; values: string } {
  const root = mkdtempSync(join(folder, 'w-'));
  const [database, values] = [`${root}.db`, `${root}.values`];
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'a.txt'), 'alpha\r\n');
  writeFileSync(join(root, 'b.bin'), new Uint8Array([0, 255, 254, 10, 128]), { mode: 0o600 });
  writeFileSync(join(root, '🎉 x'), 'party', { mode: 0o755 });
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'sub/a.txt'), 'below');
  const db = new DatabaseSync(database);
  db.exec(`PRAGMA synchronous = OFF;
    CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price REAL, any, twice GENERATED ALWAYS AS (price * 2));
    CREATE TABLE pairs (a TEXT, b INTEGER, v, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, x NUMERIC);
    CREATE TABLE named (name TEXT PRIMARY KEY ON CONFLICT REPLACE COLLATE NOCASE, v);
    INSERT INTO items VALUES (1, 'one', 1.0, 9223372036854775807), (2, NULL, 0.1, X'00FF'), (3, 'nul' || char(0) || 'x', -1e308, 1.0),
      (4, CAST(X'C328' AS TEXT), 9e999, '12');
    INSERT INTO pairs VALUES ('a', 1, 1.5), ('A', 2, X''), ('é', 1, NULL);
    INSERT INTO counted VALUES (3, '7'), (1, 'x');
    INSERT INTO named(rowid, name, v) VALUES (70, 'A', 1), (5, 'b', 2);`);
  db.close();
  return { root, database, values };
}

/** Everything there is, to the byte. */
function dump({ root, database, values }: ReturnType<typeof makeWorld>): string {
  const lines: string[] = [];
  const walk = (at: string) => {
    for (const name of readdirSync(join(root, at)).sort()) {
      if (at === '' && name === '.poact') continue;
      const full = join(root, at, name);
      const facts = lstatSync(full);
      const bytes = facts.isFile() ? readFileSync(full).toString('hex') : 'folder';
      lines.push(`${JSON.stringify(join(at, name))} ${facts.mode.toString(8)} ${bytes}`);
      if (facts.isDirectory()) walk(join(at, name));
    }
  };
  walk('');
  const tables = { [database]: ['items', 'pairs', 'counted', 'named', 'sqlite_sequence'], [values]: ['poact_values'] };
  for (const [file, list] of Object.entries(tables)) {
    const db = new DatabaseSync(file);
    for (const table of list) {
      const there = db.prepare('SELECT wr FROM pragma_table_list WHERE name = ?').get(table);
      if (there === undefined) continue;
      const columns = db
        .prepare('SELECT name FROM pragma_table_xinfo(?)')
        .all(table)
        .map(({ name }) => String(name));
      const cells = columns.flatMap((name) => [`typeof("${name}")`, `hex("${name}")`, `quote("${name}")`]);
      if (there.wr === 0) cells.unshift('rowid');
      for (const found of db.prepare(`SELECT ${cells.join(', ')} FROM "${table}" ORDER BY 1, 2, 3, 5, 6`).all()) {
        lines.push(`${table} ${JSON.stringify(Object.values(found))}`);
      }
    }
    db.close();
  }
  return lines.join('\n');
}

type Tools = ReturnType<typeof shipped>;
const shipped = ({ root, database, values }: ReturnType<typeof makeWorld>) => ({
  ...fileWriteTools(root),
  ...sqliteRowTools(database),
  ...keyValueTools(values),
});

/** A run of these calls, and the world before each of them and at the end. */
async function doing(sequence: readonly Op[], change: (tools: Tools) => Tools = (tools) => tools) {
  const world = makeWorld();
  const states: string[] = [];
  const model = scriptedModel(() => {
    states.push(dump(world));
    const next = sequence[states.length - 1];
    return next === undefined ? 'Done.' : { calls: [next] };
  });
  const limits = { steps: 100, loops: { same: 100, swings: 100, stale: 100 } };
  const common = { policy: 'react', action, guard: allowAll(), store: memoryStore(), limits } as const;
  const agent = createAgent({ model, tools: change(shipped(world)), ...common });
  const { run, log, status, why } = await agent.run('Go.');
  expect([status, why]).toEqual(['answered', 'It has an answer.']);
  const decisions = log.filter(({ kind }) => kind === 'decision').map(({ seq }) => seq);
  /** The event before a step. */
  const before = (step: number) => (decisions[step] as number) - 1;
  return {
    agent,
    run,
    log,
    states,
    before,
    now: () => dump(world),
    remove: () => rmSync(world.root, { recursive: true }),
  };
}

it(`returns the world to the byte after ${SEQUENCES} random sequences, to any step and to the beginning`, async () => {
  const took = { calls: 0, refused: 0, undone: 0 };
  const used = new Set<string>();
  const sequences = fc.array(fc.oneof(...ops), { minLength: 1, maxLength: 12 });
  const property = fc.asyncProperty(sequences, fc.nat(), async (sequence, pick) => {
    const { agent, run, log, states, before, now, remove } = await doing(sequence);
    for (const event of log) {
      if (event.kind === 'call') used.add(event.tool);
      if (event.kind !== 'call-result') continue;
      took.calls += 1;
      if (!event.ok) took.refused += 1;
    }
    const step = pick % (sequence.length + 1);
    took.undone += (await agent.undo(run, { to: before(step) })).undone.length;
    expect(now()).toBe(states[step]);
    took.undone += (await agent.undo(run, { to: 1 })).undone.length;
    expect(now()).toBe(states[0]);
    remove();
  });
  await fc.assert(property, { numRuns: SEQUENCES, seed: 4 });
  const all = Object.entries(shipped({ root: folder, database: '', values: '' }));
  expect([...used].sort()).toEqual(all.flatMap(([name, { effect }]) => (effect === 'reversible' ? [name] : [])).sort());
  console.log(`${SEQUENCES} sequences: ${took.calls} calls, ${took.refused} refused, ${took.undone} taken back.`);
}, 180_000);

it('would see an undo that is wrong', async () => {
  const { agent, run, states, now } = await doing([{ tool: 'deleteFile', args: { path: 'b.bin' } }], (tools) => ({
    ...tools,
    deleteFile: { ...tools.deleteFile, undo: () => {} },
  }));
  await agent.undo(run, { to: 1 });
  expect(now()).not.toBe(states[0]);
});
