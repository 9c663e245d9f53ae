/**
 * The commands `worker` and `follow`.
 *
 * @module
 */
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { atLeastOne, wholeNumber } from './option-values.ts';

/** Adds them to the program. What they do is loaded when one is used. */
export function addWorkerCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('worker')
    .description('go on with the runs that were left to workers (`run --detach`), until Ctrl-C')
    .option(
      '--agent <module>',
      'a module whose default export are options of createAgent; the one that the runs were begun with',
    )
    .option('--postgres <url>', 'the Postgres database that the runs are kept in')
    .option(
      '--store <file>',
      'where runs are kept, a file or postgres://… (default: .poact/runs.db in the current folder)',
    )
    .option('--concurrency <number>', 'most runs at a time here (default: 4)', atLeastOne)
    .option(
      '--global-concurrency <number>',
      'most runs of the model at a time in all workers; Postgres only',
      atLeastOne,
    )
    .option('--rate <limit>', 'most runs of the model that all workers take up in a time, as 60/min; Postgres only')
    .option(
      '--takeovers <number>',
      'fail a run that was taken over this often in a row while each worker died at once (default: 5)',
      atLeastOne,
    )
    .option('--accept-changes', 'go on also with runs that began with another model, policy or tools')
    .option('-y, --yes', 'agree to fetching a local model, and to calls of tools that do not themselves ask')
    .option('--json', 'print what it does as lines of JSON')
    .action(async (options) => end(await (await import('./worker-command.ts')).workerCommand(options, io)));
  program
    .command('follow')
    .description('show a run as it goes on, wherever that is; Ctrl-C detaches')
    .argument('<run>', 'its id, the end of it, or `last`')
    .option('--from <seq>', 'begin with this event, as `poact log --jsonl` numbers them (default: 0)', wholeNumber)
    .option('--store <file>', 'where runs are kept')
    .option('--jsonl', 'as JSON lines, one event a line')
    .option('--verbose', 'show more of each step')
    .action(async (run: string, options) =>
      end(await (await import('./follow-command.ts')).followCommand(run, options, io)),
    );
}
