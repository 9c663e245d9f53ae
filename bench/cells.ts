/**
 * Finished cells of a long measurement, one JSON line each: a run that was cut off goes on where it stopped.
 *
 * @module
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { jsonSchema } from './json.ts';

const count = z.number().int().nonnegative();

export const cellSchema = z.object({
  arm: z.string(),
  task: z.string(),
  right: z.boolean(),
  status: z.string(),
  why: z.string(),
  answer: jsonSchema.optional(),
  warnings: z.array(z.string()),
  modelCalls: count,
  toolCalls: count,
  sent: count,
  /** Left out where an arm cannot say. */
  evaluated: count.optional(),
  written: count,
  seconds: z.number(),
});

/** What came of one task under one arm. */
export type Cell = z.infer<typeof cellSchema>;

export interface CellFile {
  get(arm: string, task: string): Cell | undefined;
  add(cell: Cell): void;
}

/** Opens the file, with what is in it already unless `fresh`. A last line that was cut off is left out. */
export function openCells(path: string, { fresh }: { fresh: boolean }): CellFile {
  if (fresh) rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const cells = new Map<string, Cell>();
  const key = (arm: string, task: string) => `${arm}\n${task}`;
  if (existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const cell = readCell(line);
      if (cell !== undefined) cells.set(key(cell.arm, cell.task), cell);
    }
  }
  return {
    get: (arm, task) => cells.get(key(arm, task)),
    add(cell) {
      cells.set(key(cell.arm, cell.task), cell);
      appendFileSync(path, `${JSON.stringify(cell)}\n`);
    },
  };
}

function readCell(line: string): Cell | undefined {
  if (line === '') return undefined;
  try {
    return cellSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
