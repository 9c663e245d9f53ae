import { expect, it } from 'vitest';
import type { ToolFacts } from '../record/index.ts';
import { contextOf, type LooseEvent, policyPromises, scriptedModel, toolFacts, viewOf } from '../testing/index.ts';
import { code, codeAct, explore, react } from './index.ts';
import { placesIn, withoutAddresses } from './surroundings.ts';

const tools: ToolFacts[] = [
  toolFacts({ name: 'open_page', looks: { at: 'url' } }),
  toolFacts({ name: 'look', looks: 'here' }),
];
const task = (text: string): LooseEvent => ({ kind: 'task', parts: [{ text }] });
const decided: LooseEvent = { kind: 'decision', decision: { kind: 'act', code: 'look()' } };
let id = 0;
/** A call and what it gave. */
const called = (tool: string, args: object, value?: string): LooseEvent[] => {
  id += 1;
  return [
    { kind: 'call', id: `1.${id}`, tool, args, effect: 'read' },
    { kind: 'call-result', id: `1.${id}`, ok: value !== undefined, ...(value !== undefined && { value }) },
  ];
};
const opened = (url: string, value?: string) => called('open_page', { url }, value);
const home = (text: string): LooseEvent[] => [decided, ...called('look', {}, text), { kind: 'observation', parts: [] }];

async function decide(events: readonly LooseEvent[], instead: { tools?: ToolFacts[]; pages?: number } = {}) {
  const model = scriptedModel(() => '```ts\nanswer(1)\n```');
  const context = contextOf(model, { tools: instead.tools ?? tools });
  const decision = await explore(code({ candidates: 1 }), {
    atOnce: 2,
    ...(instead.pages && { pages: instead.pages }),
  }).decide(viewOf(...events), context);
  return {
    rule: context.switches[0]?.rule,
    code: 'code' in decision ? decision.code : '',
    asked: model.requests.length,
  };
}

it.each(policyPromises(() => explore(codeAct())))('$title', ({ run }) => run());

it('looks at what is here first, without asking the model', async () => {
  expect(await decide([task('Find the email of Ada Byron.')])).toMatchObject({
    rule: 'look-here',
    code: expect.stringContaining('await look()'),
    asked: 0,
  });
});

it('opens what the task names before anything else', async () => {
  const links = "[Ada Byron](/people/1) [Ben](/people/2) '/team/ada_byron'";
  const { rule, code } = await decide([task('Find the email of Ada Byron.'), ...home(links)]);
  expect(rule).toBe('open-named');
  expect(code).toContain('["/people/1", "/people/2"]');
  const later = await decide([
    task('Find the email of Ada Byron.'),
    ...home(links),
    ...opened('/people/1', 'Ada Byron: a@b.c'),
    ...opened('/people/2'),
  ]);
  expect(later).toMatchObject({ rule: 'open-named', code: expect.stringContaining('["/team/ada_byron"]') });
});

it('follows words of what is sought, and else opens all there is, what shares words with the task first', async () => {
  const links = "'/blog'\n'/crystal_ball'\nOur email list '/contact'";
  expect(await decide([task('What does the Rare Crystal Ball cost?'), ...home(links)])).toMatchObject({
    rule: 'open-leads',
    code: expect.stringContaining('["/crystal_ball"]'),
  });
  expect(await decide([task('Find the email of Ada Byron.'), ...home(links)])).toMatchObject({
    rule: 'open-all',
    code: expect.stringContaining('["/contact", "/blog"]'),
  });
});

it.each<[string, LooseEvent[], { tools?: ToolFacts[]; pages?: number }]>([
  ['what is sought was seen', [...home("'/a'"), ...opened('/a', 'Ada Byron: a@b.c\nSee [more](/b)')], {}],
  ['a link to it was seen and led nowhere', [...home('Ada Byron: [a page](/a)'), ...opened('/a')], {}],
  ['nothing is left', [...home('nothing here')], {}],
  ['enough was opened', [...home("'/a' '/b'"), ...opened('/a', '')], { pages: 1 }],
  [
    'its program was not let run',
    [...home("'/a'"), decided, { kind: 'review', what: 'decision', verdict: 'block', rule: 'x' }],
    {},
  ],
  ['no tool opens an address', [], { tools: tools.slice(1) }],
  ['a person would be asked', [], { tools: tools.map((tool) => ({ ...tool, needsApproval: true })) }],
])('leaves the step to the policy within where %s', async (_why, events, instead) => {
  expect(await decide([task('Find the email of Ada Byron.'), ...events], instead)).toMatchObject({
    rule: undefined,
    asked: 1,
  });
});

it('looks once for the question and the names in it, where a tool finds texts by words', async () => {
  const finder = [toolFacts({ name: 'search', looks: { for: 'query' } })];
  const question = 'What did Ada Byron write?\nAnswer with a title.';
  const { rule, code, asked } = await decide([task(question)], { tools: finder });
  expect({ rule, asked }).toEqual({ rule: 'look-for', asked: 0 });
  expect(code).toContain('["What did Ada Byron write?", "Ada Byron"]');
  const later = [decided, ...called('search', { query: 'What did Ada Byron write?' })];
  expect(await decide([task(question), ...later], { tools: finder })).toMatchObject({ rule: undefined, asked: 1 });
  expect(await decide([task('What is here?')], { tools: finder })).toMatchObject({ rule: undefined, asked: 1 });
});

it('leaves a task that names nothing to the policy within', async () => {
  expect(await decide([task('What is here?')])).toMatchObject({ rule: undefined, asked: 1 });
});

it('does not go around a policy that acts by calls', () => {
  expect(() => explore(react())).toThrow('acts by calls as data');
  expect(() => explore(codeAct(), { atOnce: 0 })).toThrow('atOnce');
});

it('sees addresses in quotes and brackets, and not in plain words', () => {
  const text = 'and/or 1/2 /usr <https://a.b/c?d=1> [x](/y) `/z`';
  expect(placesIn(text).map(({ address }) => address)).toEqual(['https://a.b/c?d=1', '/y', '/z']);
  expect(withoutAddresses('see /team/ada_byron [Ada](/x).')).toBe('see   [Ada]( ).');
});
