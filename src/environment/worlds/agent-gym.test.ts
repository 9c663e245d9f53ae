import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { agentGym } from './agent-gym.ts';

/** A server of counters, as AgentGym's servers speak: say "add 3", and it ends at ten. */
const counters = new Map<number, number>();
let server: Server;
let url = '';

function answer(path: string, body: { id?: number; action?: string; data_idx?: number }): unknown {
  const id = body.id ?? Number(new URLSearchParams(path.split('?')[1]).get('id'));
  const show = () => ({ observation: `It is ${counters.get(id)}.`, reward: 0, done: false });
  if (path === '/create') {
    counters.set(counters.size, 0);
    return counters.size - 1;
  }
  if (!counters.has(id)) return undefined;
  if (path === '/reset') counters.set(id, body.data_idx ?? 0);
  if (path === '/close') return { closed: counters.delete(id) };
  if (path === '/step') {
    const total = (counters.get(id) ?? 0) + Number(body.action?.replace('add ', ''));
    counters.set(id, total);
    return { ...show(), reward: total >= 10 ? 1 : 0, done: total >= 10 };
  }
  return path.startsWith('/observation') ? show().observation : show();
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const said = answer(request.url ?? '', text === '' ? {} : JSON.parse(text));
      response.writeHead(said === undefined ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const step = (action: string) => ({ name: 'step', args: { action } });

it.each(environmentPromises(() => agentGym({ url }), { task: '1', walk: [step('add 1'), step('add 2')] }))(
  '$title',
  ({ run }) => run(),
);

it('tells the reward apart, and ends', async () => {
  const world = agentGym({ url });
  await world.reset({ task: '4', seed: 1 });
  expect(await world.act(step('add 3'))).toMatchObject({ observation: 'It is 7.', done: false });
  expect(world.reward()).toBe(0);
  expect(await world.act(step('add 5'))).toMatchObject({ observation: 'It is 12.', done: true });
  expect(world.reward()).toBe(1);
  await expect(world.act(step('add 1'))).rejects.toThrow('It is over');
  await world.close();
});

it('does not mix instances that are used at the same time', async () => {
  const worlds = Array.from({ length: 8 }, () => agentGym({ url }));
  await Promise.all(worlds.map((world, at) => world.reset({ task: String(at), seed: 1 })));
  for (let round = 1; round <= 5; round++) {
    const seen = await Promise.all(worlds.map((world) => world.act(step('add 0'))));
    expect(seen.map(({ observation }) => observation)).toEqual(worlds.map((_, at) => `It is ${at}.`));
  }
  await Promise.all(worlds.map((world) => world.close()));
});

it.each<[string, () => Promise<Response>, object]>([
  [
    'answers 500',
    async () => new Response('{}', { status: 500 }),
    { code: 'tool-failed', message: expect.stringContaining('answered 500') },
  ],
  [
    'speaks no JSON',
    async () => new Response('<html>'),
    { code: 'tool-failed', message: expect.stringContaining('spoke no JSON') },
  ],
  [
    'gives no id',
    async () => new Response('{"observation":"x"}'),
    { code: 'tool-failed', message: expect.stringContaining('no id') },
  ],
  [
    'is not there',
    () => Promise.reject(new TypeError('fetch failed')),
    { code: 'tool-failed', message: expect.stringContaining('cannot be reached') },
  ],
  ['is late', () => Promise.reject(new DOMException('', 'TimeoutError')), { code: 'tool-timeout' }],
])('says so where the server %s', async (_what, reply, problem) => {
  const world = agentGym({ url, fetch: reply });
  await expect(world.reset({ task: '1', seed: 1 })).rejects.toMatchObject(problem);
});

it('takes numbers of items as tasks', async () => {
  await expect(agentGym({ url }).reset({ task: 'one', seed: 1 })).rejects.toThrow('expected the number of an item');
});
