/**
 * What prompt lookup decoding gains: the requests that poact makes over some development questions, written with guesses and without.
 *
 * `node bench/lookup.ts [--n 8] [--seed 21] [--model 1.5b] [--json]`: minutes on two cores. Each request is written by both models, one
 * after the other and taking turns at being first, from a prompt that is evaluated already: only writing is timed.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { experiment } from '../src/eval/index.ts';
import { local, type Model, type ModelRequest } from '../src/model/index.ts';
import { memoryStore } from '../src/run/index.ts';
import { fileArms } from './arms.ts';
import { questionsOf } from './files/generate.ts';
import { questionSet } from './files/question-set.ts';
import { printRows } from './rows.ts';

const { values: asked } = parseArgs({
  options: {
    n: { type: 'string', default: '8' },
    seed: { type: 'string', default: '21' },
    model: { type: 'string', default: '1.5b' },
    json: { type: 'boolean', default: false },
  },
});

const guessing = local({ model: asked.model });
const plain = local({ model: asked.model, lookup: false });
const requests = await requestsOver(Number(asked.n), Number(asked.seed));

const arms = [
  { model: plain, ms: 0, written: 0 },
  { model: guessing, ms: 0, written: 0 },
];
let same = 0;
for (const [at, request] of requests.entries()) {
  const texts: string[] = [];
  for (const arm of at % 2 === 0 ? arms : arms.toReversed()) {
    await arm.model.generate({ ...request, maxTokens: 1 });
    const began = performance.now();
    const { text, usage } = await arm.model.generate(request);
    arm.ms += performance.now() - began;
    arm.written += usage.written;
    texts.push(text);
  }
  if (texts[0] === texts[1]) same += 1;
}
const [without, withGuesses] = arms.map(({ ms, written }) => (1_000 * written) / ms) as [number, number];
printRows(
  [
    { what: 'tokens written a second, one at a time', value: without, unit: '' },
    { what: 'tokens written a second, with prompt lookup', value: withGuesses, unit: '' },
    {
      what: 'times as fast',
      value: withGuesses / without,
      unit: '×',
      how: `${requests.length} requests of ${asked.n} questions`,
    },
    { what: 'replies that are the same to the letter', value: (100 * same) / requests.length, unit: '%' },
  ],
  asked.json ? ['--json'] : [],
);
process.exit(0);

/** What poact asks over the first questions of a seed. */
async function requestsOver(most: number, seed: number): Promise<ModelRequest[]> {
  const heard: ModelRequest[] = [];
  const model: Model = {
    // The one that guesses must not have written them before.
    ...plain,
    generate(request, on) {
      heard.push({ ...request, messages: [...request.messages] });
      return plain.generate(request, on);
    },
  };
  const set = questionSet(questionsOf('development', [seed]));
  const arm = fileArms({ model, turns: 8, ms: 300_000 }).filter(({ name }) => name === 'all of poact');
  await experiment({
    name: 'lookup',
    sets: [{ ...set, tasks: set.tasks.slice(0, most) }],
    arms: arm,
    store: memoryStore(),
  });
  return heard.filter(({ constraint }) => constraint === undefined);
}
