import { expect, it } from 'vitest';
import { environmentTools, tool } from '../action/index.ts';
import { webSite } from '../environment/index.ts';
import { allowAll } from '../guard/index.ts';
import { textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { poact } from './poact.ts';

const link = (address: string) => `- ${address} [Clickable '${address}']`;
const people = ['ada_byron', 'ben_stone', 'cy_young', 'dee_dee', 'ed_ford', 'flo_ray'];
const PAGES = [
  { name: '/', content: ['Welcome', 'to', 'our', 'site', link('/shop'), link('/team')].join('\n') },
  { name: '/shop', content: 'Lamps' },
  { name: '/team', content: ['Team', ...people.map((one) => link(`/team/${one}`))].join('\n') },
  ...people.map((one, n) => ({ name: `/team/${one}`, content: `${one.replace('_', ' ')}\nEmail: ${n}@team.net` })),
];

async function browser() {
  const site = webSite(PAGES);
  await site.reset({ task: 'browse', seed: 1 });
  return environmentTools(site);
}

it('finds a page three links away before the model is asked once, and the model reads it', async () => {
  const model = scriptedModel(['Answer: 5@team.net']);
  const agent = createAgent({ model, tools: await browser(), guard: allowAll() });
  const { status, answer, log, usage } = await agent.run('Find the email of Flo Ray.');
  expect({ status, answer, modelCalls: usage.modelCalls }).toEqual({
    status: 'answered',
    answer: '5@team.net',
    modelCalls: 1,
  });
  const chosen = log.flatMap((event) => (event.kind === 'policy' ? [`${event.policy} ${event.rule}`] : []));
  expect(chosen).toEqual(['explore look-here', 'explore open-all', 'explore open-named', 'thought after-observation']);
  const seen = log.flatMap((event) => (event.kind === 'observation' ? [textOf(event.parts)] : []));
  expect(seen.at(-1)).toContain('Email: 5@team.net');
  const blocked = log.filter((event) => event.kind === 'review' && event.verdict === 'block');
  expect(blocked).toEqual([]);
});

it('shows the model its own programs after it looked around, whoever chooses the steps', async () => {
  const model = scriptedModel(
    ['```ts\nconsole.log("sum");\nconsole.log(40 + 2);\n```', '```ts\nanswer("nowhere")\n```'],
    {
      can: { prefill: false },
    },
  );
  const tools = await browser();
  const agent = createAgent({ model, tools, guard: allowAll(), ...poact({ stepPolicies: false, plan: false }) });
  await agent.run('Find the email of Gil Zed.');
  const last = model.requests.at(-1)?.messages.map(({ parts }) => textOf(parts)) ?? [];
  expect(last.filter((text) => text.includes('console.log(40 + 2)'))).toHaveLength(1);
  expect(last.join('\n')).not.toContain('click_url({ url: address })');
});

it('goes on with the model where what is sought is nowhere', async () => {
  const model = scriptedModel(['It is not there.', '```ts\nanswer("nowhere")\n```']);
  const agent = createAgent({ model, tools: await browser(), guard: allowAll(), limits: { steps: 12 } });
  const { status, answer, usage } = await agent.run('Find the email of Gil Zed.');
  expect({ status, answer }).toEqual({ status: 'answered', answer: 'nowhere' });
  expect(usage.toolCalls).toBeGreaterThan(people.length);
});

it('shows what a search finds, each text once, before the model is asked', async () => {
  const texts = [
    { title: 'Ada Byron', text: 'Ada Byron wrote notes on an engine, which Charles Babbage designed.' },
    { title: 'Engine', text: 'The engine was designed by Charles Babbage and never built.' },
  ];
  const search = tool({
    description: 'Searches articles by words.',
    input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
    output: {
      type: 'array',
      items: { type: 'object', properties: { title: { type: 'string' }, text: { type: 'string' } } },
    },
    effect: 'read',
    looks: { for: 'query' },
    run: () => texts,
  });
  const model = scriptedModel(['Notes on an engine.', 'Notes', 'Answer: Notes']);
  const { log } = await createAgent({ model, tools: { search } }).run('What did Ada Byron write?');
  const [seen] = log.flatMap((event) => (event.kind === 'observation' ? [textOf(event.parts)] : []));
  expect(seen).toBe(texts.map(({ title, text }) => `${title}: ${text}`).join('\n'));
});

it.each([
  [{ looks: { at: 'path' } }, 'the name of an argument that is text'],
  [{ looks: 'on' as const }, 'needs no other argument'],
  [{ looks: { at: 'url' }, effect: 'irreversible' as const }, 'a read or reversible'],
  [{ looks: { at: 'url' }, output: { type: 'number' } }, '`output` is text'],
  [{ looks: { for: 'words' } }, 'the name of an argument that is text'],
  [{ looks: { for: 'url' }, effect: 'irreversible' as const }, 'a read or reversible'],
  [{ looks: 'about' as never }, "expected 'here', 'on'"],
])('refuses a tool that looks and cannot: %j', (wrong, message) => {
  const given = tool({
    description: 'Opens a page.',
    input: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
    output: { type: 'string' },
    effect: 'read',
    run: () => '',
    ...wrong,
  } as never);
  expect(() => createAgent({ model: scriptedModel([]), tools: { open_page: given } })).toThrow(message);
});
