/**
 * The commands `fork`, `diff` and `replay`.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { POLICIES } from './settings.ts';

const RUN = 'its id, the end of it, or `last`';

/** Adds them to the program. What they do is loaded when one is used. */
export function addForkCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const load = () => import('./fork-command.ts');
  program
    .command('fork')
    .description('make a run that shares the beginning of another')
    .argument('<run>', RUN)
    .option('--at <seq>', 'shares the events before this one, as `poact log --jsonl` numbers them')
    .option('--step <number>', 'shares what came before this step')
    .option('--edit <json>', 'fields of the event at that place, told otherwise; the fork goes on after it')
    .option('--model <name>', 'goes on with this model')
    .addOption(new Option('--policy <name>', 'goes on with this policy').choices([...POLICIES]))
    .option('--keep-effects', 'also where calls after that place changed something that stands')
    .option('--resume', 'go on with the fork at once')
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string, options) => end(await (await load()).forkCommand(run, options, io)));
  program
    .command('diff')
    .description('show where two runs part, and what each cost')
    .argument('<run>', RUN)
    .argument('<other>', RUN)
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string, other: string, options) =>
      end(await (await load()).diffCommand(run, other, options, io)),
    );
  program
    .command('replay')
    .description('run the loop once more from the log alone, with no call of a model or a tool, and compare')
    .argument('<run>', RUN)
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string, options) => end(await (await load()).replayCommand(run, options, io)));
}
