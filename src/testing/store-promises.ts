/**
 * What every run store promises, as data: each runs them in its own test.
 *
 * @module
 */
import type { ContractPromise } from './contract-promise.ts';
import { HOLDER_PROMISES } from './store-holder-promises.ts';
import { LOG_PROMISES } from './store-log-promises.ts';
import { QUEUE_PROMISES } from './store-queue-promises.ts';
import { onFreshStores, type TestedStore } from './store-scene.ts';
import { SHARE_PROMISES } from './store-share-promises.ts';

/**
 * The promises of the `RunStore` contract. `make` gives a fresh store for each.
 *
 * @example
 * ```ts
 * const clock = fakeClock();
 * it.each(storePromises(() => ({ store: memoryStore({ clock }), advance: clock.advance })))('$title', ({ run }) => run());
 * ```
 */
export function storePromises(make: () => TestedStore | Promise<TestedStore>): ContractPromise[] {
  return onFreshStores([...LOG_PROMISES, ...HOLDER_PROMISES, ...SHARE_PROMISES, ...QUEUE_PROMISES], make);
}
