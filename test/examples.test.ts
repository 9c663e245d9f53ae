/** Every example runs, with a scripted model. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { approvalExample } from '../examples/approvals.ts';
import { budgetExample } from '../examples/budgets.ts';
import { resumeExample } from '../examples/resume.ts';
import { twoPoliciesExample } from '../examples/two-policies.ts';
import { worthOfStock } from '../examples/two-tools.ts';
import { undoExample } from '../examples/undo.ts';
import { workersExample } from '../examples/workers.ts';
import { textOf } from '../src/record/index.ts';
import { scriptedModel } from '../src/testing/index.ts';

const writes = (code: string) => scriptedModel(() => `\`\`\`ts\n${code}\n\`\`\``);

it('two tools: one program calls both', async () => {
  const model = writes(`let sum = 0;
for (const item of ['lamp', 'mug'] as const) sum += (await price({ item })) * (await stock({ item }));
answer(sum);`);
  expect(await worthOfStock(model)).toBe(350);
});

it('resume: a call that has its result is not made again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poact-example-'));
  const model = writes("const lamp = await weigh({ item: 'lamp' });\nanswer(lamp + (await weigh({ item: 'mug' })));");
  expect(await resumeExample(model, join(folder, 'runs.db'))).toEqual({
    broken: 'cancelled',
    status: 'answered',
    answer: 1_200,
    calls: ['lamp', 'mug', 'mug'],
  });
  expect(model.requests).toHaveLength(1);
  await rm(folder, { recursive: true });
});

it('budgets: three runs within one, on its budget', async () => {
  const model = scriptedModel(({ messages, tools = [] }) => {
    if (tools.length === 0)
      return `Change ${textOf(messages.at(-1)?.parts ?? []).includes('lawyer') ? 'the name' : 'nothing'}.`;
    if (messages.some(({ role }) => role === 'tool')) return 'Two would change nothing, one the name.';
    return { calls: [{ tool: 'review', args: { text: 'Ein Haus am See' } }] };
  });
  const { tokens, ...result } = await budgetExample(model);
  expect(result).toEqual({
    status: 'answered',
    answer: 'Two would change nothing, one the name.',
    children: ['answered', 'answered', 'answered'],
  });
  expect(tokens).toBeLessThan(12_000);
});

it('approvals: nothing is sent before a person has seen it, in another process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poact-example-'));
  const model =
    writes(`const mails = ['anna', 'bo'].map((name) => sendMail({ to: name + '@example.org', text: 'The lamps have arrived.' }));
const came = await Promise.allSettled(mails);
answer(came.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)));`);
  expect(await approvalExample(model, join(folder, 'runs.db'))).toEqual({
    first: 'suspended',
    shown: ['anna', 'bo'].map((name) => `To: ${name}@example.org\n\nThe lamps have arrived.`),
    finally: 'answered',
    answer: ['sent', 'Bo knows.'],
    sent: ['anna@example.org'],
  });
  expect(model.requests).toHaveLength(1);
  await rm(folder, { recursive: true });
});

it('two policies: forked from one step, each goes its way, and both are compared', async () => {
  const block = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
  const code = scriptedModel(({ messages }) =>
    messages.some(({ role }) => role === 'assistant')
      ? block("answer(lamp + 2 * (await price({ item: 'mug' })));")
      : block("const lamp = await price({ item: 'lamp' });\nthrow new Error('And the mugs?');"),
  );
  const talk = scriptedModel([{ calls: [{ tool: 'price', args: { item: 'mug' } }] }, 'They cost 26 euros.']);
  expect(await twoPoliciesExample(code, talk)).toEqual({
    answers: [26, 'They cost 26 euros.'],
    parted: ['model-call', 'selection'],
    since: [
      { modelCalls: 1, toolCalls: 1 },
      { modelCalls: 2, toolCalls: 1 },
    ],
    replays: true,
    asked: ['lamp', 'mug', 'mug', 'mug'],
  });
});

it('undo: a mistake is taken back, and the run goes on from before it', async () => {
  const set = (count: number) =>
    `\`\`\`ts\nawait setStock({ item: 'lamp', count: ${count} });\nanswer('Done.');\n\`\`\``;
  const model = scriptedModel([set(2), set(3)]);
  expect(await undoExample(model)).toEqual({ mistake: 2, undone: 1, restored: 5, finally: 3 });
  expect(JSON.stringify(model.requests[1]?.messages)).not.toContain('count: 2');
});

it('every example is on the page', async () => {
  const page = await readFile('examples/README.md', 'utf8');
  for (const name of await readdir('examples')) if (name !== 'README.md') expect(page).toContain(name);
});

it('workers: three runs, two workers, one person', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poact-example-'));
  const model = scriptedModel(({ messages }) => {
    const name = /Tell (\w+)/.exec(messages.map(({ parts }) => textOf(parts)).join(' '))?.[1];
    return `\`\`\`ts\nanswer(await sendMail({ to: '${name}', text: 'The lamps are here.' }));\n\`\`\``;
  });
  expect(await workersExample(model, join(folder, 'runs.db'))).toEqual({
    ends: ['answered', 'answered', 'answered'],
    sent: ['Anna', 'Bo', 'Cleo'],
  });
  await rm(folder, { recursive: true });
});
