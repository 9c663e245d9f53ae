/**
 * A queue in Postgres, by DBOS, that all workers share: with limits for each model that hold across machines.
 *
 * A DBOS workflow is "advance run X", in one step, and holds nothing but the run's id. What the run did is in its log and
 * nowhere else, so a workflow that is lost, late or there twice does no harm: workers put in the queue what the store says is due,
 * and take out what a dead worker left.
 *
 * There is one queue a model, and a workflow can be taken by workers of its agent only (DBOS's application version). So
 * different agents share the limits of a model. Nothing listens, and nothing but Postgres is connected to.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import { importPackage, OptionError, requirePositive } from '../record/index.ts';
import { isGone, signOfLife } from './dbos-alive.ts';
import { loadPg, nameOf } from './postgres-connection.ts';
import { postgresError } from './postgres-errors.ts';
import type { WorkQueue, WorkQueueParts } from './work-queue.ts';

/** What {@link dbosQueue} is told. Limits are kept in the database, for all workers of the model; what is left out stays as it was. */
export interface DbosQueueOptions {
  /** Most runs at a time in one worker. @default 4, or what was set before */
  concurrency?: number;
  /** Most runs of the model at a time in all workers together; `Infinity` for no limit. @default Infinity, or what was set before */
  globalConcurrency?: number;
  /** Most runs of the model that are begun or gone on with in a time, in all workers together; `runs: Infinity` for no limit. @default none, or what was set before */
  rateLimit?: { runs: number; seconds: number };
  /** The Postgres schema of DBOS's tables; made on first use. @default 'poact_dbos' */
  schema?: string;
  /** How often a worker asks the queue for a run, in milliseconds. @default 200 */
  pollMs?: number;
}

/** A workflow that a worker has taken. */
interface Claimed {
  workflowID: string;
  run: string;
  executor: string;
}

type Dbos = typeof import('@dbos-inc/dbos-sdk')['DBOS'];

/** The workflow, in words of DBOS. */
const WORKFLOW = { workflowName: 'advance', workflowClassName: 'poact' } as const;
const APPLICATION = 'poact';
/** How long a workflow may be claimed and its run be held by nobody before it is taken out, in milliseconds. */
const STALE_MS = 3_000;
/** How often workflows that are over are removed, and how old they are then at least, in milliseconds. */
const PRUNE_MS = 600_000;
const OLD_MS = 3_600_000;
const MOST_PRUNED = 1_000;
/** The server sees within a minute and a half that a machine is gone. */
const KEEP_ALIVE = '-c tcp_keepalives_idle=60 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3';
/** How often a worker asks whether another has launched, in milliseconds. */
const LOCK_MS = 50;
/** DBOS's longest wait for what is under way. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A queue that all workers of a Postgres database share. The packages `@dbos-inc/dbos-sdk` and `pg` are needed. There is one in a
 * process.
 *
 * @param connection As `postgresStore` takes it.
 * @throws {OptionError} the URL is none, or an option cannot work.
 * @example
 * ```ts
 * const url = 'postgres://poact@localhost:5432/runs';
 * const agent = createAgent({ model: 'openai/gpt-5', store: postgresStore(url) });
 * const start = () => worker({ agent, queue: dbosQueue(url, { concurrency: 8, globalConcurrency: 40 }) });
 * ```
 */
export function dbosQueue(connection: string | object, options: DbosQueueOptions = {}): WorkQueue {
  const { schema = 'poact_dbos', pollMs = 200 } = options;
  requireOptions(options);
  const database = nameOf(connection);
  const executorID = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const underWay = new Set<string>();
  /** When a claimed workflow of a run that is due was first seen, by its id. */
  const seen = new Map<string, number>();
  let dbos: Dbos;
  let pool: Pool;
  let queueName = '';
  let version = '';
  let oldMs = OLD_MS;
  let end = async () => {};

  const enqueue = async (run: string) => {
    try {
      const place = { ...WORKFLOW, queueName, deduplicationID: run, appVersion: version, applicationName: APPLICATION };
      await dbos.enqueueWorkflowWithOptions(place, run);
    } catch (error) {
      // Another worker was faster.
      if ((error as Error).name !== 'DBOSQueueDuplicatedError') throw error;
    }
  };

  /** Takes out what a worker claimed that is no more, or did not come: nobody holds the run for longer than it takes to begin. */
  const takeOut = async (claimed: readonly Claimed[], due: ReadonlySet<string>) => {
    const gone = new Map<string, boolean>();
    for (const id of seen.keys())
      if (!claimed.some(({ workflowID, run }) => workflowID === id && due.has(run))) seen.delete(id);
    const out = new Set<string>();
    for (const { workflowID, run, executor } of claimed) {
      if (underWay.has(run)) continue;
      if (executor !== executorID && !gone.has(executor)) gone.set(executor, await isGone(pool, executor));
      const since = seen.get(workflowID) ?? performance.now();
      if (due.has(run)) seen.set(workflowID, since);
      if (gone.get(executor) !== true && performance.now() - since < STALE_MS) continue;
      await dbos.cancelWorkflow(workflowID);
      out.add(run);
    }
    return out;
  };

  const prune = async () => {
    const completedBefore = new Date(Date.now() - oldMs).toISOString();
    const status = ['SUCCESS', 'ERROR', 'CANCELLED'] as const;
    const over = await dbos.listWorkflows({
      workflowName: WORKFLOW.workflowName,
      status: [...status],
      completedBefore,
      limit: MOST_PRUNED,
      loadInput: false,
      loadOutput: false,
    });
    if (over.length > 0) await dbos.deleteWorkflows(over.map(({ workflowID }) => workflowID));
  };

  return {
    async open({ name, model, advance, trouble }) {
      const [pg, { DBOS }] = await Promise.all([loadPg(), loadDbos()]);
      if (DBOS.isInitialized()) {
        throw new OptionError(
          'queue',
          'DBOS is at work in this process already. Start the worker in a process of its own.',
        );
      }
      dbos = DBOS;
      queueName = `${APPLICATION}:${model}`;
      version = name;
      const config = typeof connection === 'string' ? { connectionString: connection } : connection;
      const settings = { application_name: 'poact worker', keepAlive: true, options: KEEP_ALIVE, ...config };
      pool = new pg.Pool({ max: 6, ...settings });
      // A connection that breaks is replaced by the next use.
      pool.on('error', () => {});
      pool.on('connect', (client) => client.on('error', () => {}));
      let sign: Awaited<ReturnType<typeof signOfLife>> | undefined;
      try {
        const connect = async () => {
          const client = new pg.Client(settings);
          await client.connect();
          return client;
        };
        sign = await signOfLife(connect, executorID);
        DBOS.setConfig({
          name: APPLICATION,
          systemDatabasePool: pool,
          systemDatabaseSchemaName: schema,
          executorID,
          applicationVersion: version,
          listenQueues: [queueName],
          maxConcurrentQueueDispatches: 1,
          useListenNotify: false,
          enableOTLP: false,
          logger: quiet(trouble),
        });
        DBOS.registerWorkflow(
          (run: string) =>
            DBOS.runStep(
              async () => {
                underWay.add(run);
                try {
                  return await advance(run);
                } finally {
                  underWay.delete(run);
                }
              },
              { name: WORKFLOW.workflowName },
            ),
          { name: WORKFLOW.workflowName, className: WORKFLOW.workflowClassName },
        );
        const limits = await alone(pool, schema, async () => {
          await DBOS.launch();
          const limits = await limitsOf(DBOS, queueName, options);
          await DBOS.registerQueue(queueName, { ...limits, minPollingIntervalMs: pollMs, onConflict: 'always_update' });
          return limits;
        });
        // Those within the time of the rate are counted.
        oldMs = Math.max(OLD_MS, (limits.rateLimit?.periodSec ?? 0) * 1_000);
        await prune();
      } catch (error) {
        await DBOS.shutdown({ deregister: true }).catch(() => {});
        await sign?.close();
        await pool.end();
        throw postgresError(error, database);
      }
      const pruning = setInterval(() => prune().catch(trouble), PRUNE_MS);
      pruning.unref();
      end = async () => {
        clearInterval(pruning);
        await DBOS.shutdown({ workflowCompletionTimeoutMS: LONGEST_MS, deregister: true });
        await sign?.close();
        await pool.end();
      };
    },
    async offer(runs) {
      const listed = await dbos.listQueuedWorkflows({ queueName, loadInput: false, loadOutput: false });
      // One that is over for DBOS has no run any more.
      const queued = listed.flatMap(({ deduplicationID: run, executorId: executor = '', ...workflow }) =>
        run === undefined ? [] : [{ ...workflow, run, executor }],
      );
      const due = new Set(runs);
      const claimed = queued.filter(({ status }) => status === 'PENDING');
      const out = await takeOut(claimed, due);
      for (const { workflowID, run, applicationVersion } of queued) {
        // It was left to an agent of another name before.
        if (!due.has(run) || applicationVersion === version || out.has(run)) continue;
        await dbos.cancelWorkflow(workflowID);
        out.add(run);
      }
      const there = new Set(queued.map(({ run }) => run));
      for (const run of runs) if (!there.has(run) || out.has(run)) await enqueue(run);
    },
    close: () => end(),
  };
}

function requireOptions({ concurrency = 1, globalConcurrency, rateLimit, schema, pollMs = 1 }: DbosQueueOptions): void {
  requirePositive({ concurrency, pollMs });
  if (globalConcurrency !== undefined && globalConcurrency !== Number.POSITIVE_INFINITY)
    requirePositive({ globalConcurrency });
  if (globalConcurrency !== undefined && globalConcurrency < concurrency) {
    throw new OptionError(
      'globalConcurrency',
      `expected at least \`concurrency\` (${concurrency}), got ${globalConcurrency}.`,
    );
  }
  if (rateLimit !== undefined) {
    const { runs, seconds } = rateLimit;
    if (runs !== Number.POSITIVE_INFINITY) requirePositive({ 'rateLimit.runs': runs });
    if (!(seconds > 0)) throw new OptionError('rateLimit.seconds', `expected more than 0, got ${seconds}.`);
  }
  if (schema === '') throw new OptionError('schema', 'give a name.');
}

/**
 * One worker at a time: DBOS makes its tables when it is launched, and fails where two do so at a time; and limits that are read
 * and written again would undo what another wrote between.
 */
async function alone<Result>(pool: Pool, schema: string, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    // It is asked for again and again: a statement that waited would stand in the way of making an index.
    while (
      !(await client.query('SELECT pg_try_advisory_lock(hashtext($1)) AS mine', [`poact queue ${schema}`])).rows[0].mine
    ) {
      await new Promise((resolve) => setTimeout(resolve, LOCK_MS));
    }
    return await work();
  } finally {
    // The lock goes with the connection.
    client.release(true);
  }
}

/** What is told, over what the queue has. */
async function limitsOf(dbos: Dbos, queueName: string, options: DbosQueueOptions) {
  const { concurrency, globalConcurrency, rateLimit } = options;
  const before = await dbos.retrieveQueue(queueName);
  const most = globalConcurrency ?? before?.concurrency ?? Number.POSITIVE_INFINITY;
  const rate =
    rateLimit === undefined ? before?.rateLimit : { limitPerPeriod: rateLimit.runs, periodSec: rateLimit.seconds };
  return {
    workerConcurrency: Math.min(concurrency ?? before?.workerConcurrency ?? 4, most),
    ...(Number.isFinite(most) && { globalConcurrency: most }),
    ...(rate !== undefined && Number.isFinite(rate.limitPerPeriod) && { rateLimit: rate }),
  };
}

/** DBOS tells a lot; what it goes on after by itself is told to nobody. */
const quiet = (trouble: WorkQueueParts['trouble']) => ({
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (said: unknown) => trouble(new Error(`DBOS: ${String(said)}`)),
});

async function loadDbos(): Promise<typeof import('@dbos-inc/dbos-sdk')> {
  return importPackage('@dbos-inc/dbos-sdk', 'A queue in Postgres');
}
