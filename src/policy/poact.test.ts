import { expect, it } from 'vitest';
import { textOf } from '../record/index.ts';
import { contextOf, type LooseEvent, policyPromises, scriptedModel, toolFacts, viewOf } from '../testing/index.ts';
import { code, plan, poactController, switchPolicies, thought } from './index.ts';

const start: LooseEvent = { kind: 'run-start', tools: { price: 'd', stock: 'd', order: 'd' } };
const task: LooseEvent = { kind: 'task', parts: [{ text: 'What does a lamp cost?' }] };
const decided = (decision: object): LooseEvent => ({ kind: 'decision', decision });
const planned = decided({ kind: 'think', form: 'plan', text: '1. Ask for the price.' });
const thinking = decided({ kind: 'think', form: 'thought', text: 'Ask.' });
const acted = decided({ kind: 'act', code: 'answer(await price({ item: "lamp" }))' });
const saw: LooseEvent = { kind: 'observation', parts: [{ text: '20' }] };
const over = 'Thought: ask for it.\n```ts\nanswer(1)\n```\nObservation: 1';

it.each(policyPromises(() => plan()))('plan $title', ({ run }) => run());
it.each(policyPromises(() => thought()))('thought $title', ({ run }) => run());
it.each(policyPromises(() => code()))('code $title', ({ run }) => run());

it('tells what blocked a program to the next one, and to none after something ran', async () => {
  const findings = [{ rule: 'x', severity: 'block', message: 'No such place.', remedy: 'Look first.' }];
  const blocked: LooseEvent = { kind: 'review', what: 'decision', verdict: 'block', rule: 'x', findings };
  const asked = async (...events: LooseEvent[]) => {
    const model = scriptedModel(['```ts\nanswer(1)\n```']);
    const view = viewOf(start, task, planned, ...events);
    await code().decide(view, contextOf(model));
    return textOf(model.requests.at(-1)?.messages.at(-1)?.parts ?? []);
  };
  expect(await asked(acted, { ...blocked, of: 3 })).toMatch(/^Note: No such place\. Look first\.\n/);
  const again = [acted, { ...blocked, of: 3 }, acted, saw, thinking] as LooseEvent[];
  expect(await asked(...again)).not.toContain('Note:');
});

it.each<[string, LooseEvent[], string]>([
  ['plan-first', [start, task], 'plan'],
  ['code-at-once', [{ ...start, tools: {} }, task], 'code'],
  ['code-at-once', [{ ...start, tools: { price: 'd', stock: 'd' } }, task], 'code'],
  ['code-at-once', [start, task, planned], 'code'],
  ['after-observation', [start, task, planned, acted, saw], 'thought'],
  ['after-thought', [start, task, planned, acted, saw, thinking], 'code'],
  ['blocked', [start, task, planned, acted, { kind: 'review', what: 'decision', verdict: 'block', rule: 'x' }], 'code'],
  [
    'replan',
    [start, task, planned, acted, saw, { kind: 'review', what: 'path', verdict: 'replan', rule: 'x' }],
    'plan',
  ],
])('the rule %s picks its policy, and says why', async (rule, events, policy) => {
  const choice = await poactController().choose(viewOf(...events));
  expect(choice).toMatchObject({ rule, policy });
  expect(choice.reason).not.toBe('');
});

it('cuts a thought that runs on into code and an invented observation', async () => {
  const decision = await thought().decide(viewOf(start, task), contextOf(scriptedModel([over], { overrun: true })));
  expect(decision).toMatchObject({ kind: 'think', form: 'thought', text: 'ask for it.' });
});

it('keeps what the model invented when breakpoints are off', async () => {
  const model = scriptedModel([over], { overrun: true });
  const decision = await thought({ breakpoints: false }).decide(viewOf(start, task), contextOf(model));
  expect(decision).toMatchObject({ text: expect.stringContaining('Observation: 1') });
});

it('takes code where the thought should be for no thought', async () => {
  const model = scriptedModel(['const a = await price({ item: "lamp" });']);
  const decision = await thought().decide(viewOf(start, task), contextOf(model));
  expect(decision).toMatchObject({ kind: 'think', text: 'The code for this step follows.' });
});

it('keeps of a thought what is not copied from its instruction', async () => {
  const copied =
    'the next Code must compute or, if it must be found elsewhere, which function to call with which of the names shown.';
  const thoughtOf = async (reply: string) =>
    await thought().decide(viewOf(start, task), contextOf(scriptedModel([reply])));
  expect(await thoughtOf(`The price is missing. Whether ${copied}`)).toMatchObject({ text: 'The price is missing.' });
  expect(await thoughtOf(`What ${copied}`)).toMatchObject({ text: 'The code for this step follows.' });
});

it('says which tools make the change that a task asks for or tells of, until one was called', async () => {
  const tools = [
    toolFacts({ name: 'query', description: 'Runs one SELECT.', effect: 'read' }),
    toolFacts({ name: 'execute', description: 'Runs one INSERT or UPDATE.', effect: 'reversible' }),
    toolFacts({ name: 'send', description: 'Sends it.', effect: 'irreversible' }),
  ];
  const asked = async (text: string, ...events: LooseEvent[]) => {
    const model = scriptedModel(['```ts\nanswer(1)\n```']);
    await code().decide(viewOf(start, { kind: 'task', parts: [{ text }] }, ...events), contextOf(model, { tools }));
    return textOf(model.requests.at(-1)?.messages.at(-1)?.parts ?? []);
  };
  const values = 'Its values stand in the statement as the Task writes them.';
  expect(await asked('Insert a lamp of 20 euros.')).toContain(
    `The Task asks for a change: make it, once, with execute and one INSERT, or send. ${values}`,
  );
  expect(await asked('Lamp 7 is sold for 20 euros.')).toContain(
    `The Task tells what is new: record it, once, with execute and one INSERT or one UPDATE. ${values}`,
  );
  expect(await asked('What does a lamp cost?')).not.toContain('The Task');
  const called: LooseEvent = { kind: 'call', id: '1.1', tool: 'execute', args: {}, effect: 'reversible' };
  expect(await asked('Insert a lamp of 20 euros.', acted, called)).not.toContain('The Task asks');
});

it('answers from a thought only when something was observed', async () => {
  const answering = () => contextOf(scriptedModel(['Answer: 20']));
  expect(await thought().decide(viewOf(start, task), answering())).toMatchObject({ kind: 'think' });
  expect(await thought().decide(viewOf(start, task, acted, saw), answering())).toMatchObject({
    kind: 'answer',
    value: 20,
  });
});

it('writes several programs where no tool has an effect, and one where one may', async () => {
  const harmless = contextOf(scriptedModel(() => '```ts\nls()\n```'));
  const first = await code().decide(viewOf(start, task), harmless);
  expect(first).toMatchObject({ kind: 'candidates', first: 'ls()', most: 5 });
  const tool = {
    name: 'buy',
    description: '',
    effect: 'unknown',
    origin: 'code',
    idempotent: false,
    needsApproval: false,
    poll: false,
    digest: '',
  } as const;
  const risky = contextOf(
    scriptedModel(() => '```ts\nbuy()\n```'),
    { space: { tools: [tool] } },
  );
  expect(await code().decide(viewOf(start, task), risky)).toMatchObject({ kind: 'act', code: 'buy()' });
});

it('samples the first program greedily, and later ones warmer with another seed', async () => {
  const model = scriptedModel(() => '```ts\nls()\n```');
  const decision = await code().decide(viewOf(start, task), contextOf(model));
  if (decision.kind !== 'candidates') throw new Error('expected candidates');
  await decision.pull?.(1);
  expect(model.requests.map(({ temperature }) => temperature)).toEqual([0, 0.7]);
  expect(new Set(model.requests.map(({ seed }) => seed)).size).toBe(2);
});

it('makes each prompt up to the instruction the beginning of the next one’s', async () => {
  const policy = switchPolicies({
    policies: { plan: plan(), thought: thought(), code: code() },
    controller: poactController(),
  });
  const steps = [[], [planned], [acted, saw], [thinking], [acted, saw]];
  const prompts: string[][] = [];
  for (const end of steps.keys()) {
    const model = scriptedModel(() => 'Look.\n```ts\nls()\n```');
    await policy.decide(viewOf(start, task, ...steps.slice(0, end + 1).flat()), contextOf(model));
    prompts.push(model.requests[0]?.messages.map(({ role, parts }) => `${role}: ${textOf(parts)}`) ?? []);
  }
  for (const [at, prompt] of prompts.slice(0, -1).entries()) {
    expect(prompts[at + 1]?.slice(0, prompt.length - 1)).toEqual(prompt.slice(0, -1));
  }
});

it('leaves a pruned turn out of the prompt', async () => {
  const model = scriptedModel(['Look.']);
  const prune: LooseEvent = { kind: 'review', what: 'path', verdict: 'retry', rule: 'x', prune: [2] };
  await thought().decide(viewOf(start, task, acted, saw, prune), contextOf(model));
  expect(model.heard().join('\n')).not.toContain('price({');
});

it('shows the candidate that won, not the first', async () => {
  const model = scriptedModel(['Look.']);
  const tried = decided({ kind: 'candidates', first: 'first()', most: 5 });
  const chose: LooseEvent = {
    kind: 'choice',
    winner: 'c2',
    candidates: [
      { id: 'c1', code: 'first()' },
      { id: 'c2', code: 'second()' },
    ],
  };
  await thought().decide(viewOf(start, task, tried, chose, saw), contextOf(model));
  expect(model.heard()).toContain('```ts\nsecond()\n```');
});

it('cuts a history that outgrows the model’s window, and says so', async () => {
  const model = scriptedModel(['Look.'], { can: { contextTokens: 1_000 } });
  const long: LooseEvent = { kind: 'observation', parts: [{ text: 'row '.repeat(900) }] };
  await thought().decide(viewOf(start, task, acted, long, thinking, acted, saw), contextOf(model));
  const heard = model.heard().join('\n');
  expect(heard.length).toBeLessThan(3_500);
  expect(heard).toContain('characters left out to fit the window');
  expect(heard).toContain('Observation: 20');
});
