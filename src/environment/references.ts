/**
 * Which columns name rows of another table: what a join needs, and what no table says of itself.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import type { LoadedVariable } from './data.ts';
import { inert } from './inert.ts';
import { fieldText } from './infer-type.ts';
import { escaped, wordsOf } from './words.ts';

/** A column that names rows, as a shown type has it. */
export interface Reference {
  field: string;
  /** The rows it names, and their own column; none for a dictionary. */
  variable: string;
  of?: string;
  /** Each value of the column is a list of such names. */
  list?: true;
}

const SAID =
  /([\p{L}\p{N}_$]+|"(?:[^"\\]|\\.)*")\??: (?:string|number)(\[\])? \/\* (?:each )?= (?:a key of )?([\p{L}\p{N}_$]+)(?:\.(.+?))? \*\//gu;

/**
 * The references that a shown type tells.
 *
 * @example
 * ```ts
 * referencesIn('{ bike: string /* = bikes.id *\/ }[]'); // [{ field: 'bike', variable: 'bikes', of: 'id' }]
 * ```
 */
export const referencesIn = (shown: string): Reference[] =>
  [...shown.matchAll(SAID)].map(([, field = '', list, variable = '', of]) => ({
    field: field.startsWith('"') ? (JSON.parse(field) as string) : field,
    variable,
    ...(of !== undefined && { of }),
    ...(list !== undefined && { list: true }),
  }));

/** Rows that are looked through; a longer table is taken to refer to nothing. */
const MOST_ROWS = 20_000;
/** A reference of fewer different values may be chance. */
const FEWEST = 2;
const DATE = /^\d{4}-\d\d/;

/** What identifies rows: a column without equal values, or the keys of a dictionary. */
interface Target {
  variable: string;
  field?: string;
  values: ReadonlySet<string>;
}

interface Column {
  field: string;
  kind: 'string' | 'number';
  values: readonly string[];
  /** Every row has one. */
  whole: boolean;
  /** Rows have lists of them. */
  list: boolean;
}

/**
 * Variables whose shown type says which rows a column names: `bike: string /* = bikes.id *\/`, where each of its values is the
 * `id` of one of the rows in `bikes`, or `/* = a key of bikes *\/`; a list of them is `bikes: string[] /* each = bikes.id *\/`. Columns of one
 * name say it themselves. What the check knows of them stays as it is.
 *
 * @example
 * ```ts
 * const bikes = dataVariable({ name: 'bikes', source: '', value: [{ id: 'B1', eur: 4 }, { id: 'B2', eur: 5 }] });
 * const rentals = dataVariable({ name: 'rentals', source: '', value: ['B2', 'B1', 'B2'].map((bike) => ({ bike })) });
 * withReferences([bikes, rentals])[1]?.shown; // '{ bike: string /* = bikes.id *\/ }[]'
 * ```
 */
export function withReferences(variables: readonly LoadedVariable[]): LoadedVariable[] {
  const tables = variables.map((variable) => ({ variable, columns: columnsOf(variable.json()) }));
  const targets = tables.flatMap(({ variable, columns }) => targetsOf(variable, columns));
  return tables.map(({ variable, columns }) => {
    let { shown = variable.type } = variable;
    for (const column of columns) {
      const target = targetOf(column, variable.name, targets);
      // Columns of one name say it themselves.
      if (target !== undefined && target.field !== column.field) shown = said(shown, column, target);
    }
    return shown === (variable.shown ?? variable.type) ? variable : { ...variable, shown };
  });
}

/** Columns of rows that hold texts, or whole numbers, or lists of such, alone. */
function columnsOf(value: Json): Column[] {
  if (!Array.isArray(value) || value.length < FEWEST || value.length > MOST_ROWS) return [];
  const fields = isRow(value[0]) ? Object.keys(value[0]) : [];
  return fields.flatMap((field) => {
    const values: string[] = [];
    const kinds = new Set<string>();
    let lists = 0;
    for (const row of value) {
      const held = isRow(row) ? row[field] : undefined;
      if (held === null || held === undefined || held === '') continue;
      if (Array.isArray(held)) lists += 1;
      for (const one of Array.isArray(held) ? held : [held]) {
        if (typeof one !== 'string' && !Number.isSafeInteger(one)) return [];
        kinds.add(typeof one);
        values.push(String(one));
      }
    }
    const [kind] = kinds;
    if (kinds.size !== 1 || (lists > 0 && lists < value.length) || values.some((text) => DATE.test(text))) return [];
    const list = lists > 0;
    return [{ field, kind: kind as Column['kind'], values, whole: !list && values.length === value.length, list }];
  });
}

function targetsOf(variable: LoadedVariable, columns: readonly Column[]): Target[] {
  const value = variable.json();
  const { name } = variable;
  if (isRow(value)) {
    return Object.values(value).every(isRow) ? [{ variable: name, values: new Set(Object.keys(value)) }] : [];
  }
  return columns.flatMap(({ field, kind, values, whole }) => {
    const own = new Set(values);
    // Numbers identify where their name says so: others are amounts.
    const identifies = kind === 'string' || /^(?:id|no|nr|number|code)$/i.test(field) || /(?:_id|Id|ID)$/.test(field);
    return whole && identifies && own.size === values.length ? [{ variable: name, field, values: own }] : [];
  });
}

/** The rows that a column names; of several, those whose variable it is called after. */
function targetOf({ field, kind, values }: Column, variable: string, targets: readonly Target[]): Target | undefined {
  const own = new Set(values);
  if (own.size < FEWEST) return undefined;
  const isCalled = (target: Target) => alike(field, `${target.variable} ${target.field ?? ''}`);
  const named = targets.filter(
    (target) =>
      // Who identifies its own rows names no others.
      !(target.variable === variable && (target.field === field || own.size === values.length)) &&
      [...own].every((text) => target.values.has(text)) &&
      (kind === 'string' || isCalled(target)),
  );
  return named.find(isCalled) ?? named[0];
}

/** `customer_id` and `customers`. */
function alike(field: string, target: string): boolean {
  const words = new Set(stemsOf(target));
  return stemsOf(field).some((word) => words.has(word) && !/^(?:id|no|nr|number|code|name)$/.test(word));
}

const stemsOf = (name: string): string[] =>
  wordsOf(name.replace(/([a-z])(?=[A-Z])/g, '$1 ').replaceAll('_', ' ')).map((word) => word.replace(/s$/, ''));

/** Says it in the column's type, in place of the texts that are listed there. */
function said(shown: string, { field, kind, list }: Column, { variable, field: of }: Target): string {
  const name = fieldText(field);
  const place = of === undefined ? `a key of ${variable}` : `${variable}.${of}`;
  if (list) {
    const listed = new RegExp(
      `(?<=[{;] )(${escaped(name)}\\??: )(?:\\(${kind}(?: /\\* .*? \\*/)?\\)|${kind})\\[\\](?= \\||;| \\})`,
    );
    return shown.replace(listed, (_, head: string) => `${head}${kind}[] /* each = ${inert(place)} */`);
  }
  const typed = new RegExp(`(?<=[{;] )${escaped(name)}\\??: ${kind}(?: /\\* .*? \\*/)?(?= \\||;| \\})`);
  return shown.replace(typed, (whole) => `${whole.replace(/ \/\* .*$/s, '')} /* = ${inert(place)} */`);
}

const isRow = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
