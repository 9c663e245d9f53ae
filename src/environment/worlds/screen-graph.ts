/**
 * A recorded app as a world: screens, and what tapping or typing on them led to.
 *
 * What was not recorded is not known: such an act leaves the screen as it is, and says so.
 *
 * @module
 */
import { type Json, OptionError } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { refuse } from '../refuse.ts';
import { ruledWorld } from '../ruled-world.ts';

/** What was recorded of an app. */
export interface ScreenGraphOptions {
  /** Texts of the screens by key. An element is written `<button id=2 …>`; its id is what acts name. */
  screens: { readonly [key: string]: string };
  /** Of several for the same act on the same screen, the first counts. */
  edges: readonly ScreenEdge[];
  /** The screen that each task begins on. */
  tasks: { readonly [task: string]: string };
}

/** What an act on a screen led to. */
export interface ScreenEdge {
  from: string;
  element: number;
  /** What was typed. Left out for a tap. */
  text?: string;
  to: string;
}

/** An act on an element. */
export interface Touch {
  element: number;
  text?: string;
}

/** The state of the world, and its snapshots. */
export interface ScreenState {
  screen: string;
  /** What was done, in order. It does not count for the hash: how a screen was reached does not change where it leads. */
  path: Touch[];
}

const ELEMENT = { type: 'integer', minimum: 0, description: 'id of an element of the screen' };
const SCREEN = { type: 'string', description: 'the screen afterwards' };
const ACTS: { readonly [name: string]: ActKind } = {
  tap: {
    description: 'Taps on an element of the screen.',
    input: { type: 'object', properties: { element: ELEMENT }, required: ['element'] },
    output: SCREEN,
    effect: 'reversible',
  },
  type: {
    description: 'Types a text into an element of the screen.',
    input: {
      type: 'object',
      properties: { element: ELEMENT, text: { type: 'string' } },
      required: ['element', 'text'],
    },
    output: SCREEN,
    effect: 'reversible',
  },
  view: { description: 'Shows the screen.', input: { type: 'object', properties: {} }, output: SCREEN, effect: 'read' },
};

/** The world of a recorded app. It has no chance in it. */
export function screenGraph({ screens, edges, tasks }: ScreenGraphOptions): SnapshotEnvironment {
  const leads = new Map<string, string>();
  for (const { from, to, ...touch } of edges) {
    const key = keyOf(from, touch);
    if (!leads.has(key)) leads.set(key, to);
  }
  const textOf = (screen: string) => screens[screen] ?? '';

  return ruledWorld<ScreenState>({
    name: 'screen-graph',
    acts: ACTS,
    begin({ task }) {
      const screen = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
      if (screen === undefined) throw new OptionError('task', `the app has no task "${task}".`);
      return { screen, path: [] };
    },
    look: ({ screen }) => textOf(screen),
    identity: ({ screen }) => screen,
    step(state, act) {
      if (act.name === 'view') return { state, observation: textOf(state.screen) };
      const touch = act.args as unknown as Touch;
      if (!elementsOf(textOf(state.screen)).includes(touch.element)) {
        refuse(`The screen has no element ${touch.element}.`);
      }
      const to = leads.get(keyOf(state.screen, touch));
      const next = { screen: to ?? state.screen, path: [...state.path, touchOf(touch)] };
      const observation = to === undefined ? `Nothing happened.\n${textOf(state.screen)}` : textOf(to);
      return { state: next, observation };
    },
    legal: ({ screen }) => elementsOf(textOf(screen)).map((element): Act => ({ name: 'tap', args: { element } })),
  });
}

const keyOf = (screen: string, { element, text = '' }: Touch) => JSON.stringify([screen, element, text]);
const touchOf = ({ element, text }: Touch): Touch => (text === undefined ? { element } : { element, text });
const elementsOf = (screen: string): number[] => [...screen.matchAll(/<\w+ id=(\d+)/g)].map(([, id]) => Number(id));

/** The act of a touch. */
export const touchAct = ({ element, text }: Touch): Act =>
  text === undefined
    ? { name: 'tap', args: { element } }
    : { name: 'type', args: { element, text } as { [name: string]: Json } };
