/**
 * The boundary of a tool: its arguments and its result are checked, and what is wrong is said so that a model can mend it.
 *
 * @module
 */
import type { Awaitable, JsonSchema } from '../record/index.ts';
import { checkJson, resolveRef, type SchemaIssue } from './json-schema-check.ts';
import { nearest } from './nearest.ts';
import type { Checked, ReadSchema } from './schema.ts';

/** A value as its schema makes it, or what is wrong with it. */
export type Parsed = { value: unknown } | { wrong: string };

/** Checks a value against a schema; `wrong` says in one line what does not fit: path, expected, got, and "did you mean". */
export function parse(schema: ReadSchema, value: unknown): Awaitable<Parsed> {
  const checked = schema.check(value);
  const told = (checked: Checked): Parsed =>
    'value' in checked ? checked : { wrong: describeIssues(schema.json, value, checked.issues) };
  return checked instanceof Promise ? checked.then(told) : told(checked);
}

/**
 * Says that an argument is misspelt. Many schemas drop a property they do not know; nearly the name of one that is left
 * out, it is a mistake that would go unseen. `names` are those of {@link propertiesOf}.
 */
export function misspelt(names: readonly string[] | undefined, value: unknown): string | undefined {
  if (names === undefined || !isRecord(value)) return undefined;
  for (const given of Object.keys(value)) {
    if (names.includes(given)) continue;
    const meant = meantBy(given, names, value);
    if (meant !== undefined) return `\`${given}\`: there is no such property. Did you mean \`${meant}\`?`;
  }
  return undefined;
}

const meantBy = (given: string, names: readonly string[], value: object) =>
  nearest(
    given,
    names.filter((name) => !Object.hasOwn(value, name)),
  );

/** The names an object may have; `undefined` where any name is allowed. */
export function propertiesOf(root: JsonSchema, schema: unknown = root): string[] | undefined {
  if (!isRecord(schema)) return undefined;
  if (typeof schema.$ref === 'string') return propertiesOf(root, resolveRef(root, schema.$ref));
  const { properties, additionalProperties, patternProperties, allOf, anyOf, oneOf } = schema;
  if (!isRecord(properties) || patternProperties !== undefined || allOf !== undefined) return undefined;
  if (anyOf !== undefined || oneOf !== undefined) return undefined;
  if (additionalProperties !== undefined && additionalProperties !== false) return undefined;
  return Object.keys(properties);
}

const MOST_ISSUES = 3;

function describeIssues(schema: JsonSchema, value: unknown, issues: readonly SchemaIssue[]): string {
  const own = checkJson(schema, value);
  const lines = issues.slice(0, MOST_ISSUES).map((issue) => {
    // Our own words name the type in TypeScript; a schema library's are kept where we see nothing wrong.
    const better = own.find((one) => pathText(one.path) === pathText(issue.path)) ?? issue;
    return describeIssue(better, issue, value);
  });
  if (issues.length > MOST_ISSUES) lines.push(`and ${issues.length - MOST_ISSUES} more`);
  return lines.join('; ');
}

function describeIssue(issue: SchemaIssue, original: SchemaIssue, value: unknown): string {
  const where = issue.path.length === 0 ? '' : `\`${pathText(issue.path)}\`: `;
  const got = valueAt(value, issue.path);
  const what =
    issue.expected === undefined ? (issue.problem ?? original.problem ?? 'wrong') : `expected ${issue.expected}`;
  const seen = issue.expected === undefined && /received|got /.test(what) ? '' : `, got ${shown(got)}`;
  return `${where}${what}${seen}${suggestion(issue, got, value)}`;
}

function suggestion(issue: SchemaIssue, got: unknown, value: unknown): string {
  const last = issue.path.at(-1);
  if (got === undefined && typeof last === 'string') {
    const holder = valueAt(value, issue.path.slice(0, -1));
    const given = isRecord(holder) ? nearest(last, Object.keys(holder)) : undefined;
    return given === undefined ? '' : `; did you mean \`${last}\` by \`${given}\`?`;
  }
  if (typeof got !== 'string' || issue.expected === undefined) return '';
  const options = [...issue.expected.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '');
  const meant = nearest(got, options);
  return meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
}

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('')
    .slice(0, 200);
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isRecord(value)) {
    const names = Object.keys(value).slice(0, 6);
    return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ').slice(0, 100)}`;
  }
  return String(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
