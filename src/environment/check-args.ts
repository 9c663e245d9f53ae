/**
 * Arguments of acts, checked where a world is acted on directly. Tools check them by the whole schema before.
 *
 * @module
 */
import type { Json } from '../record/index.ts';
import type { Act, ActKind } from './environment.ts';
import { refuse } from './refuse.ts';

/** The kind of an act, when the world has it and its arguments have their kinds: texts, numbers, one of a list. */
export function checkAct(acts: { readonly [name: string]: ActKind }, { name, args }: Act): ActKind {
  const kind = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (kind === undefined) refuse(`There is no act "${name}". There are: ${Object.keys(acts).join(', ')}.`);
  const { properties = {}, required = [] } = kind.input as {
    properties?: { [arg: string]: Property };
    required?: string[];
  };
  for (const arg of required) {
    if (!Object.hasOwn(args, arg)) refuse(`${name} needs ${arg}.`);
  }
  for (const [arg, value] of Object.entries(args)) {
    const property = Object.hasOwn(properties, arg) ? properties[arg] : undefined;
    if (property === undefined) refuse(`${name} takes no ${arg}.`);
    if (!fits(value, property)) refuse(`${name}: ${arg} is not what it should be: ${JSON.stringify(value)}.`);
  }
  return kind;
}

interface Property {
  type?: string;
  enum?: Json[];
  minimum?: number;
}

function fits(value: Json, { type, enum: listed, minimum = -Infinity }: Property): boolean {
  if (listed !== undefined && !listed.includes(value)) return false;
  if (type === 'integer') return Number.isInteger(value) && (value as number) >= minimum;
  if (type === 'number') return typeof value === 'number' && value >= minimum;
  if (type === 'array') return Array.isArray(value);
  return type === undefined || typeof value === type;
}
