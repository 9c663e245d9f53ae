/**
 * A small text world: rooms with passages between them, boxes, a locked door and its key. A thing is to be brought to a room.
 *
 * Where things are, and how the rooms hang together, comes from the seed. The rooms form a tree, so that there is one way.
 *
 * @module
 */
import { type Json, OptionError, type Random, seededRandom } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld } from '../ruled-world.ts';

/** The state of the world, and its snapshots. */
export interface RoomsState {
  goal: { thing: string; room: string };
  /** Pairs of rooms that have a passage. */
  passages: [string, string][];
  /** The room that is locked until it is opened with the key. */
  locked: string | null;
  /** Where each thing lies: a room, `box in` a room, or `hand`. */
  things: { [thing: string]: string };
  at: string;
}

/** Sizes of the world. Tasks are `small`, `middle` and `large`. */
export const ROOMS_TASKS = { small: 3, middle: 5, large: 8 } as const;

const ROOMS = ['hall', 'kitchen', 'cellar', 'attic', 'library', 'workshop', 'garden', 'bedroom'];
const THINGS = ['lamp', 'mug', 'book', 'rope', 'kettle', 'umbrella'];
const KEY = 'key';

const TEXT = { type: 'string' };
const named = (name: string, description: string) => ({
  type: 'object',
  properties: { [name]: { type: 'string', description } },
  required: [name],
});
const NO_ARGS = { type: 'object', properties: {} };
const ACTS: { readonly [name: string]: ActKind } = {
  go: {
    description: 'Goes to a room that a passage leads to.',
    input: named('room', 'name of a room'),
    output: TEXT,
    effect: 'reversible',
  },
  take: {
    description: 'Takes a thing that lies in this room, also out of the box, into the hand.',
    input: named('thing', 'name of a thing'),
    output: TEXT,
    effect: 'reversible',
  },
  drop: {
    description: 'Lays a thing down in this room.',
    input: named('thing', 'name of a thing'),
    output: TEXT,
    effect: 'reversible',
  },
  unlock: {
    description: 'Unlocks the door to a room next to this one; the key must be in the hand.',
    input: named('room', 'name of a room'),
    output: TEXT,
    effect: 'reversible',
  },
  look: { description: 'Tells what is here and where passages lead.', input: NO_ARGS, output: TEXT, effect: 'read' },
  search: { description: 'Looks into the box of this room.', input: NO_ARGS, output: TEXT, effect: 'read' },
};

/** The world. Its tasks are the keys of {@link ROOMS_TASKS}. */
export function roomsWorld(): SnapshotEnvironment {
  return ruledWorld<RoomsState>({
    name: 'rooms',
    acts: ACTS,
    begin({ task, seed }) {
      if (!Object.hasOwn(ROOMS_TASKS, task)) {
        throw new OptionError('task', `there is no task "${task}". There are: ${Object.keys(ROOMS_TASKS).join(', ')}.`);
      }
      return beginWith(ROOMS_TASKS[task as keyof typeof ROOMS_TASKS], seed);
    },
    look: lookOf,
    step(state, act) {
      if (act.name === 'look') return { state, observation: lookOf(state) };
      if (act.name === 'search') return { state, observation: `In the box: ${listOf(state, boxIn(state.at))}.` };
      const next = stepOf(state, act.name, String(Object.values(act.args)[0]));
      return { state: next, observation: lookOf(next) };
    },
    legal: legalOf,
    done: isBrought,
  });
}

/** Does the thing lie where it should? */
export const isBrought = ({ goal, things }: RoomsState): boolean => things[goal.thing] === goal.room;

const boxIn = (room: string) => `box in ${room}`;

function beginWith(size: number, seed: number): RoomsState {
  const random = seededRandom(seed);
  const rooms = shuffled(ROOMS, random).slice(0, size);
  const one = (items: readonly string[]) => items[random.below(items.length)] as string;
  const passages = rooms.slice(1).map((room, at): [string, string] => [one(rooms.slice(0, at + 1)), room]);
  const [at = '', ...others] = rooms;
  // Nothing hangs behind a locked leaf, so the key is never behind its own door.
  const leaves = others.filter((room) => passages.filter((pair) => pair.includes(room)).length === 1);
  const locked = size > ROOMS_TASKS.small ? one(leaves) : null;
  const open = rooms.filter((room) => room !== locked);
  const [thing = '', ...spare] = shuffled(THINGS, random).slice(0, 4);
  const start = locked ?? one(others);
  return {
    goal: { thing, room: one(rooms.filter((room) => room !== start)) },
    passages,
    locked,
    things: {
      [thing]: boxIn(start),
      ...Object.fromEntries(spare.map((each) => [each, one(rooms)])),
      ...(locked !== null && { [KEY]: random.below(2) === 0 ? boxIn(one(open)) : one(open) }),
    },
    at,
  };
}

function shuffled(items: readonly string[], random: Random): string[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as string);
}

const nextTo = ({ passages, at }: RoomsState) =>
  passages.filter((pair) => pair.includes(at)).map(([one, other]) => (one === at ? other : one));
const thingsAt = ({ things }: RoomsState, ...places: string[]) =>
  Object.keys(things).filter((thing) => places.includes(things[thing] ?? ''));
const listOf = (state: RoomsState, place: string) => thingsAt(state, place).join(', ') || 'nothing';

function lookOf(state: RoomsState): string {
  const passages = nextTo(state).map((room) => (room === state.locked ? `${room} (locked)` : room));
  return `You are in the ${state.at}. Here: ${listOf(state, state.at)}. There is a box. Passages lead to: ${passages.join(', ')}. In your hand: ${listOf(state, 'hand')}.`;
}

function stepOf(state: RoomsState, name: string, what: string): RoomsState {
  if (name === 'go') {
    if (!nextTo(state).includes(what)) refuse(`No passage leads to "${what}" from here.`);
    if (what === state.locked) refuse(`The door to the ${what} is locked.`);
    return { ...state, at: what };
  }
  if (name === 'unlock') {
    if (!nextTo(state).includes(what) || what !== state.locked) refuse(`There is no locked door to "${what}" here.`);
    if (state.things[KEY] !== 'hand') refuse('The key is not in your hand.');
    return { ...state, locked: null };
  }
  const places = name === 'take' ? [state.at, boxIn(state.at)] : ['hand'];
  if (!thingsAt(state, ...places).includes(what))
    refuse(`There is no "${what}" ${name === 'take' ? 'here' : 'in your hand'}.`);
  return { ...state, things: { ...state.things, [what]: name === 'take' ? 'hand' : state.at } };
}

function legalOf(state: RoomsState): Act[] {
  const open = nextTo(state).filter((room) => room !== state.locked);
  const canUnlock = state.things[KEY] === 'hand' && nextTo(state).includes(state.locked ?? '');
  const acts = (name: string, arg: string, all: readonly string[]) =>
    all.map((one): Act => ({ name, args: { [arg]: one } as { [name: string]: Json } }));
  return [
    ...acts('go', 'room', open),
    ...acts('take', 'thing', thingsAt(state, state.at, boxIn(state.at))),
    ...acts('drop', 'thing', thingsAt(state, 'hand')),
    ...acts('unlock', 'room', canUnlock ? [state.locked ?? ''] : []),
  ];
}
