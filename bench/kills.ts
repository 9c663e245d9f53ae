/**
 * Runs that are killed: at every passing of every failpoint, and at random moments, on SQLite and on Postgres. Each is gone
 * on with by another process; it must finish with the same answer, each effect once, a log without gaps, and usage that is
 * the sum of its events. What is not so throws.
 *
 * `node bench/kills.ts [--random 300] [--each 1000] [--store sqlite|postgres] [--format code|json]`
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { killRuns, POINTS } from '../test/kills.ts';
import { postgresServer } from '../test/postgres-server.ts';
import { table } from './rows.ts';

const { values } = parseArgs({
  options: {
    random: { type: 'string', default: '300' },
    each: { type: 'string', default: '1000' },
    store: { type: 'string' },
    format: { type: 'string' },
  },
});
const stores = (['sqlite', 'postgres'] as const).filter((at) => values.store === undefined || values.store === at);
const formats = (['code', 'json'] as const).filter((one) => values.format === undefined || values.format === one);

const POINTS_TOLD = [...POINTS.code, 'random moment'];
const rows: string[][] = [];
for (const at of stores) {
  const server = at === 'postgres' ? await postgresServer() : undefined;
  for (const format of formats) {
    const counts = { each: Number(values.each), random: Math.ceil(Number(values.random) / formats.length) };
    const began = performance.now();
    const { points, doubts } = await killRuns({ at, format }, counts, server?.url);
    const times = POINTS_TOLD.map((point) => points[`${at} ${format} ${point}`] ?? 0);
    const all = times.reduce((sum, n) => sum + n, 0);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    rows.push([at, format, ...times.map(String), String(all), String(doubts), seconds]);
  }
  await server?.remove();
}
console.log(table(['store', 'format', ...POINTS_TOLD, 'kills', 'calls in doubt', 'seconds'], rows));
