/**
 * zod, loaded on first use: it is half of what importing this package would cost, and a run that reads no foreign log
 * and makes no schema of its own never needs it.
 *
 * @module
 */
import { createRequire } from 'node:module';
import type { z } from 'zod';

type Zod = typeof z;

let loaded: Zod | undefined;

/** zod's `z`. */
export function zod(): Zod {
  loaded ??= (createRequire(import.meta.url)('zod') as { z: Zod }).z;
  return loaded;
}

/**
 * A schema, or several, made when first asked for.
 *
 * @example
 * ```ts
 * const countSchema = lazily((z) => z.number().int());
 * countSchema().parse(1);
 * ```
 */
export function lazily<Made>(make: (z: Zod) => Made): () => Made {
  let made: { it: Made } | undefined;
  return () => {
    made ??= { it: make(zod()) };
    return made.it;
  };
}
