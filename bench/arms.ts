/**
 * The arms of the measurements with a model: policies and action controllers that differ in one named thing each.
 *
 * @module
 */
import { actionController, type ToolRecord } from '../src/action/index.ts';
import { type Arm, ablations, type Scene } from '../src/eval/index.ts';
import type { Model } from '../src/model/index.ts';
import { codeAct, planExecute, react } from '../src/policy/index.ts';
import { type PoactOptions, type PoactPart, poact } from '../src/run/index.ts';

export interface ArmOptions {
  model: Model;
  /** Decisions to act of an attempt; thinking and planning are steps of their own and do not count. Left out, tokens and time bound it. */
  turns?: number;
  /** Longest an attempt may take. */
  ms: number;
  /** Tools beside those of the world, for every arm. */
  tools?: ToolRecord;
  /** Tools in place of variables, for arms that call tools as data. */
  reading?: (scene: Scene) => ToolRecord;
}

/** More than any arm gets to within its tokens. */
const MOST_STEPS = 60;

/** As the papers have them: nothing is reviewed. */
const unreviewed = (format: 'code' | 'json') =>
  actionController({ format, review: { types: false, answers: false, path: false } });

/** `react`, `codeAct` and `planExecute`. */
export function paperArms({ model, turns, ms, tools = {}, reading = () => ({}) }: ArmOptions): Arm[] {
  const asData = (scene: Scene) => ({
    model,
    tools: { ...tools, ...reading(scene) },
    action: unreviewed('json'),
  });
  const limits = { steps: turns ?? MOST_STEPS, ms };
  return [
    { name: 'react', agent: (scene) => ({ ...asData(scene), policy: react({ native: false }), limits }) },
    { name: 'codeAct', agent: () => ({ model, tools, policy: codeAct(), action: unreviewed('code'), limits }) },
    {
      name: 'planExecute',
      agent: (scene) => ({
        ...asData(scene),
        policy: planExecute({ executor: react({ native: false }) }),
        // A plan, and what came of each step, are steps of their own.
        limits: { steps: turns === undefined ? MOST_STEPS : 3 * turns, ms },
      }),
    },
  ];
}

/** `poact`, and `poact` without each of some parts. A thought stands before each program, and a plan before all. */
export function poactArms({ model, turns, ms, tools = {} }: ArmOptions, parts: readonly PoactPart[] = []): Arm[] {
  const limits = { steps: turns === undefined ? MOST_STEPS : 2 * turns + 1, ms };
  return ablations((options) => ({ model, tools, ...poact(options), limits }), { parts });
}

/** One program at a time, no plan, nothing reviewed: what the other file arms add to. */
const BARE: PoactOptions = { plan: false, review: false, pathReview: false, candidates: false };

/** What each part adds, one after the other: for questions over files. The first runs one program and takes what it gives. */
const FILE_PARTS: { readonly [name: string]: PoactOptions } = {
  'first program': BARE,
  'with check': { ...BARE, review: true },
  'with candidates': { ...BARE, review: true, candidates: true },
  'all of poact': {},
};

/** The arms of the questions over files. */
export const fileArms = ({ model, turns, ms }: ArmOptions): Arm[] =>
  Object.entries(FILE_PARTS).map(([name, options]) => {
    const limits = { steps: name === 'first program' ? 1 : (turns ?? MOST_STEPS), ms };
    return { name, agent: () => ({ model, ...poact(options), limits }) };
  });

/** Those that were asked for, in the order they were; all where none was. @throws {Error} there is no such one. */
export function named<Named extends { name: string }>(
  what: string,
  all: readonly Named[],
  names: string | undefined,
): Named[] {
  if (names === undefined) return [...all];
  return names.split(',').map((name) => {
    const found = all.find((one) => plain(one.name) === plain(name));
    if (found !== undefined) return found;
    throw new Error(`There is no ${what} "${name}". There are: ${all.map((one) => one.name).join(', ')}.`);
  });
}

/** `poact - stepPolicies` may be typed as `poact-step-policies`. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '');
