import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { lampShop } from '../src/eval/fixtures/lamp-shop.ts';
import { type Arm, experiment } from '../src/eval/index.ts';
import type { Model } from '../src/model/index.ts';
import { textOf } from '../src/record/index.ts';
import { scriptedModel } from '../src/testing/index.ts';
import { fileArms, named, paperArms, poactArms } from './arms.ts';
import { openMeasurement } from './measurement.ts';

const root = mkdtempSync(join(tmpdir(), 'poact-measurement-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A machine with a working folder of its own. */
function open(folder: string, model: Model, fresh = false) {
  folders += 1;
  const cacheFolder = join(root, `cache-${folders}`);
  return openMeasurement({ name: 'lamps', folder, fresh, cacheFolder, resolve: () => model });
}

async function made(measurement: ReturnType<typeof open>, armsOf: (model: Model) => Arm[]) {
  const arms = measurement.arms(armsOf(measurement.model('any')));
  const { cells } = await experiment({ name: 'lamps', sets: [lampShop(3)], arms, store: measurement.store });
  const counts = measurement.counts();
  await measurement.close();
  return { cells, counts };
}

const answering = (value: number) => () => `\`\`\`ts\nanswer(${value});\n\`\`\``;
const limits = { turns: 4, ms: 20_000 };

it('makes a measurement again on another machine, without asking, and asks what a change asks anew', async () => {
  const folder = join(root, 'results');
  const first = await made(open(folder, scriptedModel(answering(10))), (model) => fileArms({ model, ...limits }));
  expect(first.counts.asked).toBeGreaterThan(0);

  const silent = scriptedModel(() => {
    throw new Error('It was asked.');
  });
  const again = await made(open(folder, silent), (model) => fileArms({ model, ...limits }));
  expect(again.counts).toEqual({ asked: 0, kept: first.counts.asked + first.counts.kept });
  const lasting = ({ seconds: _, ...cell }: (typeof first.cells)[number]) => cell;
  expect(again.cells.map(lasting)).toEqual(first.cells.map(lasting));

  const kept = readFileSync(join(folder, 'replies.jsonl.br')).length;
  const other = await made(open(folder, scriptedModel(answering(11))), (model) => paperArms({ model, ...limits }));
  expect(other.counts.asked).toBeGreaterThan(0);
  expect(readFileSync(join(folder, 'replies.jsonl.br')).length).toBeGreaterThan(kept);
  expect((await made(open(folder, silent), (model) => fileArms({ model, ...limits }))).counts.asked).toBe(0);
  const fresh = await made(open(folder, scriptedModel(answering(10)), true), (model) => fileArms({ model, ...limits }));
  expect(fresh.counts.asked).toBe(first.counts.asked);
});

it('begins each attempt with an empty prefix cache, and goes on after what was kept as if it had been asked', async () => {
  const asked: string[] = [];
  const model = scriptedModel(({ messages, prefill }) => {
    asked.push(`${textOf(messages[0]?.parts ?? [])}${prefill === undefined ? '' : ` → ${prefill}`}`);
    return 'Yes.';
  });
  const measurement = open(join(root, 'prefix'), model);
  const ask = (text: string) => measurement.model('any').generate({ messages: [{ role: 'user', parts: [{ text }] }] });

  measurement.begins('one');
  await ask('A');
  await ask('A B');
  // The one has left its prompts in the cache.
  measurement.begins('another');
  await ask('A');
  await ask('A C');
  measurement.begins('third');
  await ask('D');
  expect(asked).toEqual(['x', 'A', 'A B', 'A → Yes.', 'A C', 'x', 'D']);
  expect(measurement.counts()).toEqual({ asked: 4, kept: 1 });
  await measurement.close();
});

it('has the arms that were asked for, and names those there are', () => {
  const given = { model: scriptedModel([]), ...limits };
  expect(paperArms(given).map(({ name }) => name)).toEqual(['react', 'codeAct', 'planExecute']);
  const arms = [...paperArms(given), ...poactArms(given, ['plan', 'stepPolicies'])];
  expect(named('arm', arms, 'react,poact-step-policies').map(({ name }) => name)).toEqual([
    'react',
    'poact - stepPolicies',
  ]);
  expect(() => named('arm', fileArms(given), 'best')).toThrow('There is no arm "best". There are: first program, with');
});
