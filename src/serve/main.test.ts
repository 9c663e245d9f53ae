import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedReply, scriptedModel } from '../testing/index.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Asker, Io } from './io.ts';
import { main } from './main.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'poact-cli-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const program = (code: string) => `\`\`\`ts\n${code}\n\`\`\``;
const SUPPLIERS = resolve('examples/suppliers');

interface Given {
  replies?: ScriptedReply[] | (() => string);
  ask?: Partial<Asker>;
  env?: Io['env'];
  onStart?: (interrupt: () => void) => void;
  onOut?: (text: string) => void;
}

/** A command as a shell sees it. */
async function poact(argv: string[], { replies = [], ask, env = {}, onStart, onOut }: Given = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const exits: number[] = [];
  const model = scriptedModel(replies);
  const code = await main(argv, {
    stdout: {
      write: (text) => {
        out.push(text);
        onOut?.(text);
      },
    },
    stderr: { write: (text) => err.push(text) },
    interactive: ask !== undefined,
    env: { POACT_HOME: join(cwd, 'home'), ...env },
    cwd,
    onInterrupt: (hear) => {
      onStart?.(hear);
      return () => {};
    },
    exit: (ended) => exits.push(ended),
    model: (name) => (name === 'local' ? model : undefined),
    ...(ask === undefined ? {} : { ask: ask as Asker }),
  });
  return { code, out: out.join(''), err: err.join(''), exits, model };
}

describe('run', () => {
  it('shows a secret nowhere: not in a step, an answer, a log, an error, or its stack', async () => {
    const key = 'sk-live-0123456789';
    const tools = join(cwd, 'tools.mjs');
    await writeFile(
      tools,
      `export const look = { description: 'Looks', input: { type: 'object', properties: {} }, secrets: { key: { secret: 'LOOK_KEY' } },
        run: (_args, { secrets }) => ({ said: secrets.key }) };`,
    );
    const argv = ['run', `Look with ${key}`, '--tools', tools, '--yes', '--verbose', '--policy', 'codeAct'];
    const env = { LOOK_KEY: key, POACT_DEBUG: '1' };
    const replies = () => program(`const got = await look();\nconsole.log(got, '${key}');\nanswer(got.said);`);
    const run = await poact(argv, { env, replies });
    const log = await poact(['log', 'last', '--jsonl']);
    const prompt = await poact(['log', 'last', '--prompt', '1']);
    const broken = await poact([...argv, '--seed', '1'], {
      env,
      replies: () => {
        throw new Error(`401 ${key}`);
      },
    });
    expect(run.out).toBe('[secret LOOK_KEY]\n');
    expect(log.out).toContain('[secret LOOK_KEY]');
    expect(JSON.stringify([run.out, run.err, log, prompt, broken.out, broken.err, run.model.requests])).not.toContain(
      key,
    );
  });

  const cheapest = program(`const costs = suppliers.map((one) => {
  const tariff = tariffs.find(({ country }) => country === one.country);
  return { supplier: one.supplier, cost: 500 * one.unitPriceEur * (1 + (tariff?.tariffPercent ?? 0) / 100) };
});
costs.sort((a, b) => a.cost - b.cost);
answer(costs[0]);`);

  it('solves the shipped example: the way to standard error, the answer to standard output', async () => {
    const { code, out, err } = await poact(['run', 'Which is cheapest?', '--files', SUPPLIERS], {
      replies: () => cheapest,
    });
    expect(JSON.parse(out)).toEqual({ supplier: 'Bosphorus Lighting', cost: 5565 });
    expect(err).toContain('▌ Task Which is cheapest?\n  suppliers: suppliers.csv, 5 rows.');
    expect(err).toContain('▶ Program');
    expect(err).toMatch(/1 step · [\d,]+ tokens in/);
    expect(code).toBe(0);
  });

  it('prints one line of JSON, and nothing else, with --json', async () => {
    const { out, err } = await poact(['run', 'Six times seven?', '--json'], {
      replies: () => program('answer(6 * 7)'),
    });
    expect(err).toBe('');
    expect(out.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      answer: 42,
      status: 'answered',
      usage: { steps: 1 },
      warnings: expect.any(Array),
    });
    expect(Object.keys(JSON.parse(out))).toEqual(['answer', 'status', 'run', 'usage', 'warnings']);
  });

  it('keeps the run, lists it, shows it, and its prompt', async () => {
    await poact(['run', 'Six times seven?'], { replies: () => program('answer(6 * 7)') });
    expect(existsSync(join(cwd, '.poact/runs.db'))).toBe(true);
    const { out: list } = await poact(['runs']);
    expect(list).toMatch(/^\S+ {2}answered +\d{4}-\d\d-\d\d \d\d:\d\d +\d+ events {2}Six times seven\?\n$/);
    const id = list.split(' ')[0] as string;
    const { out: log } = await poact(['log', id.slice(-6)]);
    expect(log).toContain('── step 1 ──');
    expect(log.trim().endsWith('42')).toBe(true);
    const { out: lines } = await poact(['log', 'last', '--jsonl']);
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind),
    ).toEqual(expect.arrayContaining(['run-start', 'task', 'decision', 'run-end']));
    const { out: prompt } = await poact(['log', 'last', '--prompt', '1']);
    expect(prompt).toContain('[system]');
    expect(prompt).toContain('Six times seven?');
    expect(prompt).toContain('[reply]');
    const { code, err } = await poact(['log', 'last', '--prompt', '9']);
    expect([code, err]).toEqual([2, 'No model was called in step 9. Steps with a prompt: 1.\n']);
  });

  it('goes on with an answered run, and keeps its settings and variables', async () => {
    await poact(['run', 'Count.', '--files', SUPPLIERS, '--policy', 'codeAct'], {
      replies: [program('const n = suppliers.length;\nanswer(n)')],
    });
    const { code, out, model } = await poact(['continue', 'last', 'And twice that?'], {
      replies: [program('answer(n * 2)')],
    });
    expect([code, out]).toEqual([0, '10\n']);
    expect(model.heard().join('\n')).toContain('suppliers.csv');
  });

  it('stops at its limit with code 4, and says how to go on', async () => {
    let tries = 0;
    const { code, out, err } = await poact(['run', 'Loop.', '--steps', '2', '--policy', 'codeAct'], {
      replies: () => program(`throw new Error('try ${++tries}')`),
    });
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain('poact resume ');
  });

  it('is cancelled by Ctrl-C with code 5 and can be resumed; a second one ends the process', async () => {
    let interrupt = () => {};
    const replies = () => {
      interrupt();
      return program('answer(1)');
    };
    const first = await poact(['run', 'One?'], { replies, onStart: (hear) => (interrupt = hear) });
    expect([first.code, first.out]).toEqual([5, '']);
    expect(first.err).toMatch(/cancelled: .*\nGo on with: poact resume \w+\n/);
    const second = await poact(['resume', 'last'], { replies: () => program('answer(1)') });
    expect([second.code, second.out]).toEqual([0, '1\n']);
    const twice = () => {
      interrupt();
      interrupt();
      return program('answer(1)');
    };
    const { exits } = await poact(['run', 'One?'], { replies: twice, onStart: (hear) => (interrupt = hear) });
    expect(exits).toEqual([130]);
  });
});

describe('approvals', () => {
  const write = () => program("const r = await writeFile({ path: 'a.txt', content: 'hello' });\nanswer(r.bytes)");
  const run = ['run', 'Write.', '--out', 'out', '--policy', 'codeAct'];

  it('suspend with code 3 where nobody can be asked; resume on a terminal asks, and shows the diff', async () => {
    const first = await poact(run, { replies: write });
    expect([first.code, first.out]).toEqual([3, '']);
    expect(existsSync(join(cwd, 'out/a.txt'))).toBe(false);
    const previews: (string | undefined)[] = [];
    const second = await poact(['resume', 'last'], {
      replies: write,
      ask: {
        approve: async ({ preview }) => {
          previews.push(preview);
          return { verdict: 'approve' };
        },
      },
    });
    expect(previews).toEqual(['--- /dev/null\n+++ a.txt\n@@ -0,0 +1,1 @@\n+hello\n\\ No newline at end of file']);
    expect([second.code, second.out]).toEqual([0, '5\n']);
    expect(await readFile(join(cwd, 'out/a.txt'), 'utf8')).toBe('hello');
  });

  it('deny leaves the file alone, and later suspends', async () => {
    const replies = [write(), program("answer('denied')")];
    const denied = await poact(run, {
      replies,
      ask: { approve: async () => ({ verdict: 'deny', reason: 'Not now.' }) },
    });
    expect(denied.err).toContain('› Denied Not now.');
    expect(existsSync(join(cwd, 'out/a.txt'))).toBe(false);
    const later = await poact(run, { replies: write, ask: { approve: async () => undefined } });
    expect(later.code).toBe(3);
  });

  it('--yes agrees to the shipped tools', async () => {
    const { code, out } = await poact([...run, '--yes'], { replies: write });
    expect([code, out]).toEqual([0, '5\n']);
  });
});

it('takes tools from a module, and asks for them', async () => {
  await writeFile(
    join(cwd, 'tools.ts'),
    "export const price = { description: 'Price, euros', input: { type: 'object', properties: { item: { type: 'string' } } }, effect: 'read', run: () => 20 };\n",
  );
  const { out } = await poact(['run', 'Price?', '--tools', 'tools.ts', '--policy', 'codeAct'], {
    replies: () => program("answer(await price({ item: 'lamp' }))"),
  });
  expect(out).toBe('20\n');
});

it('queries a table that is too large for the session', async () => {
  const rows = Array.from({ length: 400_000 }, (_, at) => `${at},${'x'.repeat(50)}`);
  await writeFile(join(cwd, 'big.csv'), `id,text\n${rows.join('\n')}\n`);
  const { out, model } = await poact(['run', 'How many?', '--files', 'big.csv', '--policy', 'codeAct'], {
    replies: () =>
      program("const rows = await queryTable({ sql: 'SELECT count(*) AS n FROM big' });\nanswer(rows[0].n)"),
  });
  expect(model.heard().join('\n')).toContain('big: { id: number; text: string');
  expect(out).toBe('400000\n');
}, 120_000);

describe('wrong usage', () => {
  it.each([
    [['run'], 'missing required argument'],
    [['run', 'x', '--policy', 'nope'], 'Allowed choices are poact, codeAct, react, planExecute'],
    [['run', 'x', '--steps', 'many'], 'Give a whole number.'],
    [['run', 'x', '--budget', '5'], '--budget 5 is no budget.'],
    [['run', 'x', '--model', 'nobody/knows'], 'nobody'],
    [['run', 'x', '--tools', 'none.ts'], 'could not be loaded'],
    [['dance'], 'unknown command'],
    [['resume', 'last'], 'There are no runs in'],
    [['models', 'path', 'none'], 'No local model is called none.'],
  ])('%j is code 2, with a sentence and no stack', async (argv, said) => {
    const { code, out, err } = await poact(argv);
    expect(err).toContain(said);
    expect(err).not.toMatch(/\n\s+at /);
    expect([code, out]).toEqual([2, '']);
  });

  it('shows the stack with POACT_DEBUG', async () => {
    const { err } = await poact(['resume', 'last'], { env: { POACT_DEBUG: '1' } });
    expect(err).toMatch(/\n\s+at /);
  });
});

it('does not fetch a model where nobody can be asked', async () => {
  const { code, err } = await poact(['run', 'x', '--model', 'local/0.5b']);
  expect(code).toBe(1);
  expect(err).toContain('or add --yes');
});

it('serves a model until Ctrl-C, and prints its address', async () => {
  let interrupt = () => {};
  const served = poact(['models', 'serve', '--port', '0'], {
    replies: ['Hello'],
    onStart: (hear) => {
      interrupt = hear;
    },
    onOut: async (text) => {
      const list = await (await fetch(`${text.trim()}/models`)).text();
      expect(list).toContain('scripted/model');
      interrupt();
    },
  });
  expect((await served).code).toBe(0);
});

it('has the exit codes in --help and in docs/cli.md', async () => {
  const { code, out } = await poact(['--help']);
  const page = await readFile('docs/cli.md', 'utf8');
  for (const [number, meaning] of Object.entries(EXIT_CODES)) {
    expect(out).toContain(`${number.padEnd(4)} ${meaning}`);
    expect(page).toContain(`| ${number} | ${meaning} |`);
  }
  expect(code).toBe(0);
});

it('has every option of run in docs/cli.md', async () => {
  const { out } = await poact(['run', '--help']);
  const page = await readFile('docs/cli.md', 'utf8');
  for (const [option] of out.matchAll(/--[a-z]+/g)) if (option !== '--help') expect(page).toContain(option);
});

it('looks over the machine, each finding with what to do', async () => {
  const { out } = await poact(['doctor', '--json']);
  const findings = JSON.parse(out) as { what: string; state: string; fix?: string }[];
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['Node', 'node-llama-cpp', 'Local model', 'Cores', 'Memory', 'Store']),
  );
  for (const { state, fix } of findings) expect(state === 'good' || fix !== undefined).toBe(true);
  expect(existsSync(join(cwd, '.poact'))).toBe(false);
});
