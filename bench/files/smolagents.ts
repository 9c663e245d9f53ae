/**
 * smolagents beside poact: the same model, served on loopback as `poact models serve` does, and the same data as variables.
 *
 * @module
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Model, serveModel } from '../../src/model/index.ts';
import { addUsage, noUsage, type Usage } from '../../src/record/index.ts';
import { jsonSchema } from '../json.ts';
import type { Question } from './generate.ts';
import { dataOf } from './question-set.ts';
import { isRightAnswer } from './score.ts';
import type { Measured } from './table.ts';

export const SMOLAGENTS = 'smolagents 1.26';
const VERSION = '1.26.0';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const resultSchema = z.object({
  id: z.string(),
  answer: jsonSchema,
  failed: z.string().nullable(),
  seconds: z.number(),
});

/** What came of a question. */
export interface RivalCell extends Measured {
  status: 'answered' | 'stopped';
  why: string;
  answer: unknown;
}

export interface Smolagents {
  ask(question: Question): Promise<RivalCell>;
  close(): Promise<void>;
}

/** Installs it if need be, serves the model, and starts the arm. @throws {Error} there is no Python. */
export async function openSmolagents({ model, cache }: { model: Model; cache: string }): Promise<Smolagents> {
  const python = installed(cache);
  const spent: Spent[] = [];
  const server = await serveModel(counting(model, spent), { port: 0 });
  const script = join(ROOT, 'bench/files/smolagents_arm.py');
  const arm = spawn(python, [script, '--url', server.url, '--model', model.id], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: arm.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      spent.length = 0;
      arm.stdin.write(
        `${JSON.stringify({ id: question.id, text: question.text, data: await variablesOf(question) })}\n`,
      );
      const { value, done } = await lines.next();
      if (done) throw new Error('smolagents ended early; what it said is above.');
      return toCell(resultSchema.parse(JSON.parse(value)), question, spent);
    },
    async close() {
      arm.stdin.end();
      await server.close();
    },
  };
}

/** What a call took, and the time that a kept reply took when it was made. */
interface Spent {
  usage: Usage;
  keptMs: number;
}

/** Notes what each call took, as the model itself counts it: for every arm the same. */
function counting(model: Model, spent: Spent[]): Model {
  return {
    id: model.id,
    can: model.can,
    async generate(request, on) {
      const reply = await model.generate(request, on);
      spent.push({ usage: reply.usage, keptMs: reply.recorded?.ms ?? 0 });
      return reply;
    },
  };
}

function toCell(
  { answer, failed, seconds }: z.infer<typeof resultSchema>,
  question: Question,
  spent: Spent[],
): RivalCell {
  const { sent, evaluated, written } = spent.map(({ usage }) => usage).reduce(addUsage, noUsage);
  const success = failed === null && isRightAnswer(answer, question.answer, question.form);
  return {
    arm: SMOLAGENTS,
    task: question.id,
    success,
    wrongWithoutWarning: !success && failed === null,
    status: failed === null ? 'answered' : 'stopped',
    why: failed ?? 'It answered.',
    answer,
    modelCalls: spent.length,
    sent,
    evaluated,
    written,
    seconds: seconds + spent.reduce((sum, { keptMs }) => sum + keptMs, 0) / 1000,
  };
}

/** The variables as poact reads them from the question's files, so that both have the same data. */
async function variablesOf(question: Question) {
  const folder = mkdtempSync(`${tmpdir()}/poact-question-`);
  try {
    const variables = await dataOf(question, folder);
    return variables.map((variable) => ({ name: variable.name, doc: variable.doc, value: variable.json() }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Python with smolagents, in a virtual environment of its own below `bench/.cache`. */
function installed(cache: string): string {
  const python = join(cache, 'venv/bin/python');
  if (!existsSync(python)) {
    if (spawnSync('python3', ['--version']).status !== 0)
      throw new Error('smolagents needs python3, which is not here.');
    execFileSync('python3', ['-m', 'venv', join(cache, 'venv')], { stdio: 'inherit' });
  }
  const found = spawnSync(python, ['-c', `import smolagents; assert smolagents.__version__ == "${VERSION}"`]);
  if (found.status !== 0) {
    process.stderr.write(`Installing smolagents ${VERSION} into bench/.cache/venv …\n`);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', `smolagents[openai]==${VERSION}`], { stdio: 'inherit' });
  }
  return python;
}
