// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { expect, it } from 'vitest';
import { queryProgram, queryRequest } from './query.ts';

it.each([
  ['```sql\nSELECT 1\n```\nThat is it.', 'SELECT 1'],
  ['```sql\nSELECT 1;', 'SELECT 1'],
  ['select `a` from t', 'select \\`a\\` from t'],
  [
    "```sql\nWITH x AS (SELECT '${y}' || '\\') SELECT * FROM x",
    "WITH x AS (SELECT '\\${y}' || '\\\\') SELECT * FROM x",
  ],
])('reads %j', (reply, query) => {
  expect(queryProgram(reply)).toBe(`answer(await sql(\`\n${query}\n\`));`);
});

it('reads no query where there is none', () => {
  expect(queryProgram('I cannot say.')).toBeUndefined();
  expect(queryProgram('```ts\nanswer(1)\n```')).toBeUndefined();
  expect(queryProgram('')).toBeUndefined();
});

it('asks over tables, begun where the model can go on from a beginning', () => {
  const asked = { tables: 'CREATE TABLE t (\n  n REAL,\n);', task: 'How many?' };
  const { messages, prefill, purpose } = queryRequest(asked, { prefill: true, entryTokens: 100 });
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(JSON.stringify(messages)).toContain('CREATE TABLE t');
  expect(prefill).toBe('```sql\nSELECT');
  expect(purpose).toBe('query');
  expect(queryRequest(asked, { prefill: false, entryTokens: 100 }).prefill).toBeUndefined();
});
