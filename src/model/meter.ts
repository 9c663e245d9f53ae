/**
 * Counts what a model's calls take.
 *
 * @module
 */
import { addUsage, noUsage, type Usage } from '../record/index.ts';
import type { Model } from './model.ts';
import { costUsd } from './prices.ts';
import { wrap } from './wrap.ts';

/** What was taken since the meter was built. */
export interface Reading extends Usage {
  calls: number;
  /** Calls that threw. */
  failed: number;
  /** Time in calls, those at the same time each counted. */
  ms: number;
  /** Left out once a call's price is unknown: never a wrong zero. */
  costUsd?: number;
}

/** A model with a meter. */
export interface MeteredModel extends Model {
  reading(): Reading;
}

/** How calls are counted. */
export interface MeterOptions {
  /** The price of one call, or `undefined` when it is unknown. @default {@link costUsd} */
  price?: (model: string, usage: Usage) => number | undefined;
  /** Milliseconds, from anywhere. @default performance.now */
  now?: () => number;
}

/** Builds a model that counts its calls. */
export function meter(model: Model, options: MeterOptions = {}): MeteredModel {
  const { price = costUsd, now = () => performance.now() } = options;
  let usage = noUsage;
  let calls = 0;
  let failed = 0;
  let ms = 0;
  let cost: number | undefined = 0;
  const metered = wrap(model, {
    async generate(request, on) {
      const began = now();
      calls += 1;
      try {
        const reply = await model.generate(request, on);
        usage = addUsage(usage, reply.usage);
        const paid = price(model.id, reply.usage);
        cost = cost === undefined || paid === undefined ? undefined : cost + paid;
        return reply;
      } catch (problem) {
        failed += 1;
        throw problem;
      } finally {
        ms += now() - began;
      }
    },
  });
  return {
    ...metered,
    reading: () => ({ ...usage, calls, failed, ms, ...(cost === undefined ? {} : { costUsd: cost }) }),
  };
}
