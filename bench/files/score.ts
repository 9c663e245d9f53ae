/**
 * Is an answer right? One scorer for every arm, so it reads what models write: numbers with a currency or a percent sign,
 * lists as JSON or with commas. It never finds a number inside a sentence.
 *
 * @module
 */
import { z } from 'zod';
import type { Json } from '../../src/record/index.ts';
import type { Answer, AnswerForm } from './template.ts';

/** An answer that may be off by this share where no rounding is asked. */
const TOLERANCE = 0.005;
const DUST = 1e-9;

export function isRightAnswer(given: Json | undefined, answer: Answer, form: AnswerForm): boolean {
  if (given === undefined || given === null) return false;
  if (form.form === 'name') return plain(nameOf(given)) === plain(String(answer));
  if (form.form === 'names') return sameNames(given, answer as readonly string[], form.ordered);
  const value = numberOf(given);
  if (value === undefined) return false;
  const difference = Math.abs(value - (answer as number));
  if (form.form === 'count') return difference < DUST;
  if (form.form === 'rounded') return difference <= 0.5 * 10 ** -form.decimals + DUST;
  return difference <= TOLERANCE * Math.abs(answer as number) + DUST;
}

/** The schema that a run is given: the form of the answer. */
export function schemaOf({ form }: AnswerForm): z.ZodType<Json> {
  if (form === 'name') return z.string();
  return form === 'names' ? z.array(z.string()) : z.number();
}

function numberOf(given: Json): number | undefined {
  const only = Array.isArray(given) && given.length === 1 ? (given[0] as Json) : given;
  if (typeof only === 'number') return only;
  if (typeof only !== 'string') return undefined;
  const bare = only.trim().replace(/^(?:€|EUR|USD|\$)\s*|\s*(?:€|%|EUR|euros?|days?|percent)\.?$/gi, '');
  const plainNumber = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(plainNumber) ? Number(plainNumber) : undefined;
}

function nameOf(given: Json): string {
  if (typeof given === 'string') return given;
  return Array.isArray(given) && given.length === 1 && typeof given[0] === 'string' ? given[0] : '';
}

function sameNames(given: Json, wanted: readonly string[], ordered: boolean): boolean {
  const names = namesOf(given).map(plain);
  const expected = wanted.map(plain);
  if (!ordered) {
    names.sort();
    expected.sort();
  }
  return names.length === expected.length && names.every((name, index) => name === expected[index]);
}

function namesOf(given: Json): string[] {
  if (Array.isArray(given)) return given.map((each) => (typeof each === 'string' ? each : ''));
  if (typeof given !== 'string' || given.trim() === '') return [];
  try {
    const parsed = JSON.parse(given.replaceAll("'", '"')) as Json;
    if (Array.isArray(parsed)) return namesOf(parsed);
  } catch {
    // No JSON: names with commas between.
  }
  return given.split(',');
}

/** Without case, quotes and a full stop at the end, which say nothing about being right. */
const plain = (text: string) =>
  text
    .trim()
    .replace(/^["'`]|["'`]?\.?$/g, '')
    .replace(/\s+/g, ' ')
    .toLowerCase();
