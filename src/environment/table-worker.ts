/**
 * The worker that answers queries of {@link DataTables}: SELECT only, one database only, bounded replies.
 *
 * @module
 */
import { constants, DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const ROWS = 10_000;
const BYTES = 4 * 1024 * 1024;
const READS: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);

const database = new DatabaseSync(workerData.path, { readOnly: true });
database.setAuthorizer((action) => (READS.has(action) ? constants.SQLITE_OK : constants.SQLITE_DENY));

parentPort?.on('message', ({ id, sql }: { id: number; sql: string }) => {
  try {
    parentPort?.postMessage({ id, rows: select(sql) });
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    const said = why.startsWith('not authorized') ? 'Only SELECT is allowed.' : `${why}.`;
    parentPort?.postMessage({ id, problem: `The query failed: ${said}` });
  }
});

function select(sql: string): unknown[] {
  const query = database.prepare(sql);
  query.setReadBigInts(true);
  const rows: unknown[] = [];
  let bytes = 0;
  for (const row of query.iterate()) {
    const plain = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainOf(value)]));
    bytes += JSON.stringify(plain).length;
    if (rows.length >= ROWS || bytes > BYTES) {
      throw new Error(`it gives more than ${ROWS} rows or ${BYTES / 1024 / 1024} MB; aggregate, filter, or add LIMIT`);
    }
    rows.push(plain);
  }
  return rows;
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  return value;
}
