/**
 * The tool that queries tables too large to stand in a session.
 *
 * @module
 */
import type { DataTables } from '../../environment/index.ts';
import { zod } from '../../record/index.ts';
import { type Tool, tool } from '../tool.ts';

/** `queryTable` over the tables that reading data gave; its description declares their columns. */
export function queryTableTool(tables: DataTables): { queryTable: Tool } {
  const z = zod();
  const declared = tables.list.map(({ name, type, shown = type, doc }) => `${name}: ${shown} (${doc})`);
  return {
    queryTable: tool({
      description: `Runs one SQLite SELECT on tables too large to be variables, and gives its rows. Tables: ${declared.join(' ')}`,
      input: z.object({ sql: z.string() }),
      output: z.array(z.record(z.string(), z.any())),
      effect: 'read',
      origin: 'shipped',
      run: ({ sql }, { signal }) => tables.query(sql, { signal }) as Promise<{ [column: string]: unknown }[]>,
    }),
  };
}
