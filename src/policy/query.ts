/**
 * A second way to say the same: one SQL query over the task's rows, as the program that asks it.
 *
 * Samples of one prompt are wrong in the same way; a query, asked for in other words and written in another language, is wrong in
 * its own. So two that agree are right far more often than two samples that do, and where they do not, more are asked for
 * (docs/decisions/0026).
 *
 * @module
 */
import type { ModelRequest } from '../model/index.ts';
import type { Message } from '../record/index.ts';
import { QUERY_TEXTS } from './texts.ts';

/** How the reply is begun, where that can be. */
export const QUERY_OPENING = '```sql\nSELECT';

/** Asks for one query over some tables, said as `CREATE TABLE` statements. */
export function queryRequest(
  { tables, task }: { tables: string; task: string },
  { prefill, entryTokens }: { prefill: boolean; entryTokens: number },
): ModelRequest & { purpose: 'query' } {
  const messages: Message[] = [
    { role: 'system', parts: [{ text: `${QUERY_TEXTS.front}\n\n${tables}` }] },
    { role: 'user', parts: [{ text: `${task}\n\n${QUERY_TEXTS.instruction}` }] },
  ];
  return {
    messages,
    ...(prefill && { prefill: QUERY_OPENING }),
    stop: ['\n```'],
    maxTokens: entryTokens,
    purpose: 'query',
  };
}

/**
 * The program that asks the query of a reply; `undefined` where the reply has none.
 *
 * @example
 * ```ts
 * queryProgram('```sql\nSELECT count(*) FROM orders'); // 'answer(await sql(`\nSELECT count(*) FROM orders\n`));'
 * ```
 */
export function queryProgram(reply: string): string | undefined {
  const text = (/```sql\s(.*)/s.exec(reply)?.[1] ?? reply)
    .replace(/```.*$/s, '')
    .trim()
    .replace(/;$/, '');
  if (!/^(?:select|with)\b/i.test(text)) return undefined;
  return `answer(await sql(${quotedLines(`\n${text}\n`)}));`;
}

/** A text as a literal that keeps its lines. */
export const quotedLines = (text: string) => `\`${text.replace(/[\\`]|\$(?=\{)/g, (mark) => `\\${mark}`)}\``;
