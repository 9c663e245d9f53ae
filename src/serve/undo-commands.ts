/**
 * The commands that show and take back what runs did: `effects`, `undo`.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { UndoFlags } from './undo-command.ts';

const RUN = 'its id, the end of it, or `last`';

/** Adds them to the program. What they do is loaded when one is used. */
export function addUndoCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const load = () => import('./undo-command.ts');
  program
    .command('effects')
    .description('list what a run may at most have changed, and where to undo each to')
    .argument('<run>', RUN)
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string, options) => end(await (await load()).effectsCommand(run, options, io)));
  program
    .command('undo')
    .description('take back what a run did after an event; it stands there again')
    .argument('<run>', RUN)
    .requiredOption('--to <seq>', 'the last event that is to stand; `poact effects` lists them', eventNumber)
    .option('--dry-run', 'only say what it would do; the exit code is 1 where something is in the way')
    .option('--skip <call...>', 'calls that are left as they are')
    .option('--skip-all', 'leave whatever cannot be taken back as it is')
    .option('--accept-changes', 'take back also what tools did that have changed since')
    .option('--tools <module>', 'the tools, where they are not those the run was begun with')
    .option('--agent <module>', 'the agent, where it is not the one the run was begun with')
    .option('--out <folder>', 'the folder the run wrote to, where it has moved')
    .option('--store <file>', 'where runs are kept')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print the result as one line of JSON, and nothing else')
    .action(async (run: string, options: UndoFlags) => end(await (await load()).undoCommand(run, options, io)));
}

function eventNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give the number of an event.');
}
