/**
 * Schemas from anywhere, read as one thing: a JSON Schema for the model, and a check for the boundary.
 *
 * @module
 */
import { type JsonSchema, zod } from '../record/index.ts';
import { checkJson, type SchemaIssue } from './json-schema-check.ts';

/** What any schema library that follows the Standard Schema specification gives (standardschema.dev). */
export interface StandardSchema<Given = unknown, Value = Given> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Given; readonly output: Value } | undefined;
    readonly validate: (value: unknown) => StandardResult<Value> | Promise<StandardResult<Value>>;
    readonly jsonSchema?: {
      readonly input: (options: DocumentOptions) => Record<string, unknown>;
      readonly output: (options: DocumentOptions) => Record<string, unknown>;
    };
  };
}

interface DocumentOptions {
  readonly target: 'draft-2020-12';
  readonly libraryOptions?: Record<string, unknown>;
}

type StandardResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What `jsonSchema()` and `zodSchema()` of the AI SDK give. */
export interface AiSchema<Value = unknown> {
  readonly _type: Value;
  readonly jsonSchema: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the AI SDK's own type.
  readonly validate?: ((value: any) => any) | undefined;
}

/** A JSON Schema document as it is written in code. */
export interface SchemaDocument {
  readonly [key: string]: unknown;
}

/** A schema from anywhere. */
export type ToolSchema = StandardSchema | AiSchema | SchemaDocument;

/** The type a schema turns values into. */
export type ValueOf<Schema> =
  Schema extends StandardSchema<infer _Given, infer Value>
    ? Value
    : Schema extends AiSchema<infer Value>
      ? Value
      : FromDocument<Schema>;

/** The type a schema accepts. */
export type GivenOf<Schema> = [Schema] extends [undefined]
  ? unknown
  : Schema extends StandardSchema<infer Given, infer _Value>
    ? Given
    : Schema extends AiSchema<infer Value>
      ? Value
      : FromDocument<Schema>;

/** The type of the simple parts of a JSON Schema document; `any` for the rest. */
export type FromDocument<Document> = Document extends { readonly const: infer Value }
  ? Value
  : Document extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Document extends { readonly type: 'string' }
      ? string
      : Document extends { readonly type: 'number' | 'integer' }
        ? number
        : Document extends { readonly type: 'boolean' }
          ? boolean
          : Document extends { readonly type: 'null' }
            ? null
            : Document extends { readonly type: 'array'; readonly items: infer Item }
              ? FromDocument<Item>[]
              : Document extends { readonly type: 'object'; readonly properties: infer Properties }
                ? FromProperties<
                    Properties,
                    Document extends { readonly required: readonly (infer Name)[] } ? Name : never
                  >
                : // biome-ignore lint/suspicious/noExplicitAny: what cannot be read is free.
                  any;

type FromProperties<Properties, Required> = {
  [Name in keyof Properties as Name extends Required ? Name : never]: FromDocument<Properties[Name]>;
} & { [Name in keyof Properties as Name extends Required ? never : Name]?: FromDocument<Properties[Name]> };

/** What a check gives: the value as the schema makes it, or what is wrong with it. */
export type Checked = { value: unknown } | { issues: SchemaIssue[] };

/** A schema as the runtime uses it. */
export interface ReadSchema {
  json: JsonSchema;
  /** It speaks of JSON, so a value is made JSON before its check; a library's schema speaks of the value itself. */
  ofJson: boolean;
  check(value: unknown): Checked | Promise<Checked>;
}

/**
 * Reads a schema of any kind.
 *
 * @param side whether values are checked on their way in (defaults may be left out) or out.
 * @throws {Error} it cannot be read; the message says why, and the caller names the option.
 */
export function readSchema(schema: unknown, side: 'input' | 'output'): ReadSchema {
  const read = typeof schema === 'function' && !('~standard' in schema) ? (schema as () => unknown)() : schema;
  if (!isObject(read)) throw new Error('expected a schema (zod, Standard Schema, JSON Schema or jsonSchema())');
  if ('~standard' in read) return readStandard(read as unknown as StandardSchema, side);
  if (AI_SCHEMA in read) return readAiSchema(read as unknown as AiSchema);
  const json = plainDocument(read);
  return { json, ofJson: true, check: (value) => checkedJson(json, value) };
}

/** The AI SDK marks its schemas with this symbol. */
const AI_SCHEMA = Symbol.for('vercel.ai.schema');

function readStandard(schema: StandardSchema, side: 'input' | 'output'): ReadSchema {
  const { validate } = schema['~standard'];
  const check = (value: unknown): Checked | Promise<Checked> => {
    const result = validate(value);
    return result instanceof Promise ? result.then(fromStandard) : fromStandard(result);
  };
  return { json: documentOf(schema, side), ofJson: false, check };
}

function documentOf(schema: StandardSchema, side: 'input' | 'output'): JsonSchema {
  const { vendor, jsonSchema } = schema['~standard'];
  if (vendor === 'zod') {
    const libraryOptions = { unrepresentable: 'any', override: readDate } as const;
    // The schema's own zod is loaded already; before 4.2 it does not say its document itself.
    const document = jsonSchema?.[side]({ target: 'draft-2020-12', libraryOptions });
    return plainDocument(document ?? zod().toJSONSchema(schema as never, { io: side, ...libraryOptions }));
  }
  if (jsonSchema !== undefined) return plainDocument(jsonSchema[side]({ target: 'draft-2020-12' }));
  if ('toJsonSchema' in schema && typeof schema.toJsonSchema === 'function')
    return plainDocument(schema.toJsonSchema());
  throw new Error(`schemas of ${vendor} cannot be shown to a model; give its JSON Schema, or use zod`);
}

/** A date is written as text in JSON; zod alone would leave it open. */
function readDate({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: object }): void {
  const definition = (zodSchema as { _zod: { def: { type: string } } })._zod.def;
  if (definition.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
}

function readAiSchema(schema: AiSchema): ReadSchema {
  const document = schema.jsonSchema;
  if (document instanceof Promise) {
    document.catch(() => {});
    throw new Error('its JSON Schema is a promise; await it and give the document');
  }
  const json = plainDocument(document);
  const { validate } = schema;
  if (typeof validate !== 'function') return { json, ofJson: true, check: (value) => checkedJson(json, value) };
  return {
    json,
    ofJson: false,
    async check(value) {
      const result = (await validate(value)) as { success: boolean; value?: unknown; error?: unknown };
      return result.success ? { value: result.value } : { issues: issuesOfError(result.error) };
    },
  };
}

function issuesOfError(error: unknown): SchemaIssue[] {
  let at = error;
  for (let depth = 0; depth < 5 && isObject(at); depth++) {
    const found = Array.isArray(at) ? at : at.issues;
    if (Array.isArray(found) && found.length > 0) return found.map(fromIssue);
    at = at.cause;
  }
  return [{ path: [], problem: error instanceof Error ? error.message : 'refused by its schema' }];
}

function fromStandard(result: StandardResult<unknown>): Checked {
  return result.issues === undefined ? { value: result.value } : { issues: result.issues.map(fromIssue) };
}

function fromIssue(issue: StandardIssue): SchemaIssue {
  const path = (issue.path ?? []).map((step) => {
    const key = typeof step === 'object' ? step.key : step;
    return typeof key === 'number' ? key : String(key);
  });
  return { path, problem: issue.message };
}

function checkedJson(json: JsonSchema, value: unknown): Checked {
  const issues = checkJson(json, value);
  return issues.length === 0 ? { value } : { issues };
}

/** A copy that is surely JSON, without the dialect's address. */
function plainDocument(document: unknown): JsonSchema {
  if (!isObject(document) || Array.isArray(document)) throw new Error('its JSON Schema is no object');
  let copy: JsonSchema;
  try {
    copy = JSON.parse(JSON.stringify(document)) as JsonSchema;
  } catch {
    throw new Error('its JSON Schema refers to itself as an object; use `$ref`');
  }
  delete copy.$schema;
  return copy;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
