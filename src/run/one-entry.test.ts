/** Issue 3, check 4: a model that always writes on cannot put into the log what did not happen. */
import { expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../action/index.ts';
import type { ModelRequest } from '../model/index.ts';
import { inventsObservation } from '../policy/index.ts';
import { type RunEvent, textOf } from '../record/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { type PoactOptions, poact } from './poact.ts';

const INVENTED = 'Observation: 4711';
const price = tool({
  description: 'Price of an item, euros',
  input: z.object({ item: z.enum(['lamp', 'mug']) }),
  output: z.number(),
  effect: 'read',
  run: ({ item }) => ({ lamp: 20, mug: 3 })[item],
});
const PROGRAMS = [
  'const lamp = await price({ item: "lamp" });\nconsole.log("the lamp", lamp);',
  'const mug = await price({ item: "mug" });\nconsole.log("the mug", mug);',
  'answer(lamp + 2 * mug);',
];
const FAILING = 'const nothing: any = undefined;\nconsole.log(nothing.item);';

/** Plan, thought, program, an observation and an answer, all in one reply to whatever is asked; the second program fails once. */
function writesOn({ fails }: { fails: boolean }) {
  let toFail = fails;
  return ({ messages }: ModelRequest): string => {
    const said = messages.map(({ parts }) => textOf(parts));
    const seen = said.filter((text) => text.startsWith('Observation:')).length;
    const plan = said.some((text) => text.startsWith('Plan:'))
      ? ''
      : 'Plan: 1. Ask for both prices.\n2. Add.\n3. Answer.\n';
    const failing = toFail && seen === 1 && said.at(-1)?.includes('Write the Code');
    if (failing) toFail = false;
    const program = failing ? FAILING : PROGRAMS[seen];
    return `${plan}Thought: Ask for the next price.\n\`\`\`ts\n${program}\n\`\`\`\n${INVENTED}\nThought: I know.\nAnswer: 4711`;
  };
}

async function run(options: PoactOptions, { fails = false, overrun = true } = {}) {
  const model = scriptedModel(writesOn({ fails }), { overrun, can: { prefill: false } });
  const agent = createAgent({
    model,
    tools: { price, size: price, weight: price },
    limits: { steps: 20 },
    ...poact(options),
  });
  const result = await agent.run('What do a lamp and two mugs cost?', { answer: z.number() });
  return { ...result, requests: model.requests };
}

/** The log as decisions that think or act, and observations: one letter each. */
const path = (log: readonly RunEvent[]) =>
  log
    .map((event) => {
      if (event.kind === 'observation') return 'o';
      if (event.kind !== 'decision') return '';
      const { decision } = event;
      if (decision.kind === 'think') return decision.form === 'plan' ? 'p' : 't';
      return decision.kind === 'act' || decision.kind === 'candidates' ? 'a' : '';
    })
    .join('');

/** All that the log holds as having been decided or observed. */
const entries = (log: readonly RunEvent[]) =>
  JSON.stringify(log.filter(({ kind }) => kind === 'decision' || kind === 'observation' || kind === 'choice'));

const fixed = ({ messages }: ModelRequest) => messages.slice(0, -1).map((message) => JSON.stringify(message));

it.each<[string, PoactOptions, boolean, RegExp]>([
  ['thinking before each program', { thought: 'always', candidates: false }, true, /^p(?:tao)+$/],
  ['with candidates', { thought: 'always' }, true, /^p(?:tao)+$/],
  ['where stop strings are heeded', { thought: 'always' }, false, /^p(?:tao)+$/],
  ['as it comes: the plan is what the first program follows', {}, true, /^pao(?:tao)*$/],
])(
  'makes plan, (thought, act, observation)* of replies that hold it all, %s',
  async (_title, options, overrun, form) => {
    const { answer, log, requests } = await run(options, { overrun });
    expect(path(log)).toMatch(form);
    expect(answer).toBe(26);
    const observations = log.filter((event) => event.kind === 'observation');
    expect(observations.map(({ by }) => by)).toEqual(observations.map(() => 'action'));
    expect(observations).toHaveLength(PROGRAMS.length);
    expect(entries(log)).not.toContain('4711');
    expect(JSON.stringify(requests)).not.toContain('4711');
  },
);

it('makes an entry of the invented observation when breakpoints are off', async () => {
  const { log } = await run({ thought: 'always', breakpoints: false });
  const said = log.flatMap((event) =>
    event.kind === 'decision' && event.decision.kind === 'think' ? [event.decision.text] : [],
  );
  expect(said.filter(inventsObservation).length).toBeGreaterThanOrEqual(1);
});

it.each<[string, PoactOptions, boolean]>([
  ['one program a step', { candidates: false }, false],
  ['candidates', {}, false],
  ['no step policies', { stepPolicies: false }, false],
  ['a turn that was pruned, and stands in no prompt', { candidates: false }, true],
])(
  'begins each prompt with the last one’s, up to the instruction, byte for byte: %s',
  async (_title, options, fails) => {
    const { answer, log, requests } = await run(options, { fails });
    expect(answer).toBe(26);
    expect(requests.length).toBeGreaterThan(4);
    for (const [at, request] of requests.slice(1).entries()) {
      const before = fixed(requests[at] as ModelRequest);
      expect(fixed(request).slice(0, before.length)).toEqual(before);
    }
    expect(log.flatMap((event) => (event.kind === 'review' ? (event.prune ?? []) : []))).toHaveLength(fails ? 1 : 0);
    expect(JSON.stringify(requests)).not.toContain('nothing.item');
  },
);
