/**
 * `worker`: goes on with runs that were left to workers, until it is told to stop.
 *
 * @module
 */
import { resolve } from 'node:path';
import { isPoactError, type Secrets } from '../record/index.ts';
import type { DbosQueueOptions, WorkerNews, WorkQueue } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { terminalAsker } from './ask.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import { fetchModel } from './fetch-model.ts';
import type { Io } from './io.ts';
import { openStore, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { isPostgres, readConfig } from './settings.ts';
import { statusLine } from './status-line.ts';
import { duration } from './words.ts';

export interface WorkerFlags {
  agent?: string;
  postgres?: string;
  store?: string;
  concurrency?: number;
  globalConcurrency?: number;
  rate?: string;
  takeovers?: number;
  acceptChanges?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** Works until Ctrl-C or SIGTERM, which let each run end its step; a second one ends the process at once. */
export async function workerCommand(flags: WorkerFlags, io: Io): Promise<ExitCode> {
  const { acceptChanges = false, yes = false, json = false, takeovers } = flags;
  const config = await readConfig(io.cwd);
  const path = placeOf(flags, config.store, io);
  const queue = await queueOf(path, flags);
  const module = flags.agent === undefined ? config.agent : resolve(io.cwd, flags.agent);
  if (module === undefined) {
    throw new UsageError('Name the module of the agent that the runs were begun with: poact worker --agent agent.ts');
  }
  const paint = paintFor(io.stderr, io.env);
  const status = statusLine(io.stderr, paint);
  const abort = new AbortController();
  const stopping = new Promise<void>((stop) => abort.signal.addEventListener('abort', () => stop()));
  const unhear = io.onInterrupt(() => {
    if (abort.signal.aborted) return io.exit(130);
    status.write('Stopping when each run has ended its step. Once more to end at once.\n');
    abort.abort();
  });
  const store = await openStore(path);
  let secrets: Secrets | undefined;
  try {
    const built = await buildAgent(
      { agent: module },
      {
        io,
        store,
        yes,
        fetch: (name) =>
          fetchModel(name, { io, status, ask: io.ask ?? terminalAsker(paint), yes, signal: abort.signal }),
        watch: (model) => model,
        secretive: (known) => {
          secrets = known;
        },
      },
    );
    const say = json
      ? (news: WorkerNews) => void io.stdout.write(`${JSON.stringify(asJson(news, secrets))}\n`)
      : told((line) => status.write(`${line}\n`), secrets);
    try {
      const { worker } = await import('../run/index.ts');
      const { stop } = await worker({
        agent: built.agent,
        queue,
        acceptChanges,
        on: say,
        ...(takeovers && { takeovers }),
      });
      const { name, model } = built.agent;
      status.write(`Worker of ${name} (${model}) on ${nameOf(path)}. Ctrl-C stops it.\n`);
      await stopping;
      await stop();
      return 0;
    } finally {
      await built.close();
    }
  } catch (problem) {
    throw secrets === undefined ? problem : secrets.redactError(problem);
  } finally {
    status.close();
    unhear();
    await store.close();
  }
}

function placeOf({ postgres, store }: WorkerFlags, configured: string | undefined, io: Io): string {
  if (postgres === undefined) return storePath(io, store ?? configured);
  if (store !== undefined) throw new UsageError('Give --postgres or --store, not both.');
  if (isPostgres(postgres)) return postgres;
  throw new UsageError('--postgres takes a URL, such as postgres://user@host:5432/database. A file goes to --store.');
}

async function queueOf(path: string, { concurrency, globalConcurrency, rate }: WorkerFlags): Promise<WorkQueue> {
  const { dbosQueue, localQueue } = await import('../run/index.ts');
  const own = concurrency === undefined ? {} : { concurrency };
  if (!isPostgres(path)) {
    if (globalConcurrency === undefined && rate === undefined) return localQueue(own);
    throw new UsageError(
      '--global-concurrency and --rate hold for all workers of a Postgres database. Give --postgres.',
    );
  }
  const options: DbosQueueOptions = { ...own };
  if (globalConcurrency !== undefined) options.globalConcurrency = globalConcurrency;
  if (rate !== undefined) options.rateLimit = parseRate(rate);
  return dbosQueue(path, options);
}

const SECONDS: { readonly [unit: string]: number } = { s: 1, min: 60, h: 3_600 };

function parseRate(text: string): { runs: number; seconds: number } {
  const [, runs = '', unit = ''] = /^([1-9]\d*)\/(s|min|h)$/.exec(text) ?? [];
  const seconds = SECONDS[unit];
  if (seconds === undefined)
    throw new UsageError(`--rate ${text} is no rate. Give runs a time: 5/s, 60/min or 1000/h.`);
  return { runs: Number(runs), seconds };
}

/** Without user and password. */
const nameOf = (path: string) =>
  isPostgres(path) ? `postgres://${new URL(path).host}${new URL(path).pathname}` : path;

/** One line for each piece of news; the same trouble is told once. */
function told(write: (line: string) => void, secrets: Secrets | undefined): (news: WorkerNews) => void {
  let last = '';
  return (news) => {
    if (news.kind === 'advanced') {
      last = '';
      return write(`${news.run}  ${news.status.padEnd(9)}  ${duration(news.ms)}`);
    }
    const problem = messageOf(news.error, secrets);
    if (news.kind === 'trouble') {
      if (problem !== last) write(problem);
      last = problem;
    } else write(`${news.run}  ${problem} Tried again in ${duration(news.retryMs)}.`);
  };
}

function asJson(news: WorkerNews, secrets: Secrets | undefined): object {
  if (news.kind === 'advanced') return news;
  const code = isPoactError(news.error) ? { code: news.error.code } : {};
  return { ...news, error: { ...code, message: messageOf(news.error, secrets) } };
}

function messageOf(error: Error, secrets: Secrets | undefined): string {
  const redacted = secrets === undefined ? error : (secrets.redactError(error) as Error);
  return printable(redacted.message);
}
