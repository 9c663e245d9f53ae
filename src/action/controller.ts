/**
 * The action controller: it chooses what a step may use, reviews decisions and the path, and executes.
 *
 * It is put together from parts that know nothing of each other: selection, reviews by named rules, and one executor
 * for each kind of action.
 *
 * @module
 */

import type { Model } from '../model/index.ts';
import { OptionError, type RunEvent, requirePositive } from '../record/index.ts';
import { quickjs, type Sandbox, type SandboxLimits } from '../sandbox/index.ts';
import type { ActionController } from './action.ts';
import { type CandidatesOptions, executeCandidates } from './candidates.ts';
import { checkPrograms } from './check-programs.ts';
import { executeCode } from './execute-code.ts';
import { executeJson } from './execute-json.ts';
import { taskPercentages } from './numbers.ts';
import { percentInCalls } from './percent.ts';
import type { ProposeOptions } from './propose.ts';
import { review } from './review.ts';
import { reviewByModel } from './review-by-model.ts';
import { GO_ON, reviewPath } from './review-path.ts';
import { reviewProgram } from './review-program.ts';
import { checksOff, type RuleSwitches, switchesOf } from './rules.ts';
import { type SelectOptions, selector } from './select.ts';
import type { NamedTool } from './tool.ts';

/** What an action controller is built for. */
export interface ActionParts {
  tools: readonly NamedTool[];
  /** The agent's model, for reviews by a model. */
  model?: Model;
}

/** Builds the action controller of an agent. */
export type ActionFactory = (parts: ActionParts) => ActionController;

export interface ReviewOptions {
  /** Checks programs with the TypeScript compiler before they run. @default true */
  types?: boolean;
  /** Reviews answers. @default true */
  answers?: boolean;
  /** Reviews the path after each observation. @default true */
  path?: boolean;
  /** Switches single rules off, by name. @default all on */
  rules?: RuleSwitches;
}

/** What {@link actionController} is built from. Nothing is needed. */
export interface ActionControllerOptions {
  /** What a step's action is: a program, or tool calls as data. @default 'code' */
  format?: 'code' | 'json';
  select?: SelectOptions;
  review?: ReviewOptions;
  candidates?: CandidatesOptions;
  /** When a program's value is proposed as the answer without `answer()`. */
  propose?: ProposeOptions;
  /** Longest observation, in characters; a longer one loses its middle, and its whole is kept as a variable. @default 4_000 */
  observationChars?: number;
  /** Where programs run. @default a `quickjs()` that all controllers of this process share */
  sandbox?: Sandbox;
  /** Limits of the run's session. */
  limits?: SandboxLimits;
  /** The path is also judged by the agent's model, where the rules found nothing. One more model call a step. @default false */
  model?: boolean;
}

/** All controllers of a process share its workers: starting one takes longer than most programs. */
let shared: Sandbox | undefined;

function sharedSandbox(): Sandbox {
  shared ??= quickjs();
  return shared;
}

/**
 * Builds action controllers.
 *
 * @throws {OptionError} an option cannot work.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, action: actionController({ review: { rules: { repeated: false } } }) });
 * ```
 */
export function actionController(options: ActionControllerOptions = {}): ActionFactory {
  const {
    format = 'code',
    observationChars = 4_000,
    model = false,
    limits,
    select = {},
    candidates = {},
    propose = {},
  } = options;
  const { types = true, answers = true, path = true, rules } = options.review ?? {};
  const { agreeing = 1 } = candidates;
  requirePositive({ observationChars, 'candidates.agreeing': agreeing });
  if (format !== 'code' && format !== 'json')
    throw new OptionError('format', `expected 'code' or 'json', got ${JSON.stringify(format)}.`);
  const on = switchesOf(rules);
  return ({ tools }): ActionController => {
    const choose = selector(tools, format, select);
    const reviewing = { tools, on, answers, ...(types ? { check: checkPrograms(checksOff(rules)) } : {}) };
    const executing = () => {
      const { sandbox = sharedSandbox() } = options;
      return {
        tools,
        sandbox,
        observationChars,
        propose,
        agreeing,
        on,
        reviewProgram: (code: string, run: Parameters<typeof reviewProgram>[2]) =>
          reviewProgram(reviewing, { code }, run),
        reviewCalls: (calls: readonly RunEvent<'call'>[], run: Parameters<typeof reviewProgram>[2]) =>
          reviewing.on('percent-as-fraction')
            ? percentInCalls(tools, calls, run.view.project(taskPercentages))
            : undefined,
        ...(limits === undefined ? {} : { limits }),
      };
    };
    return {
      select: choose,
      review: (decision, run) => review(reviewing, decision, run),
      execute(action, run) {
        if (action.kind === 'call') return executeJson({ observationChars }, action, run);
        if (action.kind === 'candidates') return executeCandidates(executing(), action, run);
        return executeCode(executing(), action, run);
      },
      reviewPath(run) {
        const verdict = path ? reviewPath(reviewing, run) : GO_ON;
        return model && verdict.verdict === 'go-on' ? reviewByModel(run) : verdict;
      },
    };
  };
}
