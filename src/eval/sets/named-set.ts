/**
 * Task sets by name: public ones, which are read from data, and our own, which come from seeds.
 *
 * @module
 */
import { DataError, OptionError } from '../../record/index.ts';
import type { TaskSet } from '../task-set.ts';
import { bank } from './bank.ts';
import { bfcl } from './bfcl.ts';
import { crafting } from './crafting.ts';
import { dbbench } from './dbbench.ts';
import { droidtask } from './droidtask.ts';
import { gsm8k } from './gsm8k.ts';
import { hotpotqa } from './hotpotqa.ts';
import { humanevalpackJs } from './humanevalpack-js.ts';
import { llmcompiler } from './llmcompiler.ts';
import { m3tooleval } from './m3tooleval.ts';
import { rooms } from './rooms.ts';
import { shop } from './shop.ts';
import { strategyqa } from './strategyqa.ts';
import { workingCopyChores } from './working-copy.ts';

/** Read from data. */
const PUBLIC = {
  m3tooleval,
  dbbench,
  gsm8k,
  hotpotqa,
  strategyqa,
  droidtask,
  bfcl,
  'humanevalpack-js': humanevalpackJs,
  llmcompiler,
} as const satisfies { [name: string]: (folder: string) => Promise<TaskSet> };
/** Made from seeds. */
const OWN = { crafting, rooms, shop, bank, 'working-copy': workingCopyChores } as const satisfies {
  [name: string]: () => Promise<TaskSet>;
};

/** A task set that needs its data. */
export type PublicTaskSetName = keyof typeof PUBLIC;

/** A task set that is known by name. */
export type TaskSetName = PublicTaskSetName | keyof typeof OWN;

/** The names of those that need data. */
export const PUBLIC_TASK_SETS = Object.keys(PUBLIC) as readonly PublicTaskSetName[];

/** All names. */
export const TASK_SETS: readonly TaskSetName[] = [...PUBLIC_TASK_SETS, ...(Object.keys(OWN) as (keyof typeof OWN)[])];

/** Where the data are. */
export interface TaskSetOptions {
  /** The folder that holds a folder for each public set. @default none: the error says how to name one */
  data?: string;
}

/**
 * A task set, by name.
 *
 * @throws {OptionError} there is none of that name.
 * @throws {DataError} its files are not there, or not what they should be; the message says what to do.
 * @example
 * ```ts
 * import { taskSet } from 'poact/eval';
 *
 * const { tasks } = await taskSet('gsm8k', { data: '../shared/data' });
 * ```
 */
export async function taskSet(name: string, { data }: TaskSetOptions = {}): Promise<TaskSet> {
  if (isOwn(name)) return OWN[name]();
  if (!isPublic(name)) {
    throw new OptionError('name', `there is no task set "${name}". There are: ${TASK_SETS.join(', ')}.`);
  }
  if (data === undefined || data === '') {
    throw new DataError(
      `The task set ${name} needs its data. Set POACT_DATA, or give --data, to the folder that holds \`${name}\`.`,
      { set: name },
    );
  }
  return PUBLIC[name](`${data}/${name}`);
}

const isPublic = (name: string): name is PublicTaskSetName => Object.hasOwn(PUBLIC, name);
const isOwn = (name: string): name is keyof typeof OWN => Object.hasOwn(OWN, name);
