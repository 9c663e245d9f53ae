/**
 * The arms of the measurements with a model: policies and action controllers that differ in one named thing each.
 *
 * @module
 */
import { actionController } from '../src/action/index.ts';
import { codeAct, react } from '../src/policy/index.ts';
import { type AgentOptions, type PoactOptions, poact } from '../src/run/index.ts';

/** What an arm gives an agent, and how many steps it may take where that is part of the arm. */
export interface Arm {
  name: string;
  controls(): Pick<AgentOptions, 'policy' | 'action'>;
  steps?: number;
  /** Steps that a turn takes: more than one where thinking is a step of its own. A plan comes before. @default 1 */
  turnSteps?: number;
}

/** Steps in which an arm takes so many turns. */
export const stepsOf = ({ turnSteps = 1 }: Arm, turns: number): number =>
  turnSteps === 1 ? turns : turnSteps * turns + 1;

/** The parts of poact that the tasks with tools are also measured without. */
const PARTS = {
  plan: 'plan',
  stepPolicies: 'step policies',
  explore: 'explore',
  answer: 'answer',
  review: 'static review',
  pathReview: 'path review',
  candidates: 'candidates',
} as const;

/** As the papers have them: nothing is reviewed. */
const NO_REVIEW = { types: false, answers: false, path: false };

/** react, codeAct, poact, and poact without each part: for tasks with tools. */
export const TOOL_ARMS: readonly Arm[] = [
  {
    name: 'react',
    controls: () => ({
      policy: react({ native: false }),
      action: actionController({ format: 'json', review: NO_REVIEW }),
    }),
  },
  { name: 'codeAct', controls: () => ({ policy: codeAct(), action: actionController({ review: NO_REVIEW }) }) },
  { name: 'poact', controls: () => poact(), turnSteps: 2 },
  ...Object.entries(PARTS).map(
    ([part, label]): Arm => ({ name: `poact − ${label}`, controls: () => poact({ [part]: false }), turnSteps: 2 }),
  ),
];

/** One program at a time, no plan, nothing reviewed: what the other file arms add to. */
const BARE: PoactOptions = { plan: false, review: false, pathReview: false, candidates: false };

/** What each part adds, one after the other: for questions over files. The first runs one program and takes what it gives. */
export const FILE_ARMS: readonly Arm[] = [
  { name: 'first program', controls: () => poact(BARE), steps: 1 },
  { name: 'with check', controls: () => poact({ ...BARE, review: true }) },
  { name: 'with candidates', controls: () => poact({ ...BARE, review: true, candidates: true }) },
  { name: 'all of poact', controls: () => poact() },
];

/** The arms of these names, all where none is named. @throws {Error} a name is none. */
export function armsNamed<Named extends { name: string }>(arms: readonly Named[], names: string | undefined): Named[] {
  if (names === undefined) return [...arms];
  return names.split(',').map((name) => {
    const found = arms.find((arm) => plainName(arm.name) === plainName(name));
    if (found === undefined) throw new Error(`No arm "${name}". There are: ${arms.map((arm) => arm.name).join(', ')}.`);
    return found;
  });
}

/** `poact − plan` may be typed as `poact-plan`. */
const plainName = (name: string) => name.toLowerCase().replace(/[^a-z]+/g, '-');
