/**
 * Telling followers in other processes that a run has grown. A notice says only where to look: what one misses, it finds
 * at its next look.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { type Bells, bells } from './follow.ts';
import type { Connection } from './postgres-connection.ts';

/**
 * How long notices are gathered, in milliseconds. Postgres lets one transaction with a notice commit at a time, so they
 * are kept out of the appends.
 */
const GATHER_MS = 50;
/** Pause before a listener that was cut off comes back, in milliseconds. */
const BACK_MS = 250;

export interface RemoteBells extends Bells {
  close(): Promise<void>;
}

export function remoteBells(connection: Connection, schema: string): RemoteBells {
  const here = bells();
  const me = randomUUID();
  /** Postgres cuts longer names. */
  const channel = `poact:${schema}`.slice(0, 60);
  const heard = new Map<string, number>();
  let rung = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let listener: Promise<Client | undefined> | undefined;
  let back: NodeJS.Timeout | undefined;
  let closed = false;
  /** Which listener counts; those before it were let go. */
  let turn = 0;

  const tell = async () => {
    clearTimeout(timer);
    timer = undefined;
    const runs = [...rung];
    rung = new Set();
    if (runs.length === 0) return;
    const text = 'SELECT pg_notify($1, $2 || run) FROM unnest($3::text[]) AS run';
    await connection.steady((query) => query({ text, values: [channel, `${me} `, runs] })).catch(() => {});
  };

  const comeBack = () => {
    if (closed || heard.size === 0) return;
    back ??= setTimeout(() => {
      back = undefined;
      if (closed || heard.size === 0) return;
      listener ??= listen();
    }, BACK_MS);
    back.unref();
  };

  const listen = async (): Promise<Client | undefined> => {
    turn += 1;
    const own = turn;
    const isGone = () => {
      if (turn !== own) return;
      listener = undefined;
      comeBack();
    };
    try {
      const client = await connection.single();
      client.on('error', () => {});
      client.once('end', isGone);
      client.on('notification', ({ payload = '' }) => {
        const space = payload.indexOf(' ');
        if (payload.slice(0, space) !== me) here.ring(payload.slice(space + 1));
      });
      await client.query(`LISTEN "${channel.replaceAll('"', '""')}"`);
      // What came before it listened.
      for (const run of heard.keys()) here.ring(run);
      return client;
    } catch {
      // Followers look by themselves from time to time until it is back.
      isGone();
      return undefined;
    }
  };

  return {
    ring(run) {
      here.ring(run);
      rung.add(run);
      timer ??= setTimeout(tell, GATHER_MS);
    },
    listen(run, hear) {
      heard.set(run, (heard.get(run) ?? 0) + 1);
      listener ??= listen();
      const silence = here.listen(run, hear);
      return () => {
        silence();
        const left = (heard.get(run) ?? 1) - 1;
        if (left > 0) heard.set(run, left);
        else heard.delete(run);
        if (heard.size > 0) return;
        // Nobody follows: the connection would only keep the process.
        const idle = listener;
        listener = undefined;
        turn += 1;
        void idle?.then((client) => client?.end()).catch(() => {});
      };
    },
    async close() {
      await tell();
      closed = true;
      clearTimeout(back);
      const client = await listener;
      listener = undefined;
      await client?.end().catch(() => {});
    },
  };
}
