import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { type EventKind, eventJsonSchema, eventKinds, type JsonSchema, parseEvent } from '../src/record/index.ts';

const page = await readFile(new URL('../docs/run-log.md', import.meta.url), 'utf8');
const schema = eventJsonSchema();
const members = schema.oneOf as {
  properties: { [field: string]: JsonSchema };
  required: string[];
}[];
const ENVELOPE = ['seq', 'at', 'run', 'step', 'by', 'cause', 'waitedMs', 'kind'];

const sections = new Map(
  page
    .slice(page.indexOf('\n## Kinds'))
    .split(/\n### /)
    .slice(1)
    .map((section) => [/^`([\w-]+)`/.exec(section)?.[1] ?? '', section]),
);
const fieldsOf = (text: string) =>
  [...text.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(([, name = '', type = '']) =>
    type.includes('optional') ? `${name}?` : name,
  );

it('describes every kind, in the order of the code', () => {
  expect([...sections.keys()]).toEqual(eventKinds());
});

it('describes the envelope', () => {
  const everyEvent = page.slice(page.indexOf('## Every event'), page.indexOf('## What recurs'));
  expect(fieldsOf(everyEvent).map((field) => field.replace('?', ''))).toEqual(ENVELOPE);
});

it.each(eventKinds())('lists the fields of `%s`, and which may be left out', (kind) => {
  const member = members.find(({ properties }) => properties.kind?.const === kind);
  const fields = Object.keys(member?.properties ?? {})
    .filter((field) => !ENVELOPE.includes(field))
    .map((field) => (member?.required.includes(field) ? field : `${field}?`));
  expect(fieldsOf(sections.get(kind) ?? '')).toEqual(fields);
});

it.each(eventKinds())('shows a `%s` that parses, whole', (kind: EventKind) => {
  const [, line = ''] = /```json\n(.*)\n```/.exec(sections.get(kind) ?? '') ?? [];
  const event = JSON.parse(line);
  expect(parseEvent(event)).toEqual(event);
  expect(event.kind).toBe(kind);
  expect(z.fromJSONSchema(schema as never).safeParse(event).success).toBe(true);
});

it('has the JSON Schema beside it', async () => {
  const file = await readFile(new URL('../docs/run-log.schema.json', import.meta.url), 'utf8').catch(() => '');
  expect(file, 'out of date: run `npm run schema`').toBe(`${JSON.stringify(schema, null, 2)}\n`);
});
