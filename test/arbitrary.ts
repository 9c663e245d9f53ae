/**
 * Values of a JSON Schema, for property tests: what the published schema of the log admits, the parser must take.
 *
 * @module
 */
import fc from 'fast-check';
import type { Json, JsonSchema } from '../src/record/index.ts';

/** Knows what `eventJsonSchema()` uses, and throws at anything else. */
export function arbitraryOf(schema: JsonSchema): fc.Arbitrary<Json> {
  const some = (part: Json | undefined) => arbitraryOf(part as JsonSchema);
  if ('const' in schema) return fc.constant(schema.const as Json);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const union = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(union)) return fc.oneof(...union.map(some));
  switch (schema.type) {
    case undefined:
      return anyJson;
    case 'string':
      return schema.format === 'date-time' ? dateTime : fc.string({ unit: 'binary', maxLength: 20 });
    case 'boolean':
      return fc.boolean();
    case 'integer': {
      const { minimum: min = Number.MIN_SAFE_INTEGER, maximum: max = Number.MAX_SAFE_INTEGER } = schema;
      return fc.integer({ min: Number(min), max: Number(max) });
    }
    case 'number':
      return fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => n + 0);
    case 'array':
      return fc.array(some(schema.items), { maxLength: 4 });
    case 'object':
      return objectOf(schema);
    default:
      throw new Error(`No arbitrary for ${JSON.stringify(schema)}`);
  }
}

function objectOf(schema: JsonSchema): fc.Arbitrary<Json> {
  if (schema.properties === undefined) {
    const values =
      schema.additionalProperties === undefined ? anyJson : arbitraryOf(schema.additionalProperties as JsonSchema);
    return fc.dictionary(
      fc.string({ maxLength: 8 }).map((key) => `k${key}`),
      values,
      { maxKeys: 4, noNullPrototype: true },
    );
  }
  const members = Object.entries(schema.properties as JsonSchema);
  const required = schema.required as string[] | undefined;
  return fc.record(Object.fromEntries(members.map(([key, part]) => [key, arbitraryOf(part as JsonSchema)])), {
    requiredKeys: required ?? [],
    noNullPrototype: true,
  });
}

/** As it comes back from JSON text: keys such as `__proto__` included, minus zero excluded. */
const anyJson = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

const dateTime = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
