import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { arbitraryOf } from '../../test/arbitrary.ts';
import {
  type EventKind,
  eventJsonSchema,
  eventKinds,
  eventSchema,
  type Json,
  type JsonSchema,
  LOG_VERSION,
  LogError,
  parseEvent,
} from './index.ts';

const published = eventJsonSchema();
const members = published.oneOf as (JsonSchema & { properties: { kind: { const: EventKind } }; required: string[] })[];
const ofKind = (kind: EventKind) => members.find((member) => member.properties.kind.const === kind)!;
const validator = (schema: JsonSchema) => z.fromJSONSchema(schema as never);
const errorOf = (value: unknown) => {
  try {
    return parseEvent(value);
  } catch (error) {
    return error;
  }
};
const envelope = { seq: 3, at: '2026-01-01T00:00:00.000Z', run: 'r1', step: 1, by: 'loop' };

it('publishes every kind, each once', () => {
  expect(members.map((member) => member.properties.kind.const)).toEqual(eventKinds());
});

// `fork` had a field named like the envelope's time, and lost the time.
it.each(eventKinds())('gives a `%s` the whole envelope', (kind) => {
  expect(ofKind(kind).properties).toMatchObject({
    seq: { type: 'integer' },
    at: { type: 'string', format: 'date-time' },
    run: { type: 'string' },
    step: { type: 'integer' },
    by: { type: 'string' },
    cause: { type: 'integer' },
  });
});

it.each(eventKinds())('takes back every `%s` that its JSON Schema admits, unchanged', (kind) => {
  const admitted = validator(ofKind(kind));
  fc.assert(
    fc.property(arbitraryOf(ofKind(kind)), (event) => {
      const read = parseEvent(JSON.parse(JSON.stringify(event)));
      expect(read).toEqual(event);
      expect(admitted.safeParse(read).success).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it.each(eventKinds())('refuses a `%s` that lacks a field, as its JSON Schema does', (kind) => {
  const schema = ofKind(kind);
  const admitted = validator(schema);
  const [whole] = fc.sample(arbitraryOf(schema), { numRuns: 1, seed: 1 }) as [{ [key: string]: Json }];
  for (const field of schema.required) {
    const { [field]: _gone, ...rest } = whole;
    expect(admitted.safeParse(rest).success, field).toBe(false);
    expect(errorOf(rest), field).toMatchObject({ code: 'log-invalid', facts: { at: field } });
  }
});

it('gives the whole schema, which admits one event of each kind', () => {
  const admitted = validator(published);
  for (const kind of eventKinds()) {
    const [event] = fc.sample(arbitraryOf(ofKind(kind)), { numRuns: 1, seed: 2 });
    expect(admitted.safeParse(event).success, kind).toBe(true);
  }
});

it.each([
  ['nothing', undefined, 'event'],
  ['a text', 'run-end', 'event'],
  ['an unknown kind', { ...envelope, kind: 'thought' }, 'kind'],
  ['a place below 0', { ...envelope, kind: 'resume', seq: -1 }, 'seq'],
  ['a time that is none', { ...envelope, kind: 'resume', at: 'yesterday' }, 'at'],
  ['a value that is not JSON', { ...envelope, kind: 'note', name: 'n', value: { a: Number.NaN } }, 'value'],
  ['a wrong field deep inside', { ...envelope, kind: 'suspend', waiting: [{ for: 'tea', id: '1' }] }, 'waiting.0.for'],
])('refuses %s, and names the field', (_title, value, at) => {
  const error = errorOf(value);
  expect(error).toBeInstanceOf(LogError);
  expect(error).toMatchObject({ code: 'log-invalid', facts: { at } });
  expect((error as Error).message).toContain('Not an event of a run log');
});

it('refuses a log that a newer version wrote, whatever its form, and says what to do', () => {
  const error = errorOf({ kind: 'run-start', version: LOG_VERSION + 1 });
  expect(error).toMatchObject({ code: 'log-version', facts: { version: LOG_VERSION + 1, reads: LOG_VERSION } });
  expect((error as Error).message).toContain('npm install poact@latest');
});

it('leaves out fields that it does not know', () => {
  const event = { ...envelope, kind: 'note', name: 'n', value: 1 };
  expect(parseEvent({ ...event, colour: 'red' })).toEqual(event);
});

// zod's own JSON type copied the value and lost this key, so that arguments no longer had the digest they were approved under.
it('keeps a key named __proto__ in arguments', () => {
  const args = JSON.parse('{"__proto__":{"admin":true},"a":1}') as Json;
  const event = { ...envelope, kind: 'call', id: 'c', tool: 't', args, effect: 'read', digest: 'd' };
  const read = eventSchema().parse(event) as { args?: Json };
  expect(JSON.stringify(read.args)).toBe('{"__proto__":{"admin":true},"a":1}');
});
