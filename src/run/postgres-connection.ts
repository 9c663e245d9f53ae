/**
 * A way to a Postgres database that outlasts a restart of the server: what was under way is asked again.
 *
 * @module
 */
import type { Client, Pool, PoolConfig, QueryConfig, QueryResultRow } from 'pg';
import { importPackage, LogError, OptionError, StoreError } from '../record/index.ts';
import { isLost, isUndone, postgresError } from './postgres-errors.ts';
import { MIGRATIONS } from './postgres-schema.ts';

export interface ConnectionOptions {
  connection: string | object;
  schema: string;
  connections: number;
  busyMs: number;
  reconnectMs: number;
}

export interface Connection {
  /** How messages call the store: host and database, without user and password. */
  readonly name: string;
  /** The schema's name, quoted. */
  readonly quoted: string;
  /** Does some work; when the connection is lost, once more, with `again`, for it may have happened. */
  steady<T>(work: (query: Query, again: boolean) => Promise<T>): Promise<T>;
  /** A connection of its own, for listening. */
  single(): Promise<Client>;
  close(): Promise<void>;
}

export type Query = <Row extends QueryResultRow>(query: QueryConfig) => Promise<Row[]>;

/** First and longest pause before a server is asked again, in milliseconds. */
const PAUSE_MS = [20, 500] as const;

/** Names host and database, and nothing that is secret. */
export function nameOf(connection: string | object): string {
  const { connectionString, host, port, database } =
    typeof connection === 'string' ? ({ connectionString: connection } as PoolConfig) : (connection as PoolConfig);
  if (connectionString === undefined) {
    return `postgres://${host ?? 'localhost'}${port === undefined ? '' : `:${port}`}/${database ?? ''}`;
  }
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  if (url !== undefined && /^postgres(ql)?:$/.test(url.protocol)) return `postgres://${url.host}${url.pathname}`;
  // What was given is not repeated: it may hold a password.
  throw new OptionError(
    'connection',
    'it is no Postgres URL. Give one like postgres://user:password@host:5432/database',
  );
}

/** @throws {OptionError} the URL is none. Nothing is connected before the first use. */
export function connectionTo({ connection, schema, connections, busyMs, reconnectMs }: ConnectionOptions): Connection {
  const name = nameOf(connection);
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  const config: PoolConfig = {
    application_name: 'poact',
    connectionTimeoutMillis: reconnectMs,
    keepAlive: true,
    // The statements are the same whatever their values, and planning one again takes longer than doing it.
    options: '-c plan_cache_mode=force_generic_plan',
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    max: connections,
    lock_timeout: busyMs,
    allowExitOnIdle: true,
  };
  let opened: Promise<Pool> | undefined;
  let connected = false;
  let closed = false;

  const open = async (): Promise<Pool> => {
    const { Pool: NewPool } = await loadPg();
    const pool = new NewPool(config);
    // A connection that breaks while nobody uses it, or while it is being closed, is replaced by the next use.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    try {
      await migrate(pool, schema, quoted, name);
    } catch (error) {
      await pool.end();
      throw error;
    }
    connected = true;
    return pool;
  };

  return {
    name,
    quoted,
    async steady(work) {
      const deadline = Date.now() + reconnectMs;
      let [pause, longest] = [...PAUSE_MS] as [number, number];
      for (let again = false; ; again = true) {
        try {
          if (closed) throw new StoreError(`The run store ${name} is closed.`, { store: name, problem: 'closed' });
          opened ??= open();
          const pool = await opened;
          return await work(async (query) => (await pool.query(query)).rows, again);
        } catch (error) {
          if (!connected) opened = undefined;
          const more = (isLost(error) && connected) || isUndone(error);
          if (!more || Date.now() + pause > deadline) throw postgresError(error, name);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(pause * 2, longest);
      }
    },
    async single() {
      const { Client: NewClient } = await loadPg();
      const client = new NewClient(config as ConstructorParameters<typeof Client>[0]);
      await client.connect();
      return client;
    },
    async close() {
      if (closed) return;
      closed = true;
      const pool = await opened?.catch(() => undefined);
      await pool?.end();
    },
  };
}

/** @throws {PackageError} it is not installed. */
export async function loadPg(): Promise<typeof import('pg')> {
  const module = await importPackage<typeof import('pg') & { default?: typeof import('pg') }>('pg', 'A Postgres store');
  return module.default ?? module;
}

/** Brings the schema to this version; of many who come at once, one does. */
async function migrate(pool: Pool, schema: string, quoted: string, store: string): Promise<void> {
  const client = await pool.connect();
  try {
    if ((await versionOf(client, schema, quoted, store)) === MIGRATIONS.length) return;
    await client.query('BEGIN');
    try {
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`poact ${schema}`]);
      const version = await versionOf(client, schema, quoted, store);
      if (version === undefined) await client.query(`CREATE SCHEMA ${quoted}`);
      for (const make of MIGRATIONS.slice(version ?? 0)) await client.query(make(quoted));
      await client.query(`INSERT INTO ${quoted}.versions SELECT n FROM generate_series($1::integer, $2) AS n`, [
        (version ?? 0) + 1,
        MIGRATIONS.length,
      ]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  } finally {
    client.release();
  }
}

/** The version of the tables: 0 where the schema is empty, `undefined` where there is none. */
async function versionOf(
  client: Pick<Client, 'query'>,
  schema: string,
  quoted: string,
  store: string,
): Promise<number | undefined> {
  const { rows } = await client.query<{ tables: string[] }>(
    `SELECT array(SELECT relname::text FROM pg_class WHERE relnamespace = n.oid AND relkind IN ('r', 'p', 'v')) AS tables
     FROM pg_namespace n WHERE n.nspname = $1`,
    [schema],
  );
  const tables = rows[0]?.tables;
  if (tables === undefined) return undefined;
  if (tables.length === 0) return 0;
  if (!OUR_TABLES.every((table) => tables.includes(table))) {
    const message = `Schema ${schema} of ${store} holds tables of another program. Give another \`schema\`.`;
    throw new StoreError(message, { store, schema, problem: 'foreign' });
  }
  const found = await client.query<{ version: number }>(`SELECT max(version) AS version FROM ${quoted}.versions`);
  const version = found.rows[0]?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new LogError(
      'log-version',
      `Schema ${schema} of ${store} was made by a newer version of this package. Update it: npm install poact@latest`,
      { store, schema, version, reads: MIGRATIONS.length },
    );
  }
  return version;
}

const OUR_TABLES = ['versions', 'runs', 'events', 'inbox', 'leases', 'blobs'];
