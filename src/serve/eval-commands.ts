/**
 * The command `eval`.
 *
 * @module
 */
import { type Command, Option } from 'commander';
import type { EvalFlags } from './eval-command.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import { atLeastOne } from './option-values.ts';

const EXAMPLES = `
Examples:
  poact eval                                                   lists the task sets
  poact eval m3tooleval --policy poact,react --data ../data    compares two policies on 20 tasks
  poact eval gsm8k --without plan,review --tasks 50            poact, and poact without each of two parts
  poact eval gsm8k --name new --against old --fail-if "difference<-0.05"
  poact eval --show new --format markdown                      the table of what was run before
`;

/** Adds it to the program. What it does is loaded when it is used. */
export function addEvalCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('eval')
    .description('ask the tasks of public sets, and compare policies on them')
    .argument('[sets...]', 'names of task sets; none: lists them')
    .option('--data <folder>', 'the folder that holds a folder for each set (default: POACT_DATA)')
    .option('--policy <names>', 'poact, react, codeAct, planExecute, oracle, random, with commas (default: poact)')
    .option('--without <parts>', 'also poact without each of these parts, with commas')
    .option('--model <name>', 'as `run` takes it (default: local)')
    .addOption(
      new Option('--fold <fold>', 'which half of the tasks (default: development)').choices([
        'development',
        'reporting',
      ]),
    )
    .option('--tasks <number>', 'most tasks of each set (default: 20)', atLeastOne)
    .option('--kind <kinds>', 'only tasks of these kinds, with commas')
    .option('--ids <ids>', 'these tasks, of either half, with commas')
    .option('--seeds <numbers>', 'each task once with each, with commas (default: 1)')
    .option('--sent-tokens <number>', 'most tokens that an attempt sends to the model', atLeastOne)
    .option('--steps <number>', 'most steps of an attempt', atLeastOne)
    .option('--parallel <number>', 'attempts at once (default: 1)', atLeastOne)
    .option('--name <name>', 'of the experiment; the same name goes on with it (default: of sets and model)')
    .option('--show <name>', 'print the table of an experiment, and ask nothing')
    .option('--against <name>', 'compare with an earlier experiment, arm by arm, on the tasks of both')
    .option(
      '--fail-if <conditions>',
      'exit with 6 where one holds of an arm, or has no figure: "success<0.8, difference<-0.05"',
    )
    .addOption(new Option('--format <format>', 'of the table (default: text)').choices(['text', 'markdown', 'json']))
    .option('--html <file>', 'also write the table, the attempts and the steps of those that failed as one page')
    .option('--store <file>', 'where its runs are kept (default: .poact/eval.db in the current folder)')
    .option('-y, --yes', 'agree to fetching a local model')
    .addHelpText('after', EXAMPLES)
    .action(async (sets: string[], options: EvalFlags) =>
      end(await (await import('./eval-command.ts')).evalCommand(sets, options, io)),
    );
}
