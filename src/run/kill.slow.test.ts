import { afterAll, beforeAll, expect, it } from 'vitest';
import { killRuns, POINTS } from '../../test/kills.ts';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { FAILPOINTS } from '../testing/index.ts';

/** `POACT_KILLS=300` kills at so many random moments, each kind; all failpoints as well: `node bench/kills.ts`. */
const RANDOM = Number(process.env.POACT_KILLS ?? 0);
const KINDS = [
  { at: 'sqlite', format: 'json', each: 3, random: 8 },
  { at: 'sqlite', format: 'code', each: 2, random: 8 },
  { at: 'postgres', format: 'json', each: 1, random: 5 },
  { at: 'postgres', format: 'code', each: 1, random: 5 },
] as const;

const killed: string[] = [];
let doubts = 0;
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
}, 60_000);
afterAll(async () => {
  await server.remove();
  console.log(`Killed and resumed: ${killed.join(' · ')}. Calls in doubt: ${doubts}.`);
});

it.each(KINDS)(
  'finishes, with the same answer and each effect once, however it is killed ($format, $at)',
  async ({ at, format, each, random }) => {
    const done = await killRuns({ at, format }, { each, random: Math.max(random, RANDOM) }, server.url);
    for (const [point, times] of Object.entries(done.points)) killed.push(`${point} ${times}`);
    for (const point of POINTS[format]) expect(done.points[`${at} ${format} ${point}`]).toBeGreaterThan(0);
    doubts += done.doubts;
  },
  3_600_000,
);

it('kills at every failpoint there is, here or in the test of undo', () => {
  const ofUndo = ['undo.begun', 'undo.before', 'undo.after'];
  expect(new Set([...POINTS.code, ...ofUndo])).toEqual(new Set(FAILPOINTS));
});
