import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Cell, openCells } from './cells.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-cells-'));
afterAll(() => rmSync(folder, { recursive: true }));

const cell: Cell = {
  arm: 'react',
  task: 'one',
  right: true,
  status: 'answered',
  why: 'It answered.',
  answer: 12,
  warnings: [],
  modelCalls: 2,
  toolCalls: 1,
  sent: 100,
  evaluated: 60,
  written: 20,
  seconds: 1.5,
};

it('goes on from the cells that are finished, past a line that was cut off', () => {
  const path = join(folder, 'a', 'cells.jsonl');
  openCells(path, { fresh: false }).add(cell);
  appendFileSync(path, '{"arm":"react","ta');
  const again = openCells(path, { fresh: false });
  expect(again.get('react', 'one')).toEqual(cell);
  expect(again.get('react', 'two')).toBeUndefined();
});

it('begins anew when asked to', () => {
  const path = join(folder, 'b.jsonl');
  openCells(path, { fresh: false }).add(cell);
  expect(openCells(path, { fresh: true }).get('react', 'one')).toBeUndefined();
});
