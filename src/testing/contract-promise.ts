/**
 * A promise of a contract, as data that any implementation can run.
 *
 * @module
 */

/** One promise. `run` rejects when it is broken. */
export interface ContractPromise {
  title: string;
  run(): Promise<void>;
}
