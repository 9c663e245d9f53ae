/**
 * The commands that answer what runs wait for: `approvals`, `approve`, `deny`, `answer`, `settle`, `cancel`.
 *
 * @module
 */
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { AnswerFlags } from './waits-command.ts';

const RUN = 'its id, the end of it, or `last`';

/** Adds them to the program. What they do is loaded when one is used. */
export function addWaitCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const load = () => import('./waits-command.ts');
  program
    .command('approvals')
    .description('list what waits for a person, or for a result from outside')
    .argument('[run]', `only this one: ${RUN}`)
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string | undefined, options) => end(await (await load()).approvalsCommand(run, options, io)));

  const answering = (command: Command) =>
    command
      .option('--store <file>', 'where runs are kept')
      .option('--resume', 'go on with the run at once')
      .option('--json', 'as one line of JSON');
  answering(
    program
      .command('approve')
      .description('allow a call that waits')
      .argument('<run>', RUN)
      .argument('[call]', 'its id; may be left out where one waits')
      .option('--edit <json>', 'allow it with these arguments instead')
      .option('--reason <text>', 'why, for the log'),
  ).action(async (run: string, call: string | undefined, { edit, reason, ...flags }: AnswerFlags & Said) =>
    end(await (await load()).decideCommand(run, call, { verdict: 'approve', edit, reason }, flags, io)),
  );
  answering(
    program
      .command('deny')
      .description('refuse a call that waits; the program sees an error with the reason')
      .argument('<run>', RUN)
      .argument('[call]', 'its id; may be left out where one waits')
      .requiredOption('--reason <text>', 'why: the model is told'),
  ).action(async (run: string, call: string | undefined, { reason, ...flags }: AnswerFlags & Said) =>
    end(await (await load()).decideCommand(run, call, { verdict: 'deny', reason }, flags, io)),
  );
  answering(
    program
      .command('answer')
      .description('reply to a question that a run waits with')
      .argument('<run>', RUN)
      .argument('<question>', 'its id, as `approvals` lists it')
      .argument('<text>', 'the reply'),
  ).action(async (run: string, question: string, text: string, flags: AnswerFlags) =>
    end(await (await load()).answerCommand(run, question, text, flags, io)),
  );
  answering(
    program
      .command('settle')
      .description('give the result of a call that was put off, or say whether a call in doubt happened')
      .argument('<run>', RUN)
      .argument('<call>', 'its id, as `approvals` lists it')
      .option('--value <json>', 'its result')
      .option('--error <text>', 'why there is none')
      .option('--not-happened', 'of a call in doubt: it did not happen, and is made again'),
  ).action(async (run: string, call: string, { value, error, notHappened, ...flags }: AnswerFlags & Settled) =>
    end(await (await load()).settleCommand(run, call, { value, error, notHappened }, flags, io)),
  );
  program
    .command('cancel')
    .description('end a run; at its next step where a process is at work on it')
    .argument('<run>', RUN)
    .option('--reason <text>', 'why, for the log')
    .option('--store <file>', 'where runs are kept')
    .option('--json', 'as one line of JSON')
    .action(async (run: string, options) => end(await (await load()).cancelCommand(run, options, io)));
}

interface Said {
  edit?: string;
  reason?: string;
}

interface Settled {
  value?: string;
  error?: string;
  notHappened?: boolean;
}
