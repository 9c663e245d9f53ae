/**
 * Makes questions from templates: a seed varies data, order of rows, wording and the files that lie beside.
 *
 * The answer is worked out by the template from the rows it invented, never by reading the files back.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import type { Half, MadeFile } from './kinds.ts';
import { writeMade } from './kinds.ts';
import type { Answer, AnswerForm, Feature, Template } from './template.ts';
import { DISTRACTORS, TEMPLATES } from './templates.ts';
import { worldOf } from './world.ts';

export interface Question {
  /** Template and seed, for example `r01-shipping-cost/3`. */
  id: string;
  template: string;
  half: Half;
  features: readonly Feature[];
  text: string;
  files: readonly MadeFile[];
  answer: Answer;
  form: AnswerForm;
}

/** Seeds of each half: eight a template, so 128 questions a half. The reported ones are these, by id. */
export const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Makes one question. The same template and seed make the same one. */
export function makeQuestion(template: Template, seed: number): Question {
  const id = `${template.id}/${seed}`;
  const world = worldOf(id);
  const { wordings, files, answer, form } = template.ask(world);
  const text = world.pick(wordings);
  const names = new Set(files.map((file) => file.name));
  const beside = world.shuffle(DISTRACTORS[template.half]).map((make) => make(world).file);
  const distractors = beside.filter((file) => !names.has(file.name)).slice(0, world.int(1, 2));
  return {
    id,
    template: template.id,
    half: template.half,
    features: template.features,
    text,
    files: [...files, ...distractors],
    answer,
    form,
  };
}

/**
 * The questions of a half, one template after another within each seed, so that the first `n` are spread over templates.
 *
 * @example
 * ```ts
 * questionsOf('reporting').length; // 128
 * ```
 */
export function questionsOf(half: Half, seeds: readonly number[] = SEEDS): Question[] {
  const templates = TEMPLATES.filter((template) => template.half === half);
  return seeds.flatMap((seed) => templates.map((template) => makeQuestion(template, seed)));
}

/** Writes a question's files into a folder, which is made if it is not there. */
export function writeQuestion(question: Question, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const file of question.files) writeMade(folder, file);
}
