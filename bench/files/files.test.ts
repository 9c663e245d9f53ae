import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { makeQuestion, questionsOf, writeQuestion } from './generate.ts';
import { KINDS } from './kinds.ts';
import { isRightAnswer, schemaOf } from './score.ts';
import type { Answer, AnswerForm } from './template.ts';
import { TEMPLATES } from './templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-questions-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the templates', () => {
  it('are at least 16 for each purpose, with ids of their own', () => {
    expect(new Set(TEMPLATES.map(({ id }) => id)).size).toBe(TEMPLATES.length);
    const { development, reporting } = Object.groupBy(TEMPLATES, ({ half }) => half);
    expect(development?.length).toBeGreaterThanOrEqual(16);
    expect(reporting?.length).toBeGreaterThanOrEqual(16);
  });

  it('use at least eight kinds of files, and the halves share none', () => {
    expect(KINDS.development.length + KINDS.reporting.length).toBeGreaterThanOrEqual(8);
    for (const kind of KINDS.reporting) expect(KINDS.development).not.toContain(kind);
    for (const template of TEMPLATES) {
      for (const kind of template.kinds) expect(KINDS[template.half], template.id).toContain(kind);
    }
  });

  it.each(['development', 'reporting'] as const)('of the %s half cover every feature', (half) => {
    const covered = new Set(TEMPLATES.filter((template) => template.half === half).flatMap(({ features }) => features));
    for (const feature of ['sum', 'join', 'filter', 'date', 'text', 'count', 'ratio', 'tie', 'missing'] as const) {
      expect(covered).toContain(feature);
    }
  });
});

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('%s', (_id, template) => {
  const questions = [1, 2, 3, 4].map((seed) => makeQuestion(template, seed));

  it('makes the same question from the same seed', () => {
    expect(makeQuestion(template, 1)).toEqual(questions[0]);
  });

  it('varies data and wording with the seed, and has three wordings', () => {
    expect(new Set(questions.map(({ files }) => JSON.stringify(files))).size).toBe(4);
    const texts = new Set(Array.from({ length: 30 }, (_, seed) => makeQuestion(template, seed + 1).text));
    expect(texts.size).toBeGreaterThanOrEqual(3);
  });

  it('has an answer of its form, which its own scorer takes', () => {
    for (const { answer, form } of questions) {
      expect(isRightAnswer(answer as never, answer, form)).toBe(true);
      expect(schemaOf(form).safeParse(answer).success).toBe(true);
      if (typeof answer === 'string') expect(answer).not.toBe('');
      if (typeof answer === 'number') expect(answer).toSatisfy(Number.isFinite);
    }
  });

  it('puts the files it needs beside one or two that it does not', () => {
    for (const { files } of questions) {
      const needed = files.filter((file) => template.kinds.includes(file.kind));
      expect(needed.length).toBeGreaterThanOrEqual(template.kinds.length);
      expect(files.length).toBeGreaterThan(template.kinds.length);
      expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
    }
  });
});

it('lists at least 100 questions to report, each with an id of its own', () => {
  const ids = questionsOf('reporting').map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(100);
  expect(new Set(ids).size).toBe(ids.length);
});

it('writes every file as it was made', () => {
  for (const question of questionsOf('reporting', [1])) {
    const into = join(folder, question.template);
    writeQuestion(question, into);
    expect(readdirSync(into).sort()).toEqual(question.files.map(({ name }) => name).sort());
    for (const file of question.files) {
      if ('text' in file) expect(readFileSync(join(into, file.name), 'utf8')).toBe(file.text);
    }
  }
  const database = new DatabaseSync(join(folder, 'r10-loans-by-city', 'library.sqlite'), { readOnly: true });
  const row = database.prepare('SELECT count(*) AS loans, count(returned) AS returned FROM loans').get();
  database.close();
  expect(Number(row?.loans)).toBeGreaterThan(Number(row?.returned));
});

const COUNT: AnswerForm = { form: 'count' };
const NUMBER: AnswerForm = { form: 'number' };
const ROUNDED: AnswerForm = { form: 'rounded', decimals: 1 };
const NAME: AnswerForm = { form: 'name' };
const ORDERED: AnswerForm = { form: 'names', ordered: true };
const ANY: AnswerForm = { form: 'names', ordered: false };

it.each<[string, never, Answer, AnswerForm]>([
  ['a count', 12 as never, 12, COUNT],
  ['a count as text', '12' as never, 12, COUNT],
  ['a count with its unit', '12 days' as never, 12, COUNT],
  ['a sum within half a percent', 1004 as never, 1000, NUMBER],
  ['a sum with currency and thousands', '€1,000.00' as never, 1000, NUMBER],
  ['a share, rounded once more', 33.3 as never, 33.3, ROUNDED],
  ['a share, not rounded', 33.333333 as never, 33.3, ROUNDED],
  ['a share with a percent sign', '33.3%' as never, 33.3, ROUNDED],
  ['a name in another case', 'ada albers' as never, 'Ada Albers', NAME],
  ['a name with quotes and a full stop', '"Ada Albers".' as never, 'Ada Albers', NAME],
  ['a name in a list of one', ['Ada Albers'] as never, 'Ada Albers', NAME],
  ['names in order', ['Chile', 'Japan'] as never, ['Chile', 'Japan'], ORDERED],
  ['names as text', 'Chile, Japan' as never, ['Chile', 'Japan'], ORDERED],
  ['names as a Python list', "['Chile', 'Japan']" as never, ['Chile', 'Japan'], ORDERED],
  ['names in any order', ['Japan', 'Chile'] as never, ['Chile', 'Japan'], ANY],
])('takes %s', (_what, given, answer, form) => {
  expect(isRightAnswer(given, answer, form)).toBe(true);
});

it.each<[string, never, Answer, AnswerForm]>([
  ['nothing', undefined as never, 12, COUNT],
  ['null', null as never, 12, COUNT],
  ['empty text for a zero', '' as never, 0, COUNT],
  ['a count that is one off', 13 as never, 12, COUNT],
  ['a count nearly right', 200.5 as never, 200, COUNT],
  ['a sum off by one percent', 1010 as never, 1000, NUMBER],
  ['a number in a sentence', 'It is 1000' as never, 1000, NUMBER],
  ['a share as a fraction', 0.333 as never, 33.3, ROUNDED],
  ['a share off by a tenth', 33.4 as never, 33.3, ROUNDED],
  ['an object', { value: 12 } as never, 12, COUNT],
  ['another name', 'Ada Banik' as never, 'Ada Albers', NAME],
  ['a first name alone', 'Ada' as never, 'Ada Albers', NAME],
  ['two names for one', ['Ada Albers', 'Bela Banik'] as never, 'Ada Albers', NAME],
  ['names in the wrong order', ['Japan', 'Chile'] as never, ['Chile', 'Japan'], ORDERED],
  ['one of two tied names', ['Chile'] as never, ['Chile', 'Japan'], ORDERED],
  ['a name twice', ['Chile', 'Chile', 'Japan'] as never, ['Chile', 'Japan'], ANY],
  ['an empty list', [] as never, ['Chile'], ANY],
  ['numbers for names', [1] as never, ['Chile'], ANY],
])('refuses %s', (_what, given, answer, form) => {
  expect(isRightAnswer(given, answer, form)).toBe(false);
});
