/**
 * DroidTask (AutoDroid, arXiv 2308.15272): tasks in Android apps, in the graph of the screens that were recorded.
 *
 * @module
 */
import { environmentTools } from '../../action/index.ts';
import { type ScreenEdge, type ScreenState, screenGraph, type Touch, touchAct } from '../../environment/index.ts';
import { canonicalJson, type Json, lazily } from '../../record/index.ts';
import { asserted, shown } from '../assertions/asserted.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { readJsonRows } from './read-rows.ts';

const appsSchema = lazily((z) =>
  z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        task: z.string(),
        profile: z.array(
          z.object({ label: z.tuple([z.number(), z.string()]), state: z.string(), state_str: z.string() }),
        ),
      }),
    ),
  ),
);

/** A task as it was recorded: its screens, and the touch on each but the last. */
interface Recording {
  task: string;
  screens: { key: string; text: string }[];
  touches: Touch[];
}

/** Loads the set from its folder. */
export async function droidtask(folder: string): Promise<TaskSet> {
  const apps = await readJsonRows(folder, 'profile_no_answer.json', appsSchema());
  const tasks = Object.entries(apps).flatMap(([app, recorded]) => {
    const recordings = Object.values(recorded).map(({ task, profile }): Recording => {
      const screens = profile.map(({ state_str: key, state: text }) => ({ key, text }));
      const touches = profile.flatMap(({ label: [element, text] }) =>
        element < 0 ? [] : [text === 'null' ? { element } : { element, text }],
      );
      return { task, screens, touches };
    });
    return recordings.flatMap((recording, at) =>
      isFit(recording) ? [taskOf(`${app}/${at + 1}`, app, recording, recordings)] : [],
    );
  });
  return {
    name: 'droidtask',
    version: 1,
    about: 'Tasks in Android apps: tap and type from screen to screen.',
    rule: 'Every touch is the recorded one and the last screen is the recorded one: the completion rate of AutoDroid.',
    source:
      'MobileLLM/AutoDroid, MIT; 137 of 158 tasks: those that do not begin on their last screen and whose record does not contradict itself.',
    tasks: withFolds(tasks),
  };
}

/** It has something to do, and no touch of it led to two places. */
function isFit({ screens, touches }: Recording): boolean {
  const led = new Map<string, string>();
  for (const { from, to, ...touch } of edgesOf({ screens, touches })) {
    const key = canonicalJson([from, { ...touch }]);
    if ((led.get(key) ?? to) !== to) return false;
    led.set(key, to);
  }
  return screens[0]?.key !== screens.at(-1)?.key;
}

const edgesOf = ({ screens, touches }: Pick<Recording, 'screens' | 'touches'>): ScreenEdge[] =>
  touches.map((touch, at) => ({ ...touch, from: screens[at]?.key ?? '', to: screens[at + 1]?.key ?? '' }));

function taskOf(id: string, app: string, own: Recording, all: readonly Recording[]): Omit<EvalTask, 'fold'> {
  // What was recorded for the task itself comes first where recordings differ.
  const recordings = [own, ...all];
  const screens = recordings.flatMap((one) => one.screens).map(({ key, text }) => [key, text] as const);
  const goal = own.screens.at(-1)?.key ?? '';
  return {
    id,
    kind: app,
    difficulty: own.touches.length,
    text: `In the ${app} app: ${own.task}\nView the screen, tap and type until it is done, then answer "done".`,
    answer: { type: 'string' },
    async open() {
      const world = screenGraph({
        screens: Object.fromEntries(screens.toReversed()),
        edges: recordings.flatMap(edgesOf),
        tasks: { [id]: own.screens[0]?.key ?? '' },
      });
      await world.reset({ task: id, seed: 1 });
      const follow = async (touches: readonly Touch[]) => {
        for (const touch of touches) await world.act(touchAct(touch));
        return 'done';
      };
      return {
        tools: environmentTools(world),
        async score() {
          const { screen, path } = (await world.snapshot()) as unknown as ScreenState;
          const isPath = canonicalJson(path as unknown as Json) === canonicalJson(own.touches as unknown as Json);
          const wanted = `Expected the touches ${shown(own.touches as unknown as Json)}`;
          return [
            asserted('last screen', screen === goal, screen, `Expected the screen ${goal}`),
            asserted('touches', isPath, path as unknown as Json, wanted),
          ];
        },
        oracle: () => follow(own.touches),
        async guess(random) {
          for (const _touch of own.touches) await world.act(pick((await world.legal?.()) ?? [], random));
          return 'done';
        },
        close: world.close,
      };
    },
  };
}
