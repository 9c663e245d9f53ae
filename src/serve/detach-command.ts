/**
 * `run`, `continue` and `resume` with `--detach`: the run is in the store, and workers go on with it.
 *
 * @module
 */
import type { LoadedVariable } from '../environment/index.ts';
import type { Agent } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { keepSettings, newRunId, settingsOf } from './kept-settings.ts';
import { findRun, openExisting, openStore, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import type { RunFlags, RunOrder } from './run-command.ts';
import { absolute, isPostgres, readConfig, type Settings } from './settings.ts';

/** What would make another agent than the workers have. */
const OF_THE_AGENT = ['model', 'policy', 'tools', 'out', 'steps', 'budget'] as const;

/** Leaves a run to workers: prints its id, and on the way how to follow it and what goes on with it. */
export async function detachCommand(order: RunOrder, given: Settings, flags: RunFlags, io: Io): Promise<ExitCode> {
  const config = await readConfig(io.cwd);
  const flagged = absolute(given, io.cwd);
  const refused = OF_THE_AGENT.find((key) => flagged[key] !== undefined);
  if (refused !== undefined) {
    throw new UsageError(
      `--${refused} cannot go with --detach: workers have the agent as its module makes it. Say it there.`,
    );
  }
  const path = storePath(io, flagged.store ?? config.store);
  const wanted = 'continue' in order ? order.continue : 'resume' in order ? order.resume : undefined;
  const store = wanted === undefined ? await openStore(path) : await openExisting(path);
  try {
    const begun = wanted === undefined ? undefined : (await findRun(store, wanted)).run;
    const remedy = flagged.agent === undefined ? 'Say what goes on with it: --agent <module>.' : undefined;
    const kept = begun === undefined ? config : await settingsOf(path, begun, remedy);
    const module = flagged.agent ?? kept?.agent;
    if (module === undefined) {
      throw new UsageError(
        '--detach needs --agent, the module that the workers are started with: poact run --detach --agent agent.ts "…"',
      );
    }
    const { agent, close } = await buildAgent(
      { agent: module },
      { io, store, yes: flags.yes === true, fetch: async () => {}, watch: (model) => model, secretive: () => {} },
    );
    try {
      const run = begun ?? newRunId();
      await keepSettings(path, run, begun === undefined ? { agent: module } : { ...kept, agent: module });
      // A follow-up has the data of the first turn already.
      await leave(agent, order, run, begun === undefined ? { ...config, ...flagged } : flagged, io);
      if (flags.json) io.stdout.write(`${JSON.stringify({ run })}\n`);
      else {
        io.stdout.write(`${run}\n`);
        const place = isPostgres(path) ? '--postgres <url>' : `--store ${path}`;
        io.stderr.write(`Follow it: poact follow ${run}\n`);
        io.stderr.write(
          `A worker of ${agent.name} goes on with it. Where none runs: poact worker ${place} --agent ${module}\n`,
        );
      }
      return 0;
    } finally {
      await close();
    }
  } finally {
    await store.close();
  }
}

async function leave(agent: Agent, order: RunOrder, run: string, { files, seed }: Settings, io: Io): Promise<void> {
  if (!('task' in order)) return agent.enqueue(run);
  const { task } = order;
  const data = files === undefined ? [] : await variablesOf(files, agent, io);
  if ('continue' in order) return agent.enqueue(run, { task, data });
  await agent.start(task, { run, data, ...(seed === undefined ? {} : { seed }) });
}

/** Data goes along in the store; what needs a tool to be read stays on this machine, where no worker may be. */
async function variablesOf(files: string | string[], agent: Agent, io: Io): Promise<readonly LoadedVariable[]> {
  const { readData } = await import('../environment/index.ts');
  const { variables, skipped, tables } = await readData(files, { reserved: agent.tools.map(({ name }) => name) });
  await tables?.close();
  if (tables !== undefined) {
    throw new UsageError(
      'A file of --files is too large to go along with the run. Give the agent a tool that queries it.',
    );
  }
  const paint = paintFor(io.stderr, io.env);
  for (const { file, why, files: several } of skipped) {
    io.stderr.write(
      `${paint('yellow', '!')} ${printable(file)} ${several === undefined ? 'is' : 'are'} left out: ${printable(why)}\n`,
    );
  }
  return variables;
}
