/**
 * Rows of measurements: what every script of `bench/` prints, and how they become a table.
 *
 * A script run with `--json` prints its rows as one JSON line; without, a table for people.
 *
 * @module
 */

/** One figure. */
export interface Measured {
  what: string;
  value: number;
  unit: string;
  /** What the design asks for, as text, and whether the figure holds it. */
  goal?: string;
  holds?: boolean;
  /** How it was measured: repetitions, median or p95, and the like. */
  how?: string;
}

/** Prints rows, as JSON if the arguments ask for it. */
export function printRows(rows: readonly Measured[], args: readonly string[] = process.argv.slice(2)): void {
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(rows) : rowsTable(rows)}\n`);
}

/** Rows as a table of Markdown. */
export function rowsTable(rows: readonly Measured[]): string {
  const body = rows.map(({ what, value, unit, goal = '', holds, how = '' }) => [
    what,
    `${figure(value)} ${unit}`,
    holds === undefined ? goal : `${goal}: ${holds ? 'held' : '**missed**'}`,
    how,
  ]);
  return table(['what', 'figure', 'goal', 'how'], body);
}

/** A table of Markdown. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

/** Three significant digits, thousands with commas. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** Milliseconds of some work. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
