/** Every example runs, with a scripted model. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { approvalExample } from '../examples/approvals.ts';
import { resumeExample } from '../examples/resume.ts';
import { worthOfStock } from '../examples/two-tools.ts';
import { undoExample } from '../examples/undo.ts';
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

it('approvals: nothing is sent before a person has seen it', async () => {
  const model = writes("answer(await sendMail({ to: 'anna@example.org', text: 'The lamps have arrived.' }));");
  expect(await approvalExample(model)).toEqual({
    first: 'suspended',
    asked: ['To: anna@example.org\n\nThe lamps have arrived.'],
    finally: 'answered',
    sent: ['anna@example.org'],
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
