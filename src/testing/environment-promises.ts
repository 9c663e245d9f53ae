/**
 * What every environment promises, as data: each implementation runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import type { Act, Environment, Start } from '../environment/index.ts';
import { type Json, seededRandom } from '../record/index.ts';
import type { ContractPromise } from './contract-promise.ts';

/** What the promises are told of a world. */
export interface EnvironmentFacts {
  /** A task that it has. */
  task: string;
  /** Acts that are possible one after another from the start, at least two, the last of which changes the state. @default drawn from `legal` */
  walk?: readonly Act[];
}

const SEEDS = [1, 2, 3] as const;
const STEPS = 6;

/**
 * The promises of an environment. `make` is called afresh for each.
 *
 * @example
 * ```ts
 * it.each(environmentPromises(() => craftingWorld(), { task: 'craft' }))('$title', ({ run }) => run());
 * ```
 */
export function environmentPromises(
  make: () => Environment | Promise<Environment>,
  { task, walk }: EnvironmentFacts,
): ContractPromise[] {
  const from = (seed: number): Start => ({ task, seed });
  /** A world on a walk: made, reset, and closed afterwards. */
  const inWorld = async (
    look: (world: Environment, acts: readonly Act[]) => Promise<void>,
    seed: number = SEEDS[0],
  ) => {
    const world = await make();
    try {
      await world.reset(from(seed));
      const acts = walk ?? (await walkOf(world, seed));
      await world.reset(from(seed));
      await look(world, acts);
    } finally {
      await world.close();
    }
  };
  const hashAfter = async (world: Environment, acts: readonly Act[]) => {
    for (const act of acts) await world.act(act);
    return (await world.observe()).stateHash;
  };

  const promises: (ContractPromise & { needs?: (world: Environment) => boolean })[] = [
    {
      title: 'begins alike from the same seed, in this world and in another one',
      run: async () => {
        for (const seed of SEEDS) {
          await inWorld(async (one, acts) => {
            const first = await one.reset(from(seed));
            await hashAfter(one, acts);
            const again = await one.reset(from(seed));
            assert.deepEqual([again.stateHash, again.observation], [first.stateHash, first.observation]);
            await inWorld(async (other) => {
              assert.equal((await other.observe()).stateHash, first.stateHash);
            }, seed);
          }, seed);
        }
      },
    },
    {
      title: 'comes to the same hashes by the same acts',
      needs: ({ can }) => can.deterministic,
      run: () =>
        inWorld((one, acts) =>
          inWorld(async (other) => {
            for (const act of acts) {
              const [here, there] = [await one.act(act), await other.act(act)];
              assert.deepEqual(
                [here.stateHash, here.observation],
                [there.stateHash, there.observation],
                JSON.stringify(act),
              );
            }
          }),
        ),
    },
    {
      title: 'changes nothing by looking, nor by an act that it calls a read',
      run: () =>
        inWorld(async (world, acts) => {
          for (const act of acts) {
            const before = await world.observe();
            assert.match(before.stateHash, /^[0-9a-f]{64}$/);
            assert.equal((await world.observe()).stateHash, before.stateHash);
            const after = await world.act(act);
            if (world.acts[act.name]?.effect === 'read') assert.equal(after.stateHash, before.stateHash, act.name);
            assert.ok(after.id > before.id);
          }
        }),
    },
    {
      title: 'has states that differ where an act changed something',
      run: () =>
        inWorld(async (world, acts) => {
          const before = await hashAfter(world, acts.slice(0, -1));
          assert.notEqual(await hashAfter(world, acts.slice(-1)), before);
        }),
    },
    {
      title: 'refuses an act that it does not know, and stays as it is',
      run: () =>
        inWorld(async (world) => {
          const before = await world.observe();
          await assert.rejects(world.act({ name: 'noSuchAct', args: {} }), { code: 'tool-refused' });
          assert.equal((await world.observe()).stateHash, before.stateHash);
        }),
    },
    {
      title: 'refuses acts without their arguments, or shows that nothing changed',
      run: () =>
        inWorld(async (world) => {
          const before = await world.observe();
          for (const [name, { input }] of Object.entries(world.acts)) {
            if (!Array.isArray(input.required) || input.required.length === 0) continue;
            await assert.rejects(world.act({ name, args: {} }), { code: 'tool-refused' }, name);
            assert.equal((await world.observe()).stateHash, before.stateHash, name);
          }
        }),
    },
    {
      title: 'does what it lists as possible',
      needs: ({ legal }) => legal !== undefined,
      run: () =>
        inWorld(async (world, acts) => {
          for (const taken of acts) {
            for (const act of (await world.legal?.()) ?? []) {
              assert.ok(Object.hasOwn(world.acts, act.name), act.name);
              if (world.snapshot === undefined || world.restore === undefined) continue;
              const snapshot = await world.snapshot();
              await world.act(act);
              await world.restore(snapshot);
            }
            await world.act(taken);
          }
        }),
    },
    {
      title: 'goes back to a snapshot, also in another world and as text, and goes on from it alike',
      needs: ({ can }) => can.snapshot === 'native',
      run: () =>
        inWorld((one, acts) =>
          inWorld(async (other) => {
            const half = Math.floor(acts.length / 2);
            await hashAfter(one, acts.slice(0, half));
            const snapshot = await one.snapshot?.();
            const { stateHash } = await one.observe();
            const end = await hashAfter(one, acts.slice(half));
            const text = JSON.parse(JSON.stringify(snapshot)) as Json;
            for (const world of [one, other]) {
              await world.restore?.(text);
              assert.equal((await world.observe()).stateHash, stateHash);
              assert.equal(await hashAfter(world, acts.slice(half)), end);
            }
          }),
        ),
    },
    {
      title: 'can snapshot where it calls an act reversible',
      run: () =>
        inWorld(async (world) => {
          const { snapshot, restore, can } = world;
          assert.equal(can.snapshot === 'native', snapshot !== undefined && restore !== undefined);
          assert.equal(can.fork === 'cheap', world.fork !== undefined);
          const reversible = Object.values(world.acts).some(({ effect }) => effect === 'reversible');
          assert.ok(!reversible || can.snapshot === 'native');
        }),
    },
    {
      title: 'has forks that see nothing of each other',
      needs: ({ can }) => can.fork === 'cheap',
      run: () =>
        inWorld(async (world, acts) => {
          const { stateHash } = await world.observe();
          const fork = await world.fork?.();
          if (fork === undefined) return;
          const end = await hashAfter(fork, acts);
          assert.equal((await world.observe()).stateHash, stateHash);
          assert.equal(await hashAfter(world, acts), end);
          await world.close();
          assert.equal((await fork.observe()).stateHash, end);
          await fork.close();
        }),
    },
    {
      title: 'does nothing before a reset and after it was closed',
      async run() {
        const world = await make();
        await assert.rejects(world.observe());
        await world.reset(from(SEEDS[0]));
        await world.close();
        await world.close();
        await assert.rejects(world.observe());
        await assert.rejects(world.reset(from(SEEDS[0])));
      },
    },
  ];
  return promises.map(({ title, needs, run }) => ({
    title,
    async run() {
      const world = await make();
      const asked = needs?.(world) ?? true;
      await world.close();
      if (asked) await run();
    },
  }));
}

/** Some steps by chance, so that the last one changes the state. */
async function walkOf(world: Environment, seed: number): Promise<Act[]> {
  const random = seededRandom(seed);
  const acts: Act[] = [];
  let end = 0;
  for (let step = 0; step < STEPS; step++) {
    const legal = (await world.legal?.()) ?? [];
    const act = legal[random.below(legal.length)];
    if (act === undefined) break;
    const before = await world.observe();
    const after = await world.act(act);
    acts.push(act);
    if (after.stateHash !== before.stateHash) end = acts.length;
    if (after.done) break;
  }
  assert.ok(end >= 1, 'No walk changes the state. Give one.');
  return acts.slice(0, end);
}
