/**
 * The public task sets, by name.
 *
 * @module
 */
import { DataError, OptionError } from '../../record/index.ts';
import type { TaskSet } from '../task-set.ts';
import { dbbench } from './dbbench.ts';
import { droidtask } from './droidtask.ts';
import { gsm8k } from './gsm8k.ts';
import { hotpotqa } from './hotpotqa.ts';
import { m3tooleval } from './m3tooleval.ts';
import { strategyqa } from './strategyqa.ts';

const LOADERS = { m3tooleval, dbbench, gsm8k, hotpotqa, strategyqa, droidtask } as const satisfies {
  [name: string]: (folder: string) => Promise<TaskSet>;
};

/** A public task set. */
export type TaskSetName = keyof typeof LOADERS;

/** Their names. */
export const TASK_SETS = Object.keys(LOADERS) as readonly TaskSetName[];

/** Where the data are. */
export interface TaskSetOptions {
  /** The folder that holds a folder for each set. @default none: the error says how to name one */
  data?: string;
}

/**
 * A public task set, by name.
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
  if (!isName(name))
    throw new OptionError('name', `there is no task set "${name}". There are: ${TASK_SETS.join(', ')}.`);
  if (data === undefined || data === '') {
    throw new DataError(
      `The task set ${name} needs its data. Set POACT_DATA, or give --data, to the folder that holds \`${name}\`.`,
      { set: name },
    );
  }
  return LOADERS[name](`${data}/${name}`);
}

const isName = (name: string): name is TaskSetName => Object.hasOwn(LOADERS, name);
