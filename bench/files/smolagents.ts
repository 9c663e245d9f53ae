/**
 * smolagents beside poact: the same model, served on loopback by `poact models serve`, and the same data as variables.
 *
 * @module
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readData } from '../../src/environment/index.ts';
import type { Cell } from '../cells.ts';
import { jsonSchema } from '../json.ts';
import { type Question, writeQuestion } from './generate.ts';
import { isRightAnswer } from './score.ts';

export const SMOLAGENTS = 'smolagents 1.26';
const VERSION = '1.26.0';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SERVE_MS = 120_000;

const resultSchema = z.object({
  id: z.string(),
  answer: jsonSchema,
  failed: z.string().nullable(),
  calls: z.number(),
  sent: z.number(),
  written: z.number(),
  seconds: z.number(),
});

export interface Smolagents {
  ask(question: Question): Promise<Cell>;
  close(): Promise<void>;
}

/** Installs it if need be, serves the model, and starts the arm. @throws {Error} there is no Python. */
export async function openSmolagents({ model, cache }: { model: string; cache: string }): Promise<Smolagents> {
  const python = installed(cache);
  const server = await serveModel(model);
  const arm = spawn(
    python,
    [join(ROOT, 'bench/files/smolagents_arm.py'), '--url', server.url, '--model', server.model],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: arm.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      arm.stdin.write(`${JSON.stringify({ id: question.id, text: question.text, data: await dataOf(question) })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('smolagents ended early; what it said is above.');
      return toCell(resultSchema.parse(JSON.parse(value)), question);
    },
    async close() {
      arm.stdin.end();
      server.process.kill();
    },
  };
}

function toCell(
  { answer, failed, calls, sent, written, seconds }: z.infer<typeof resultSchema>,
  question: Question,
): Cell {
  return {
    arm: SMOLAGENTS,
    task: question.id,
    right: failed === null && isRightAnswer(answer, question.answer, question.form),
    status: failed === null ? 'answered' : 'stopped',
    why: failed ?? 'It answered.',
    answer,
    warnings: [],
    modelCalls: calls,
    toolCalls: 0,
    sent,
    written,
    seconds,
  };
}

/** The variables as poact reads them from the question's files, so that both have the same data. */
async function dataOf(question: Question) {
  const folder = mkdtempSync(`${tmpdir()}/poact-question-`);
  try {
    writeQuestion(question, folder);
    const { variables } = await readData(folder);
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

/** `poact models serve`: OpenAI-compatible, on loopback. */
async function serveModel(model: string): Promise<{ url: string; model: string; process: ChildProcess }> {
  const name = model === 'local' ? [] : [model.replace(/^local\//, '')];
  const server = spawn(process.execPath, [join(ROOT, 'bin/poact.js'), 'models', 'serve', ...name, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`models serve did not start: ${said}`)), SERVE_MS);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+(?:\/v1)?/.exec(said)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found.endsWith('/v1') ? found : `${found}/v1`);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', (code) => reject(new Error(`models serve ended with ${code}: ${said}`)));
  });
  return { url, model: 'local', process: server };
}
