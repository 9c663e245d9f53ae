/**
 * `run`, `continue` and `resume`: one run, shown as it goes, its answer last.
 *
 * @module
 */
import { CancelledError } from '../record/index.ts';
import type { RunResult, RunStore } from '../run/index.ts';
import { buildAgent, catalogueName, DEFAULT_MODEL, modelOf } from './agent.ts';
import { type Asker, terminalAsker } from './ask.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import { fetchModel } from './fetch-model.ts';
import type { Io } from './io.ts';
import { findRun, openExisting, openStore, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { renderer } from './render.ts';
import { absolute, keepSettings, readConfig, type Settings, settingsOf } from './settings.ts';
import { type StatusLine, statusLine, watched } from './status-line.ts';
import { answerText, usageLine } from './words.ts';

/** What is to be done. */
export type RunOrder = { task: string } | { continue: string; task: string } | { resume: string };

/** What the command line adds to the settings. */
export interface RunFlags {
  yes?: boolean;
  json?: boolean;
  verbose?: boolean;
}

/** Does it, and gives the exit code. */
export async function runCommand(
  order: RunOrder,
  given: Settings,
  flags: RunFlags,
  io: Io,
  asker?: Asker,
): Promise<ExitCode> {
  const config = await readConfig(io.cwd);
  const flagged = absolute(given, io.cwd);
  const path = storePath(io, flagged.store ?? config.store);
  const store = 'task' in order && !('continue' in order) ? await openStore(path) : await openExisting(path);
  try {
    const begun = 'continue' in order ? order.continue : 'resume' in order ? order.resume : undefined;
    const run = begun === undefined ? undefined : (await findRun(store, begun)).run;
    const kept = run === undefined ? config : await settingsOf(path, run);
    return await drive({ order, run, settings: { ...kept, ...flagged }, path, store, flags, io, asker });
  } finally {
    await store.close();
  }
}

interface Drive {
  order: RunOrder;
  /** The run that goes on; a new one where there is none. */
  run: string | undefined;
  settings: Settings;
  path: string;
  store: RunStore;
  flags: RunFlags;
  io: Io;
  asker: Asker | undefined;
}

async function drive({ order, run: begun, settings, path, store, flags, io, asker }: Drive): Promise<ExitCode> {
  const paint = paintFor(io.stderr, io.env);
  const quiet = flags.json === true;
  const status = statusLine(quiet ? { write: () => {} } : io.stderr, paint);
  const ask = asker ?? terminalAsker(paint);
  const abort = new AbortController();
  const unhear = interrupts(io, status, abort);
  const started = Date.now();
  try {
    const model = await readyModel(settings, flags, io, status, ask, abort.signal);
    const built = await buildAgent(settings, watched(model, status), store);
    try {
      for (const { file, why } of built.data.skipped)
        status.write(`${paint('yellow', '!')} ${printable(file)} is left out: ${printable(why)}\n`);
      const render = renderer({ write: (text) => status.write(text), paint, detailed: flags.verbose === true });
      let shown = Promise.resolve();
      let kept: Promise<void> = Promise.resolve();
      const options = {
        data: built.data.variables,
        signal: abort.signal,
        ...(settings.seed === undefined ? {} : { seed: settings.seed }),
        on: (event: Parameters<typeof render>[0]) => {
          if (event.kind === 'run-start') kept = keepSettings(path, event.run, settings);
          if (!quiet) shown = shown.then(() => render(event));
        },
        ...(io.interactive || asker !== undefined
          ? {
              onApproval: async (request: Parameters<Asker['approve']>[0]) => {
                await shown;
                return ask.approve(request);
              },
              onQuestion: async (question: { question: string; choices?: readonly string[] | undefined }) => {
                await shown;
                return ask.reply(question.question, question.choices);
              },
            }
          : {}),
      };
      const { agent } = built;
      const result =
        'resume' in order
          ? await agent.resume(begun as string, options)
          : 'continue' in order
            ? await agent.continue(begun as string, order.task, options)
            : await agent.run(order.task, options);
      await shown;
      await kept;
      status.close();
      report(result, Date.now() - started, flags, io);
      return exitCodeOf(result.status);
    } finally {
      await built.close();
      await model.close?.();
    }
  } finally {
    status.close();
    unhear();
  }
}

/** The model, its weights fetched where it is a local one. */
async function readyModel(
  settings: Settings,
  { yes = false }: RunFlags,
  io: Io,
  status: StatusLine,
  ask: Asker,
  signal: AbortSignal,
) {
  const model = await modelOf(settings, io);
  const name = settings.model ?? DEFAULT_MODEL;
  if (io.model?.(name) !== undefined) return model;
  const wanted = await catalogueName(name);
  if (wanted !== undefined) await fetchModel(wanted, { io, status, ask, yes, signal });
  return model;
}

/** The first Ctrl-C ends the run in good order, the second the process. */
function interrupts(io: Io, status: StatusLine, abort: AbortController): () => void {
  return io.onInterrupt(() => {
    if (abort.signal.aborted) return io.exit(130);
    status.write('Stopping. Once more to end at once.\n');
    abort.abort(new CancelledError('Cancelled with Ctrl-C.'));
  });
}

function report(result: RunResult, ms: number, { json = false }: RunFlags, io: Io): void {
  const { answer, status, run, usage, warnings, why } = result;
  if (json) {
    io.stdout.write(`${JSON.stringify({ answer: answer ?? null, status, run, usage, warnings })}\n`);
    return;
  }
  const paint = paintFor(io.stderr, io.env);
  const dim = (text: string) => io.stderr.write(`${paint('dim', text)}\n`);
  for (const warning of warnings) io.stderr.write(`${paint('yellow', '!')} ${printable(warning)}\n`);
  dim(`${run} · ${usageLine(usage, ms)}`);
  if (status === 'answered') {
    const bold = paintFor(io.stdout, io.env);
    io.stdout.write(`${bold('bold', printable(answerText(answer)))}\n`);
    return;
  }
  io.stderr.write(`${paint('yellow', status)}: ${printable(why)}\n${NEXT[status](run)}\n`);
}

/** What to do next, by how it ended. */
const NEXT: { readonly [Status in Exclude<RunResult['status'], 'answered'>]: (run: string) => string } = {
  suspended: (run) => `Go on with: poact resume ${run}`,
  cancelled: (run) => `Go on with: poact resume ${run}`,
  stopped: (run) => `Go on with a larger limit: poact resume ${run} --steps 60, or look at it: poact log ${run}`,
  failed: (run) => `Look at it: poact log ${run}`,
};
