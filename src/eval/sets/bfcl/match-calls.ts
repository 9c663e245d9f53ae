/**
 * How BFCL judges calls: name, required arguments, no unknown ones, types, and each value among the accepted ones.
 *
 * Texts are compared without case, spaces and `,./-_*^`. An accepted `""` says that an argument may be left out. A value of
 * another type than the declared one is right where an accepted value has that type: the data write variables as texts.
 *
 * @module
 */
import { canonicalJson, type Json } from '../../../record/index.ts';
import { type DeclaredFunction, type DeclaredType, jsonType } from './schema.ts';

/** A call that was made. */
export interface MadeCall {
  name: string;
  args: { [name: string]: Json };
}

/** A gold call: a function, and for each argument the accepted values. */
export interface Accepted {
  [name: string]: { [argument: string]: Json[] };
}

/** Why the calls are not those that are accepted; nothing where they are. Each accepted call takes the first that fits. */
export function whyWrong(
  made: readonly MadeCall[],
  accepted: readonly Accepted[],
  functions: readonly DeclaredFunction[],
): string | undefined {
  if (made.length !== accepted.length) return `Expected ${accepted.length} calls, but there are ${made.length}.`;
  const left = [...made];
  for (const gold of accepted) {
    const [name = ''] = Object.keys(gold);
    const declared = functions.find((one) => one.name === name);
    const whys = left.map((call) => whyNot(call, name, gold[name] ?? {}, declared));
    const at = whys.indexOf(undefined);
    if (at < 0) return `No call is the expected one of ${name}: ${whys.join('; ')}.`;
    left.splice(at, 1);
  }
  return undefined;
}

/** Calls that are accepted: of each argument the first accepted value. */
export const goldCalls = (accepted: readonly Accepted[]): MadeCall[] =>
  accepted.flatMap((gold) =>
    Object.entries(gold).map(([name, values]) => ({
      name,
      args: Object.fromEntries(
        Object.entries(values).flatMap(([arg, [first = '']]) => (first === '' ? [] : [[arg, goldValue(first)]])),
      ),
    })),
  );

/** An accepted object has accepted values at each of its keys; so have the objects of a list. */
function goldValue(value: Json): Json {
  if (Array.isArray(value)) return value.map((each) => (isObject(each) ? goldValue(each) : each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, accepted]) => {
      const [first] = accepted as Json[];
      return first === undefined || first === '' ? [] : [[key, first]];
    }),
  );
}

function whyNot(
  { name, args }: MadeCall,
  expected: string,
  accepted: Accepted[string],
  declared: DeclaredFunction | undefined,
): string | undefined {
  if (name !== expected || declared === undefined) return `it calls ${name}`;
  const { properties, required } = declared.parameters;
  const missing = required.find((arg) => !Object.hasOwn(args, arg));
  if (missing !== undefined) return `${missing} is missing`;
  for (const [arg, value] of Object.entries(args)) {
    if (!Object.hasOwn(properties, arg) || !Object.hasOwn(accepted, arg)) return `${arg} is not expected`;
    if (!isAccepted(value, accepted[arg] ?? [], properties[arg] ?? {})) {
      return `${arg} is ${JSON.stringify(value)}, accepted: ${JSON.stringify(accepted[arg])}`;
    }
  }
  const due = Object.entries(accepted).find(([arg, values]) => !Object.hasOwn(args, arg) && !values.includes(''));
  return due === undefined ? undefined : `${due[0]} is missing`;
}

function isAccepted(value: Json, accepted: readonly Json[], declared: DeclaredType): boolean {
  const type = jsonType(declared) ?? 'string';
  const isVariable = accepted.some((one) => one !== '' && typeName(one) === typeName(value));
  if (!hasType(value, type) && !isVariable) return false;
  return accepted.some((one) => sameValue(value, one));
}

function sameValue(value: Json, accepted: Json): boolean {
  if (isObject(value)) return isObject(accepted) && sameObject(value, accepted as { [key: string]: Json[] });
  if (!Array.isArray(value)) return sameLeaf(value, accepted);
  if (!Array.isArray(accepted) || accepted.length !== value.length) return false;
  return value.every((each, at) => {
    const one = accepted[at] as Json;
    return isObject(each) ? sameValue(each, one) : sameLeaf(each, one);
  });
}

/** Each key has one of its accepted values, and what is left out may be. */
function sameObject(value: { [key: string]: Json }, accepted: { [key: string]: Json[] }): boolean {
  const known = Object.entries(value).every(
    ([key, each]) => Object.hasOwn(accepted, key) && listOf(accepted[key]).some((one) => sameLeaf(each, one)),
  );
  return known && Object.keys(accepted).every((key) => Object.hasOwn(value, key) || listOf(accepted[key]).includes(''));
}

const sameLeaf = (value: Json, accepted: Json): boolean =>
  typeof value === 'string' && typeof accepted === 'string'
    ? standard(value) === standard(accepted)
    : canonicalJson(value) === canonicalJson(accepted);

const standard = (text: string) =>
  text
    .replace(/[ ,./\-_*^]/g, '')
    .toLowerCase()
    .replaceAll("'", '"');
const listOf = (values: Json | undefined): Json[] => (Array.isArray(values) ? values : []);
const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const typeName = (value: Json) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);
const hasType = (value: Json, type: string) =>
  type === 'integer' ? Number.isInteger(value) : type === typeName(value);
