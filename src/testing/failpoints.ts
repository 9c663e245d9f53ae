/**
 * Places where a test kills the process, to see that nothing is lost.
 *
 * @module
 */

/** Every place, in the order of a step, and of an undo: `POACT_FAILPOINT=effect.after:3` kills at the third passing of the last one. */
export const FAILPOINTS = [
  'append.before',
  'append.after',
  'effect.before',
  'effect.after',
  'snapshot.before',
  'snapshot.after',
  'undo.begun',
  'undo.before',
  'undo.after',
] as const;

/** Handed to `createAgent`; called with the name of each place that the run passes. */
export type Failpoint = (name: string) => void;

/**
 * A failpoint that kills this process with SIGKILL at the n-th passing of a place, as `POACT_FAILPOINT=name:n` says;
 * `undefined` where the variable is not set.
 */
export function failpointOf(env: { readonly [name: string]: string | undefined }): Failpoint | undefined {
  const [, wanted, n] = /^([\w.-]+):(\d+)$/.exec(env.POACT_FAILPOINT ?? '') ?? [];
  if (wanted === undefined) return undefined;
  let left = Number(n);
  return (name) => {
    if (name !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
