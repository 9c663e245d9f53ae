/**
 * Results that come later: a webhook, another run, somebody at a desk.
 *
 * @module
 */

const BRAND = Symbol.for('poact.later');

/** What {@link later} throws. */
export class Later extends Error {
  readonly [BRAND] = true;
  /** The run that it waits for: nobody posts the result, the tool is called again. */
  readonly run: string | undefined;

  constructor(what: string, run?: string) {
    super(what);
    this.run = run;
  }
}

/** Leaves a tool where it waits for a run that waits itself. */
export function laterByRun(run: string): never {
  throw new Later(`Run ${run} waits.`, run);
}

/**
 * Called by a tool whose result comes from outside: the run is suspended, and goes on when somebody posts the result under
 * the run and the call that the tool was told (`respond`, `poact settle`).
 *
 * @param what What is waited for, in words.
 * @example
 * ```ts
 * const scan = tool({
 *   description: 'Scans a folder; takes minutes',
 *   input: z.object({ folder: z.string() }),
 *   output: z.object({ findings: z.number() }),
 *   effect: 'read',
 *   run: async ({ folder }, { run, call }) => {
 *     await fetch('http://scanner.local/jobs', { method: 'POST', body: JSON.stringify({ folder, run, call }) });
 *     return later('the scanner');
 *   },
 * });
 * ```
 */
export function later(what = 'a result from outside'): never {
  throw new Later(what);
}

/** Says whether a tool put its result off, also when two copies of this package are loaded. */
export function isLater(value: unknown): value is Later {
  try {
    return typeof value === 'object' && value !== null && BRAND in value;
  } catch {
    // A proxy may throw when it is asked.
    return false;
  }
}
