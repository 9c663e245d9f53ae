/**
 * The types of BFCL's functions as JSON Schema.
 *
 * @module
 */
import type { Json, JsonSchema } from '../../../record/index.ts';

/** A type as the data write it: JSON Schema with names of Python or JavaScript. */
export interface DeclaredType {
  type?: string;
  description?: string;
  enum?: Json[];
  properties?: { [name: string]: DeclaredType };
  required?: string[];
  items?: DeclaredType;
}

export interface DeclaredFunction {
  name: string;
  description: string;
  parameters: { properties: { [name: string]: DeclaredType }; required: string[] };
}

const TYPES: { readonly [name: string]: string } = {
  string: 'string',
  String: 'string',
  integer: 'integer',
  float: 'number',
  boolean: 'boolean',
  Boolean: 'boolean',
  array: 'array',
  tuple: 'array',
  dict: 'object',
};

/** The JSON type of a declared one; nothing for `any`. */
export const jsonType = ({ type }: DeclaredType): string | undefined => TYPES[type ?? ''];

/** JSON Schema of the arguments of a function. */
export const schemaOf = ({ properties, required }: DeclaredFunction['parameters']): JsonSchema => ({
  type: 'object',
  properties: propertiesOf(properties),
  required: [...required],
});

const propertiesOf = (properties: { [name: string]: DeclaredType }): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, declared]) => [name, typeOf(declared)]));

function typeOf(declared: DeclaredType): JsonSchema {
  const { description, enum: listed, properties, required, items } = declared;
  const type = jsonType(declared);
  return {
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...(listed !== undefined && { enum: listed }),
    ...(properties !== undefined && { properties: propertiesOf(properties) }),
    ...(required !== undefined && { required: [...required] }),
    ...(items !== undefined && { items: typeOf(items) }),
  };
}
