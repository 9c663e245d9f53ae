import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { screenGraph, touchAct } from './screen-graph.ts';

const make = () =>
  screenGraph({
    screens: {
      home: '<button id=0>Search</button>\n<button id=1>Settings</button>',
      search: '<input id=0></input>\n<button id=1>go back</button>',
      found: '<p id=0>Lamp</p>\n<button id=1>go back</button>',
    },
    edges: [
      { from: 'home', element: 0, to: 'search' },
      { from: 'home', element: 0, to: 'found' },
      { from: 'search', element: 0, text: 'lamp', to: 'found' },
      { from: 'search', element: 1, to: 'home' },
    ],
    tasks: { find: 'home' },
  });

it.each(
  environmentPromises(make, { task: 'find', walk: [{ element: 0 }, { element: 0, text: 'lamp' }].map(touchAct) }),
)('$title', ({ run }) => run());

it('leads where it was recorded to lead, and nowhere else', async () => {
  const world = make();
  await world.reset({ task: 'find', seed: 1 });
  expect((await world.act(touchAct({ element: 1 }))).observation).toContain('Nothing happened.\n<button id=0>Search');
  expect((await world.act(touchAct({ element: 0 }))).observation).toContain('<input id=0>');
  expect((await world.act(touchAct({ element: 0, text: 'mug' }))).observation).toContain('Nothing happened.');
  expect((await world.act(touchAct({ element: 0, text: 'lamp' }))).observation).toContain('Lamp');
  await expect(world.act(touchAct({ element: 7 }))).rejects.toThrow('The screen has no element 7.');
});

it('has the same hash on the same screen, however it was reached, and keeps the way', async () => {
  const world = make();
  const { stateHash } = await world.reset({ task: 'find', seed: 1 });
  await world.act(touchAct({ element: 0 }));
  expect((await world.act(touchAct({ element: 1 }))).stateHash).toBe(stateHash);
  expect(await world.snapshot?.()).toEqual({ screen: 'home', path: [{ element: 0 }, { element: 1 }] });
});

it('knows its tasks', async () => {
  await expect(make().reset({ task: 'dance', seed: 1 })).rejects.toThrow('the app has no task "dance"');
});
