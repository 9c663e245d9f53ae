/**
 * The command line. Everything behind a command is loaded when it is used, so that `--help` is quick.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { addEvalCommands } from './eval-commands.ts';
import { EXIT_CODES, type ExitCode, UsageError } from './exit-codes.ts';
import { addForkCommands } from './fork-commands.ts';
import { type Io, processIo } from './io.ts';
import { wholeNumber } from './option-values.ts';
import type { RunFlags, RunOrder } from './run-command.ts';
import { POLICIES, type Settings } from './settings.ts';
import { taskOf } from './task.ts';
import { addUndoCommands } from './undo-commands.ts';
import { addWaitCommands } from './wait-commands.ts';
import { addWorkerCommands } from './worker-commands.ts';

/** The options of `run`, `continue` and `resume`, as commander gives them. */
type RunOptions = RunFlags & Settings;
interface Detach {
  detach?: boolean;
}

const TASK = 'what is to be done; - reads it from standard input';

const EXIT_HELP = `
Exit codes:
${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`)
  .join('\n')}
`;

/**
 * Runs the command line and gives the exit code. It never throws: what went wrong is said in a sentence, with what to do.
 *
 * @param argv Without the interpreter and the script.
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = commands(io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (problem) {
    if (problem instanceof CommanderError && problem.code === 'commander.missingArgument') {
      io.stderr.write(swallowed(problem, argv));
    }
    return say(problem, io);
  }
}

/** An option that takes many values takes also what was meant as an argument. */
function swallowed({ message }: CommanderError, argv: readonly string[]): string {
  const option = argv.find((one) => one === '--files' || one === '--skip');
  const [, name] = /argument '(\w+)'/.exec(message) ?? [];
  return option === undefined
    ? ''
    : `All that follows ${option} counts as its values: put the ${name} before ${option}.\n`;
}

function commands(io: Io, end: (code: ExitCode) => void): Command {
  const program = new Command('poact')
    .description('Agents that act in TypeScript, under dual control.')
    .version(packageVersion(), '-v, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText('after', EXIT_HELP)
    .showHelpAfterError('(--help lists what there is)');
  const settings = (command: Command) =>
    command
      .option('--model <name>', 'local, local/0.5b, openai/gpt-5, http://host/v1#name, or a GGUF file (default: local)')
      .option('--files <path...>', 'files and folders that stand in the session as typed variables')
      .option('--out <folder>', 'a folder the run may write to, each change undoable')
      .addOption(new Option('--policy <name>', 'how it thinks (default: poact)').choices([...POLICIES]))
      .option('--tools <module>', 'a module that exports tools')
      .option('--agent <module>', 'a module whose default export are options of createAgent')
      .option('--steps <number>', 'most steps (default: 30)', wholeNumber)
      .option('--budget <limit>', '0.10usd, 20000tokens, 20steps, 30calls, 5min, or several with commas')
      .option('--seed <number>', 'seed of sampling and of the guest’s Math.random', wholeNumber)
      .option(
        '--store <file>',
        'where runs are kept, a file or postgres://… (default: .poact/runs.db in the current folder)',
      )
      .option(
        '-y, --yes',
        'agree to fetching a local model, and to calls of --tools and --out; a tool that itself asks is asked for',
      )
      .option('--json', 'print the result as one line of JSON, and nothing else')
      .option('--verbose', 'show more of each step');
  const detached = (command: Command) =>
    settings(command).option('--detach', 'leave the run to workers of --agent, print its id, and end');
  const perform = async (order: RunOrder, { yes, json, verbose, detach, ...given }: RunOptions & Detach) => {
    const flags = { ...(yes ? { yes } : {}), ...(json ? { json } : {}), ...(verbose ? { verbose } : {}) };
    const told = 'task' in order ? { ...order, task: await taskOf(order.task, io) } : order;
    if (detach) end(await (await import('./detach-command.ts')).detachCommand(told, given, flags, io));
    else end(await (await import('./run-command.ts')).runCommand(told, given, flags, io));
  };

  detached(program.command('run').description('solve a task').argument('<task>', TASK)).action(
    (task: string, options: RunOptions) => perform({ task }, options),
  );
  detached(
    program
      .command('continue')
      .description('ask more of a run')
      .argument('<run>', 'its id, the end of it, or `last`')
      .argument('<task>', TASK),
  ).action((run: string, task: string, options: RunOptions) => perform({ continue: run, task }, options));
  detached(
    program
      .command('resume')
      .description('go on with a run that waits, was cancelled, or whose process ended')
      .argument('<run>', 'its id, the end of it, or `last`'),
  ).action((run: string, options: RunOptions) => perform({ resume: run }, options));

  addWaitCommands(program, io, end);
  addForkCommands(program, io, end);
  addUndoCommands(program, io, end);
  addWorkerCommands(program, io, end);
  addEvalCommands(program, io, end);
  program
    .command('runs')
    .description('list the runs')
    .option('--store <file>', 'where runs are kept')
    .addOption(
      new Option('--status <status>', 'only these').choices([
        'running',
        'interrupted',
        'answered',
        'suspended',
        'stopped',
        'failed',
        'cancelled',
      ]),
    )
    .option('--limit <number>', 'most that are listed (default: 20)')
    .option('--json', 'as one line of JSON')
    .action(async (options) => end(await (await import('./log-command.ts')).runsCommand(options, io)));
  program
    .command('log')
    .description('show a run')
    .argument('<run>', 'its id, the end of it, or `last`')
    .option('--store <file>', 'where runs are kept')
    .option('--jsonl', 'as JSON lines, one event a line')
    .option('--prompt <step>', 'what the model read and replied in a step', wholeNumber)
    .action(async (run, options) => end(await (await import('./log-command.ts')).logCommand(run, options, io)));

  const models = program.command('models').description('the local models of this machine');
  models
    .command('pull')
    .description('fetch one')
    .argument('[name]')
    .option('-y, --yes', 'do not ask')
    .action(async (name, options) => end(await (await import('./models-command.ts')).pullCommand(name, options, io)));
  models
    .command('list')
    .description('what there is, and what is here')
    .option('--json', 'as one line of JSON')
    .action(async (options) => end(await (await import('./models-command.ts')).listCommand(options, io)));
  models
    .command('path')
    .description('where one lies')
    .argument('[name]')
    .action(async (name) => end(await (await import('./models-command.ts')).pathCommand(name, io)));
  models
    .command('serve')
    .description('serve one as the OpenAI API does, on this machine only')
    .argument('[name]', 'as --model takes it (default: local)')
    .option('--port <number>', 'the port', wholeNumber)
    .option('-y, --yes', 'agree to fetching it')
    .action(async (name, options) => end(await (await import('./models-command.ts')).serveCommand(name, options, io)));
  program
    .command('doctor')
    .description('look whether all that is needed is here')
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (options) => end(await (await import('./doctor.ts')).doctorCommand(options, io)));
  return program;
}

/** The version in the package’s own package.json, which is two folders up in the sources and in dist alike. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Codes of errors that are the command line's. */
const MISUSE: ReadonlySet<string> = new Set(['option-invalid', 'model-unknown', 'run-unknown', 'undo-place']);

/** Says what went wrong, without a stack unless `POACT_DEBUG` is set, and gives the exit code. */
async function say(problem: unknown, io: Io): Promise<ExitCode> {
  // Commander has said it already.
  if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2;
  const { isPoactError } = await import('../record/index.ts');
  const { printable } = await import('./paint.ts');
  const message = problem instanceof Error ? problem.message : String(problem);
  io.stderr.write(`${printable(message)}\n`);
  if (io.env.POACT_DEBUG && problem instanceof Error) io.stderr.write(`${problem.stack}\n`);
  if (problem instanceof UsageError) return 2;
  if (!isPoactError(problem)) {
    if (!io.env.POACT_DEBUG) io.stderr.write('That is a bug of poact. POACT_DEBUG=1 shows where.\n');
    return 1;
  }
  io.stderr.write(`(${problem.code}; docs/errors.md says more)\n`);
  if (problem.code === 'cancelled') return 5;
  return MISUSE.has(problem.code) ? 2 : 1;
}
