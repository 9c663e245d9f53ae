import { expect, it } from 'vitest';
import type { NewEvent, RunEvent } from '../record/index.ts';
import { fakeClock } from '../testing/index.ts';
import { openLog } from './log.ts';
import { memoryStore } from './memory-store.ts';
import { endPoisoned } from './takeovers.ts';

const START = {
  kind: 'run-start',
  by: 'loop',
  version: 1,
  agent: 'a',
  model: 'm',
  policy: 'p',
  tools: {},
  seed: 1,
} as const;
const RESUME = { kind: 'resume', by: 'loop' } as const;
const NOTE = { kind: 'note', by: 'action', name: 'n', value: 1 } as const;
const CHILD = { kind: 'child', by: 'action', child: 'r.2', state: 'started' } as unknown as NewEvent;
const SUSPEND: NewEvent<'suspend'> = { kind: 'suspend', by: 'loop', waiting: [] };

const times = <Item>(n: number, item: Item): Item[] => Array.from({ length: n }, () => item);

/** Whether a run with these events is ended, and its last event. */
async function judged(events: NewEvent[], within?: NewEvent[], most = 3) {
  const store = memoryStore();
  const clock = fakeClock();
  for (const [run, given] of Object.entries({ 'r.2': within ?? [], r: events })) {
    if (given.length === 0) continue;
    const log = await openLog({ store, run, holder: 'me', clock }, true);
    for (const event of [START, ...given]) log.append({ ...event } as never);
    await log.close();
  }
  const log = await openLog({ store, run: 'r', holder: 'you', clock }, false);
  const ended = await endPoisoned(log, store, most);
  await log.close();
  return { ended, last: (await store.read('r')).at(-1) as RunEvent };
}

const CASES: [string, boolean, NewEvent[], NewEvent[]?][] = [
  ['was taken over too often in vain', true, [NOTE, ...times(3, RESUME)]],
  ['was taken over once less', false, [NOTE, ...times(2, RESUME)]],
  ['got on in between', false, [...times(2, RESUME), NOTE, ...times(2, RESUME)]],
  ['has a run within it that got on', false, [CHILD, ...times(4, RESUME)], [...times(4, RESUME), NOTE]],
  ['has a run within it that dies as well', true, [CHILD, ...times(4, RESUME)], [NOTE, ...times(3, RESUME)]],
  ['has a run within it that waits', true, [CHILD, ...times(4, RESUME)], [NOTE, SUSPEND]],
  ['has a run within it that did not begin', true, [CHILD, ...times(4, RESUME)]],
];
it.each(CASES)('looks at a run that %s', async (_title, expected, events, within) => {
  const { ended, last } = await judged(events, within);
  expect([ended, last.kind === 'run-end']).toEqual([expected, expected]);
});

it('says what happened, where, and how to go on', async () => {
  const { last } = await judged([NOTE, ...times(3, RESUME)]);
  expect(last).toMatchObject({
    status: 'failed',
    error: { code: 'run-poisoned', facts: { run: 'r', takeovers: 3, seq: 1 } },
    why: 'Run r was taken over 3 times in a row, and each time the process died before it wrote anything: look for what ended it, such as memory. Event 1 (note) is the last before that. Go on with: poact resume r',
  });
});

it('never ends a run where there is no limit', async () => {
  expect((await judged(times(50, RESUME), undefined, Number.POSITIVE_INFINITY)).ended).toBe(false);
});
