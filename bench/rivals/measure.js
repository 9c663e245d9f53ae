/**
 * The frame of every rival: a short run to warm up, then the measured one, printed as one JSON line.
 *
 * `node bench/rivals/<name>.js <steps> <memory|committed> <folder>`: each step is one call of a no-op tool by a scripted
 * model; after `steps` of them the model answers. A rival throws where a run did not make all its calls.
 *
 * @module
 */
/** Steps of the run that warms up. */
const WARM_STEPS = 20;

/**
 * `start({ durability, folder })` prepares and gives `run(steps)`, which plays one run and gives how many tool calls it made.
 */
export async function measure(start) {
  const [steps, durability, folder] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
  const run = await start({ durability, folder });
  await run(Math.min(WARM_STEPS, steps));
  const began = performance.now();
  const calls = await run(steps);
  const ms = performance.now() - began;
  if (calls !== steps) throw new Error(`Made ${calls} calls instead of ${steps}.`);
  const rssMb = process.memoryUsage().rss / 1e6;
  process.stdout.write(`${JSON.stringify({ steps, ms, rssMb, warmSteps: Math.min(WARM_STEPS, steps) })}\n`);
  process.exit(0);
}
