/**
 * `run`, `continue` and `resume`: one run, shown as it goes, its answer last.
 *
 * @module
 */
import { CancelledError, type Secrets } from '../record/index.ts';
import type { Agent, NewRunOptions, ResumeOptions, RunResult, RunStore } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { terminalAsker } from './ask.ts';
import { type ExitCode, exitCodeOf } from './exit-codes.ts';
import { fetchModel } from './fetch-model.ts';
import type { Asker, Io } from './io.ts';
import { keepSettings, newRunId, settingsOf } from './kept-settings.ts';
import { findRun, openExisting, openStore, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { renderer } from './render.ts';
import { absolute, readConfig, type Settings, settingsOver } from './settings.ts';
import { type StatusLine, statusLine, watched } from './status-line.ts';
import { answerText, brief, usageLine } from './words.ts';

/** What is to be done. */
export type RunOrder = { task: string } | { continue: string; task: string } | { resume: string };

/** What the command line adds to the settings. */
export interface RunFlags {
  yes?: boolean;
  json?: boolean;
  verbose?: boolean;
  /** Files were named on this command line. */
  freshFiles?: boolean;
}

const GOES_ON_WITH =
  'Say what goes on with it: --agent <module>, or --model <name> with the --policy, --tools, --out and --files that it had.';

/** Does it, and gives the exit code. */
export async function runCommand(order: RunOrder, given: Settings, flags: RunFlags, io: Io): Promise<ExitCode> {
  const config = await readConfig(io.cwd);
  const flagged = absolute(given, io.cwd);
  const path = storePath(io, flagged.store ?? config.store);
  const store = 'task' in order && !('continue' in order) ? await openStore(path) : await openExisting(path);
  try {
    const begun = 'continue' in order ? order.continue : 'resume' in order ? order.resume : undefined;
    const run = begun === undefined ? undefined : (await findRun(store, begun)).run;
    const remedy = (flagged.agent ?? flagged.model) ? undefined : GOES_ON_WITH;
    const kept = run === undefined ? settingsOver({}, config) : await settingsOf(path, run, remedy);
    return await drive({
      order,
      run,
      settings: settingsOver(kept ?? {}, flagged),
      path,
      store,
      flags: { ...flags, freshFiles: flagged.files !== undefined },
      io,
    });
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
}

async function drive({ order, run: begun, settings, path, store, flags, io }: Drive): Promise<ExitCode> {
  const paint = paintFor(io.stderr, io.env);
  const quiet = flags.json === true;
  const yes = flags.yes === true;
  const status = statusLine(quiet ? { write: () => {} } : io.stderr, paint);
  const ask = io.ask ?? terminalAsker(paint);
  const abort = new AbortController();
  const unhear = interrupts(io, status, abort);
  const started = Date.now();
  let secrets: Secrets | undefined;
  try {
    const built = await buildAgent(settings, {
      io,
      store,
      yes,
      fetch: (name) => fetchModel(name, { io, status, ask, yes, signal: abort.signal }),
      watch: (model) => watched(model, status),
      secretive: (known) => {
        secrets = known;
      },
    });
    try {
      const leftOut = built.data.skipped.map(
        ({ file, why, files }) => `${file} ${files === undefined ? 'is' : 'are'} left out: ${why}`,
      );
      for (const note of leftOut) status.write(`${paint('yellow', '!')} ${printable(note)}\n`);
      const render = renderer({ write: (text) => status.write(text), paint, detailed: flags.verbose === true });
      let shown = Promise.resolve();
      const options: NewRunOptions & ResumeOptions = {
        signal: abort.signal,
        on: (event) => {
          if (!quiet) shown = shown.then(() => render(event));
        },
      };
      if (settings.seed !== undefined) options.seed = settings.seed;
      // A follow-up has the data of the first turn already.
      if (!('continue' in order) || flags.freshFiles === true) options.data = built.data.variables;
      if (io.interactive) {
        options.onApproval = async (request) => {
          await shown;
          return ask.approve(request);
        };
        options.onQuestion = async ({ question, choices }) => {
          await shown;
          return ask.reply(question, choices);
        };
        if (begun !== undefined) await settleDoubts(begun, store, ask);
      }
      if (begun === undefined) {
        options.run = newRunId();
        await keepSettings(path, options.run, settings);
      }
      const result = await perform(built.agent, order, begun, options);
      await shown;
      status.close();
      // Without --json they were said before the run.
      const warnings = quiet ? [...leftOut, ...result.warnings] : result.warnings;
      report({ ...result, warnings }, Date.now() - started, flags, io);
      return exitCodeOf(result.status);
    } finally {
      await built.close();
    }
  } catch (problem) {
    throw secrets === undefined ? problem : secrets.redactError(problem);
  } finally {
    status.close();
    unhear();
  }
}

function perform(agent: Agent, order: RunOrder, begun: string | undefined, options: NewRunOptions & ResumeOptions) {
  if (begun === undefined) return agent.run((order as { task: string }).task, options);
  return 'task' in order ? agent.continue(begun, order.task, options) : agent.resume(begun, options);
}

/** A crash can leave a call of which nobody knows whether it happened: somebody has to look. */
export async function settleDoubts(run: string, store: RunStore, ask: Asker): Promise<void> {
  const events = await store.read(run);
  const suspend = events.findLast((event) => event.kind === 'suspend' || event.kind === 'run-end');
  if (suspend?.kind !== 'suspend') return;
  for (const { for: what, id } of suspend.waiting) {
    if (what !== 'doubt') continue;
    const call = events.find((event) => event.kind === 'call' && event.id === id);
    const name = call?.kind === 'call' ? `${call.tool}(${brief(call.args)})` : id;
    const underWay = call?.kind === 'call' && call.undoes !== undefined ? `taking back ${name}` : name;
    const happened = await ask.confirm(`The process ended while ${underWay} was under way. Did it happen?`);
    if (happened !== undefined) await store.post(run, { kind: 'doubt', call: id, happened });
  }
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
    const line = { answer: answer ?? null, status, run, usage, warnings, ...(status !== 'answered' && { why }) };
    io.stdout.write(`${JSON.stringify(line)}\n`);
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
  suspended: (run) => `See it: poact approvals ${run}. Go on with: poact resume ${run}`,
  cancelled: (run) => `Go on with: poact resume ${run}`,
  stopped: (run) =>
    `Go on with a larger limit: poact resume ${run} --steps 60 (or --budget 40000tokens, 0.20usd, 10min), or look at it: poact log ${run}`,
  failed: (run) => `Look at it: poact log ${run}`,
};
