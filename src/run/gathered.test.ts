import { expect, it } from 'vitest';
import { gathered } from './gathered.ts';

/** Work whose lots end when they are told to. */
function slowWork(options: { lots?: number; named?: boolean }) {
  const lots: { items: readonly string[]; end(): void }[] = [];
  const work = (items: readonly string[]) =>
    new Promise<{ did: string }[]>((resolve) => {
      lots.push({ items, end: () => resolve(items.map((did) => ({ did }))) });
    });
  const { lots: most = 1, named = false } = options;
  const one = gathered<string, { did: string }>({
    work,
    lots: most,
    ...(named && { apart: (item) => item.slice(0, 1) }),
  });
  return { lots, one };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const items = (n: number) => Array.from({ length: n }, (_, at) => `${String.fromCharCode(97 + at)}`);

it('does at once what comes at once, and what came meanwhile afterwards', async () => {
  const { lots, one } = slowWork({});
  const first = items(3).map(one);
  await turn();
  const later = items(5).map(one);
  await turn();
  expect(lots.map(({ items }) => items.length)).toEqual([3]);
  lots[0]?.end();
  expect(await Promise.all(first)).toEqual([{ did: 'a' }, { did: 'b' }, { did: 'c' }]);
  await turn();
  expect(lots.map(({ items }) => items.length)).toEqual([3, 5]);
  lots[1]?.end();
  await Promise.all(later);
});

it('has two halves under way where enough come, and leaves few together', async () => {
  const many = slowWork({ lots: 2 });
  const all = items(16).map(many.one);
  await turn();
  expect(many.lots.map(({ items }) => items.length)).toEqual([8, 8]);
  // Few wait for the next end.
  const few = items(3).map(many.one);
  many.lots[1]?.end();
  await turn();
  expect(many.lots).toHaveLength(2);
  many.lots[0]?.end();
  await turn();
  expect(many.lots.map(({ items }) => items.length)).toEqual([8, 8, 3]);
  many.lots[2]?.end();
  await Promise.all([...all, ...few]);
  const small = slowWork({ lots: 2 });
  const five = items(5).map(small.one);
  await turn();
  expect(small.lots.map(({ items }) => items.length)).toEqual([5]);
  small.lots[0]?.end();
  await Promise.all(five);
});

it('keeps what has one name apart and in order, also while lots are under way', async () => {
  const { lots, one } = slowWork({ lots: 2, named: true });
  const done: string[] = [];
  const all = ['a1', 'b1', 'c1', 'd1', 'a2', 'b2', 'c2', 'd2', 'a3'].map(async (item) =>
    done.push((await one(item)).did),
  );
  for (let n = 0; done.length < 9; n++) {
    await turn();
    lots[n]?.end();
    await turn();
  }
  await Promise.all(all);
  for (const name of ['a', 'b', 'c', 'd']) {
    const own = done.filter((item) => item.startsWith(name));
    expect(own).toEqual(own.toSorted());
  }
  for (const { items } of lots) expect(new Set(items.map((item) => item[0])).size).toBe(items.length);
});

it('tells each its own failure, and tries one by one what failed together', async () => {
  const asked: number[] = [];
  const one = gathered<number, { half: number }>({
    work: async (numbers) => {
      asked.push(numbers.length);
      if (numbers.includes(13)) throw new Error('Unlucky.');
      return numbers.map((n) => (n % 2 === 0 ? { half: n / 2 } : { failed: new Error(`${n} is odd.`) }));
    },
  });
  const settled = await Promise.allSettled([2, 13, 5].map(one));
  expect(settled.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
    { half: 1 },
    'Error: Unlucky.',
    'Error: 5 is odd.',
  ]);
  expect(asked).toEqual([3, 1, 1, 1]);
});
