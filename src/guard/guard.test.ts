import { expect, it } from 'vitest';
import { OptionError, type ToolFacts } from '../record/index.ts';
import { guardPromises, toolFacts, viewOf } from '../testing/index.ts';
import { allowAll, type ByEffectOptions, byEffect, denyAll } from './index.ts';

it.each([
  ...guardPromises(() => byEffect({ ask: ['pay'], yes: true })),
  ...guardPromises(() => byEffect()),
  ...guardPromises(allowAll),
  ...guardPromises(denyAll),
])('$title', ({ run }) => run());

const judge = (options: ByEffectOptions, facts: Partial<ToolFacts>) => {
  const tool = toolFacts(facts);
  return byEffect(options).judge({ id: '1.1', tool: tool.name, args: {} }, { view: viewOf(), tool });
};

it.each([
  ['a tool that reads', {}, { effect: 'read', origin: 'mcp' }, 'allow', 'read'],
  ['a tool given in code', {}, { effect: 'irreversible', origin: 'code' }, 'allow', 'code'],
  ['one that needs approval, even when it reads', {}, { effect: 'read', needsApproval: true }, 'ask', 'needs-approval'],
  ['one that needs approval, also with yes', { yes: true }, { needsApproval: true }, 'ask', 'needs-approval'],
  ['one of a module', {}, { origin: 'module' }, 'ask', 'origin-module'],
  ['one of an MCP server', {}, { effect: 'reversible', origin: 'mcp' }, 'ask', 'origin-mcp'],
  ['one of an OpenAPI document', {}, { effect: 'irreversible', origin: 'openapi' }, 'ask', 'origin-openapi'],
  ['a shipped one that writes', {}, { effect: 'reversible', origin: 'shipped' }, 'ask', 'origin-shipped'],
  ['one of a module, with yes', { yes: true }, { origin: 'module' }, 'allow', 'yes'],
  ['one that is to be asked for', { ask: ['order'], yes: true }, { effect: 'read' }, 'ask', 'ask'],
  ['one that is allowed', { allow: ['order'] }, { needsApproval: true }, 'allow', 'allow'],
  ['one that is denied', { deny: ['order'] }, { effect: 'read' }, 'deny', 'deny'],
] as const)('judges %s', async (_title, options, facts, verdict, rule) => {
  expect(await judge(options, facts)).toMatchObject({ verdict, rule });
});

it('says why in words that a person can decide by', async () => {
  expect(await judge({}, { name: 'pay', effect: 'irreversible', origin: 'mcp' })).toMatchObject({
    reason: 'pay comes from an MCP server and is irreversible.',
  });
});

it('refuses a tool that stands in two lists, by name', () => {
  expect(() => byEffect({ ask: ['pay'], deny: ['pay'] })).toThrow(OptionError);
  expect(() => byEffect({ ask: ['pay'], deny: ['pay'] })).toThrow(
    'Option `deny`: pay stands in `ask` as well; keep one.',
  );
});
