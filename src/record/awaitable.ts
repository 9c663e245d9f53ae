/**
 * What may be there already.
 *
 * @module
 */

/** A value, or a promise of it. Waiting for what is there costs a step of a run more than what the step does. */
export type Awaitable<Value> = Value | Promise<Value>;
