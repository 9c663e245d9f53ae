/**
 * An answer by chance, in the form asked for and from the cells of the question's own files: the floor of a measurement.
 *
 * @module
 */
import type { LoadedVariable } from '../../src/environment/index.ts';
import type { Json } from '../../src/record/index.ts';
import { type AnswerForm, round } from './template.ts';

/** Names of a list that is guessed. */
const MOST_NAMES = 3;

/** Draws an answer; `random` gives numbers from 0 up to 1. */
export function guess(data: readonly LoadedVariable[], form: AnswerForm, random: () => number): Json {
  const values = data.map((variable) => variable.json());
  const cells = values.flatMap(leavesOf);
  const pick = <Cell>(some: readonly Cell[], otherwise: Cell): Cell =>
    some[Math.floor(random() * some.length)] ?? otherwise;
  const texts = [...new Set(cells.filter((cell) => typeof cell === 'string'))];
  if (form.form === 'name') return pick(texts, '');
  if (form.form === 'names') {
    return Array.from({ length: 1 + Math.floor(random() * MOST_NAMES) }, () => pick(texts, ''));
  }
  if (form.form === 'count') {
    const most = Math.max(1, ...values.map((value) => (Array.isArray(value) ? value.length : 0)));
    return Math.floor(random() * (most + 1));
  }
  const number = pick(
    cells.filter((cell) => typeof cell === 'number'),
    0,
  );
  return form.form === 'rounded' ? round(number, form.decimals) : number;
}

function leavesOf(value: Json): Json[] {
  return value === null || typeof value !== 'object' ? [value] : Object.values(value).flatMap(leavesOf);
}
