/**
 * `run --detach` and `resume --detach`: the run is in the store, and workers go on with it.
 *
 * @module
 */
import type { LoadedVariable } from '../environment/index.ts';
import type { Agent } from '../run/index.ts';
import { buildAgent } from './agent.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import type { Io } from './io.ts';
import { findRun, openExisting, openStore, storePath } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import type { RunFlags, RunOrder } from './run-command.ts';
import { absolute, isPostgres, keepSettings, readConfig, type Settings, settingsOf } from './settings.ts';

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
  const store = 'resume' in order ? await openExisting(path) : await openStore(path);
  try {
    const begun = 'resume' in order ? (await findRun(store, order.resume)).run : undefined;
    const kept = begun === undefined ? config : await settingsOf(path, begun);
    const module = flagged.agent ?? kept.agent;
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
      const run = begun ?? (await start(agent, order, flagged.files ?? config.files, given.seed, io));
      if (begun !== undefined) await agent.enqueue(begun);
      await keepSettings(path, run, { agent: module });
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

async function start(
  agent: Agent,
  order: RunOrder,
  files: Settings['files'],
  seed: number | undefined,
  io: Io,
): Promise<string> {
  const { task } = order as { task: string };
  const data = files === undefined ? [] : await variablesOf(files, agent, io);
  const { run } = await agent.start(task, { data, ...(seed === undefined ? {} : { seed }) });
  return run;
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
  for (const { file, why } of skipped) {
    io.stderr.write(`${paint('yellow', '!')} ${printable(file)} is left out: ${printable(why)}\n`);
  }
  return variables;
}
