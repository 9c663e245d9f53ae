/**
 * The preset PoAct: both controls, joined. The policy controller swaps the step policies plan, thought and code; the action
 * controller selects, checks, reviews, forks and votes (PoAct, arXiv 2501.07054).
 *
 * Each part has an off switch, so that it can be measured.
 *
 * @module
 */
import {
  type ActionControllerOptions,
  type ActionFactory,
  actionController,
  RULES,
  type RuleName,
} from '../action/index.ts';
import {
  answer,
  anyStep,
  code,
  explore,
  type Policy,
  plan,
  poactController,
  read,
  switchPolicies,
  thought,
} from '../policy/index.ts';

/** What {@link poact} is built from. Nothing is needed. */
export interface PoactOptions {
  /** Plans first where tools may take several rounds; `'always'` also over data alone. @default true */
  plan?: boolean | 'always';
  /** Thinks before each program after the first observation; `'always'` before the first one, too. @default true */
  thought?: boolean | 'always';
  /**
   * Has the answer written down where a thought says that an observation shows it, and read where texts were found for the
   * question; off, a program follows. @default true
   */
  answer?: boolean;
  /**
   * One policy for each kind of step. Off, one prompt plays all roles at every step, and the model says which kind of entry
   * it writes ({@link anyStep}): no instruction of its own for each kind, no beginning of the reply, one length for all.
   * A plan is offered when the controller's rules would ask for one; candidates, reviews and breakpoints stay. @default true
   */
  stepPolicies?: boolean;
  /** Looks around with tools that only look before the model is asked ({@link explore}). @default true */
  explore?: boolean;
  /** Selects tools by rank where there are many; off, every step is given all of them. @default true */
  selector?: boolean;
  /** Reviews programs and answers before they take effect: compiler and static rules. @default true */
  review?: boolean;
  /** Reviews the path after each observation. @default true */
  pathReview?: boolean;
  /** Cuts every reply at the marks of other entries. @default true */
  breakpoints?: boolean;
  /** Most programs for one step that has no effects, voted on by result; `false` for one. @default 5 */
  candidates?: number | boolean;
  /** Over rows alone, the second of these programs is one SQL query, and no vote is decided before it. @default false */
  query?: boolean;
  /** A word problem is worked out in words first, and a program checks that; with `candidates`. @default true */
  words?: boolean;
  /** Further options of the action controller; the switches above win. */
  action?: ActionControllerOptions;
}

/** The parts that have an off switch. */
export const POACT_PARTS = [
  'plan',
  'thought',
  'answer',
  'stepPolicies',
  'explore',
  'selector',
  'review',
  'pathReview',
  'breakpoints',
  'candidates',
  'words',
] as const satisfies readonly (keyof PoactOptions)[];

export type PoactPart = (typeof POACT_PARTS)[number];

/**
 * Options of {@link poact} with some parts off.
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, ...poact(without('plan', 'thought')) });
 * ```
 */
export function without(...parts: readonly PoactPart[]): PoactOptions {
  return Object.fromEntries(parts.map((part) => [part, false]));
}

/** Both controls of an agent. */
export interface DualControl {
  policy: Policy;
  action: ActionFactory;
}

/**
 * Builds PoAct's two controls.
 *
 * @throws {OptionError} `candidates` is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, ...poact({ candidates: 3 }) });
 * ```
 */
export function poact(options: PoactOptions = {}): DualControl {
  const {
    plan: planning = true,
    thought: thinking = true,
    answer: answering = true,
    stepPolicies = true,
    explore: exploring = true,
    selector = true,
    review = true,
    pathReview = true,
    breakpoints = true,
    candidates = 5,
    query = false,
    words = true,
    action = {},
  } = options;
  const most = candidates === true ? 5 : candidates === false ? 1 : candidates;
  const controller = poactController({ plan: planning, thought: thinking, answer: answering });
  const steps = {
    plan: plan({ breakpoints }),
    thought: thought({ breakpoints }),
    code: code({ breakpoints, candidates: most, query, words }),
    answer: answer({ breakpoints }),
    read: read(),
  };
  const policy = stepPolicies
    ? switchPolicies({ policies: steps, controller, name: 'poact' })
    : anyStep({ breakpoints, candidates: most, controller });
  return {
    policy: exploring ? explore(policy) : policy,
    action: actionController({
      ...action,
      ...(selector ? {} : { select: { ...action.select, most: Number.POSITIVE_INFINITY } }),
      review: {
        ...action.review,
        path: pathReview && (action.review?.path ?? true),
        ...(review ? {} : { types: false, answers: false, rules: { ...action.review?.rules, ...OFF } }),
      },
    }),
  };
}

/** Every rule that is looked at before something takes effect, switched off. */
const OFF = Object.fromEntries(
  (Object.keys(RULES) as RuleName[]).filter((name) => RULES[name][0] !== 'path').map((name) => [name, false]),
) as { [Name in RuleName]?: false };
