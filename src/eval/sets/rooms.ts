/**
 * Rooms: tasks in the text world of our own, ten of each size.
 *
 * @module
 */
import { type Act, isBrought, ROOMS_TASKS, type RoomsState, roomsWorld } from '../../environment/index.ts';
import { asserted } from '../assertions/asserted.ts';
import { type TaskSet, withFolds } from '../task-set.ts';
import { worldTask } from './world-task.ts';

const TASKS_A_SIZE = 10;
const GUESSES = 40;

/** The set. It needs no data: its worlds come from seeds. */
export async function rooms(): Promise<TaskSet> {
  const tasks = Object.entries(ROOMS_TASKS).flatMap(([size, count]) =>
    Array.from({ length: TASKS_A_SIZE }, (_, at) => taskOf(size, count, count * 1_000 + at)),
  );
  return {
    name: 'rooms',
    version: 1,
    about: 'Find a thing in a few rooms, some behind a locked door, and bring it to another room.',
    rule: 'The thing lies in the room.',
    source: 'Made here, from seeds.',
    tasks: withFolds(await Promise.all(tasks)),
  };
}

const taskOf = (size: string, count: number, seed: number) =>
  worldTask<RoomsState>({
    id: `${size}/${seed}`,
    kind: size,
    difficulty: count,
    text: ({ goal }) =>
      `Bring the ${goal.thing} to the ${goal.room} and lay it down there. It is in the box of some room.`,
    make: roomsWorld,
    task: size,
    seed,
    judge: (state) => [
      asserted(
        'thing',
        isBrought(state),
        state.things[state.goal.thing],
        `Expected ${state.goal.thing} in ${state.goal.room}`,
      ),
    ],
    solve: solution,
    guesses: GUESSES,
  });

/** Fetches the key, where there is one, and unlocks; then fetches the thing and brings it. */
function solution({ goal, passages, locked, things, at }: RoomsState): Act[] {
  const acts: Act[] = [];
  let here = at;
  const go = (room: string) => {
    acts.push(...wayTo(passages, here, room).map((next): Act => ({ name: 'go', args: { room: next } })));
    here = room;
  };
  const fetch = (thing: string) => {
    go((things[thing] ?? '').replace('box in ', ''));
    acts.push({ name: 'take', args: { thing } });
  };
  if (locked !== null) {
    fetch('key');
    go(wayTo(passages, here, locked).at(-2) ?? here);
    acts.push({ name: 'unlock', args: { room: locked } });
  }
  fetch(goal.thing);
  go(goal.room);
  return [...acts, { name: 'drop', args: { thing: goal.thing } }];
}

/** The rooms on the one way from a room to another, without the first. */
function wayTo(passages: RoomsState['passages'], from: string, to: string, seen: readonly string[] = []): string[] {
  if (from === to) return [];
  for (const pair of passages) {
    const next = pair[0] === from ? pair[1] : pair[1] === from ? pair[0] : undefined;
    if (next === undefined || seen.includes(next)) continue;
    if (next === to) return [next];
    const rest = wayTo(passages, next, to, [...seen, from]);
    if (rest.length > 0) return [next, ...rest];
  }
  return [];
}
