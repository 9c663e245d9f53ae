/**
 * The frame of every rival: short runs to warm up, then the measured one, printed as one JSON line. Start-up, modules that
 * arrive on first use and machine code are paid for in the warm-up, by all alike, so that a short run shows what a step costs.
 *
 * `node bench/rivals/<name>.js <steps> <memory|committed|postgres> <folder or URL>`: each step is one call of a no-op tool by a
 * scripted model; after `steps` of them the model answers. A rival throws where a run did not make all its calls. The variable
 * `RUNS` says how many runs are under way at a time (1).
 *
 * @module
 */
/** Steps of a run that warms up. */
const WARM_STEPS = 50;
/** How long it is warmed up: whole runs, and at least one. */
const WARM_MS = 2_000;

/**
 * `start({ durability, folder })` (`folder`: the URL with `postgres`) prepares and gives `run(steps)`, which plays one run and gives how many tool calls it made.
 */
export async function measure(start) {
  const [steps, durability, folder] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
  const one = await start({ durability, folder });
  const runs = Number(process.env.RUNS ?? 1);
  const run = async (each) => {
    const calls = await Promise.all(Array.from({ length: runs }, () => one(each)));
    return calls.reduce((sum, made) => sum + made, 0);
  };
  let warmSteps = 0;
  for (const until = performance.now() + WARM_MS; warmSteps === 0 || performance.now() < until; ) {
    warmSteps += await run(WARM_STEPS);
  }
  const began = performance.now();
  const calls = await run(steps);
  const ms = performance.now() - began;
  if (calls !== runs * steps) throw new Error(`Made ${calls} calls instead of ${runs * steps}.`);
  const rssMb = process.memoryUsage().rss / 1e6;
  process.stdout.write(`${JSON.stringify({ steps, ms, rssMb, warmSteps })}\n`);
  process.exit(0);
}
