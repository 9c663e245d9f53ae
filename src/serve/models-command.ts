/**
 * `models`: the local models of this machine.
 *
 * @module
 */
import { modelOf } from './agent.ts';
import { terminalAsker } from './ask.ts';
import type { ExitCode } from './exit-codes.ts';
import { fetchModel } from './fetch-model.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { statusLine } from './status-line.ts';
import { size } from './words.ts';

/** Lists the catalogue, and what of it is here. */
export async function listCommand({ json = false }: { json?: boolean }, io: Io): Promise<ExitCode> {
  const { listModels, modelsFolder } = await import('../model/index.ts');
  const models = listModels(io.env);
  if (json) {
    io.stdout.write(
      `${JSON.stringify(models.map(({ name, title, kind, bytes, license, path, present }) => ({ name, title, kind, bytes, license, path, present })))}\n`,
    );
    return 0;
  }
  const paint = paintFor(io.stdout, io.env);
  for (const { name, title, bytes, license, present } of models) {
    const mark = present ? paint('green', 'here  ') : paint('dim', 'absent');
    io.stdout.write(`${name.padEnd(8)} ${mark} ${size(bytes).padStart(8)}  ${title} (${license})\n`);
  }
  io.stderr.write(`They lie in ${modelsFolder(io.env)}.\n`);
  return 0;
}

/** Fetches one. */
export async function pullCommand(
  name: string | undefined,
  { yes = false }: { yes?: boolean },
  io: Io,
): Promise<ExitCode> {
  const { DEFAULT_LOCAL_MODEL } = await import('../model/index.ts');
  const paint = paintFor(io.stderr, io.env);
  const status = statusLine(io.stderr, paint);
  const abort = new AbortController();
  const unhear = io.onInterrupt(() => (abort.signal.aborted ? io.exit(130) : abort.abort()));
  try {
    const path = await fetchModel(name ?? DEFAULT_LOCAL_MODEL, {
      io,
      status,
      ask: io.ask ?? terminalAsker(paint),
      yes,
      signal: abort.signal,
    });
    io.stdout.write(`${path}\n`);
    return 0;
  } finally {
    unhear();
    status.close();
  }
}

/** Says where one lies, or would lie. */
export async function pathCommand(name: string | undefined, io: Io): Promise<ExitCode> {
  const { DEFAULT_LOCAL_MODEL, hasModel, modelPath } = await import('../model/index.ts');
  const wanted = name ?? DEFAULT_LOCAL_MODEL;
  io.stdout.write(`${modelPath(wanted, io.env)}\n`);
  if (hasModel(wanted, io.env)) return 0;
  io.stderr.write(`It is not there yet. Fetch it with: poact models pull ${wanted}\n`);
  return 1;
}

/** Serves one as the OpenAI API does, until Ctrl-C. */
export async function serveCommand(
  name = 'local',
  { port, yes = false }: { port?: number; yes?: boolean },
  io: Io,
): Promise<ExitCode> {
  const { serveModel } = await import('../model/index.ts');
  const paint = paintFor(io.stderr, io.env);
  const status = statusLine(io.stderr, paint);
  const ended = Promise.withResolvers<void>();
  const abort = new AbortController();
  const unhear = io.onInterrupt(() => {
    abort.abort();
    ended.resolve();
  });
  try {
    const fetch = (wanted: string) =>
      fetchModel(wanted, { io, status, ask: io.ask ?? terminalAsker(paint), yes, signal: abort.signal });
    const model = await modelOf(name, io, fetch);
    const server = await serveModel(model, port === undefined ? {} : { port });
    io.stdout.write(`${server.url}\n`);
    io.stderr.write(
      `${model.id} is served there until Ctrl-C. Use it with: poact run "…" --model ${server.url}#${name}\n`,
    );
    await ended.promise;
    await server.close();
    await model.close?.();
    return 0;
  } finally {
    unhear();
    status.close();
  }
}
