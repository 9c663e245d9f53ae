/**
 * Which workers of a queue live: each holds a lock that goes with its connection, and so with its process.
 *
 * @module
 */
import type { Client, Pool } from 'pg';

/** Pause before a worker that was cut off takes its lock again, in milliseconds. */
const BACK_MS = 1_000;

/** Says that a worker lives until it is closed. While the connection is lost it counts as gone. */
export async function signOfLife(connect: () => Promise<Client>, worker: string): Promise<{ close(): Promise<void> }> {
  let closed = false;
  let client: Client | undefined;
  let back: NodeJS.Timeout | undefined;

  const hold = async () => {
    const mine = await connect();
    mine.on('error', () => {});
    mine.once('end', comeBack);
    await mine.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [worker]);
    client = mine;
  };
  const comeBack = () => {
    if (!closed) back = setTimeout(() => hold().catch(comeBack), BACK_MS);
  };

  await hold();
  return {
    async close() {
      closed = true;
      clearTimeout(back);
      await client?.end().catch(() => {});
    },
  };
}

/** Whether a worker's process or connection is no more. */
export async function isGone(pool: Pool, worker: string): Promise<boolean> {
  const text = 'SELECT pg_try_advisory_xact_lock_shared(hashtextextended($1, 0)) AS free';
  const { rows } = await pool.query<{ free: boolean }>(text, [worker]);
  return rows[0]?.free === true;
}
