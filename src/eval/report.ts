/**
 * A table for reading: in a terminal, in Markdown, as JSON.
 *
 * @module
 */
import type { Interval } from './stats.ts';
import type { ArmRow, Comparison, GroupRow, ResultTable } from './table.ts';

export type ReportFormat = 'text' | 'markdown' | 'json';

/** A column: its heading, and what it shows of a row. */
type Column<Row> = [heading: string, of: (row: Row) => string];

const ARM_COLUMNS: readonly Column<ArmRow>[] = [
  ['arm', ({ arm }) => arm],
  ['attempts', ({ attempts }) => String(attempts)],
  ['success', ({ success }) => percents(success)],
  ['value', ({ value }) => value.toFixed(2)],
  ['unknown', ({ unknown }) => percent(unknown)],
  ['warned', ({ warned }) => percent(warned)],
  ['wrong, no warning', ({ wrongWithoutWarning }) => percent(wrongWithoutWarning)],
  ['model calls', ({ modelCalls }) => modelCalls.toFixed(1)],
  ['tool calls', ({ toolCalls }) => toolCalls.toFixed(1)],
  ['failed calls', ({ failedCalls }) => percent(failedCalls)],
  ['invented', ({ inventedObservations }) => percent(inventedObservations)],
  ['sent', ({ sent }) => sent.toFixed(0)],
  ['evaluated', ({ evaluated }) => evaluated.toFixed(0)],
  ['written', ({ written }) => written.toFixed(0)],
  ['seconds', ({ seconds }) => seconds.toFixed(1)],
];
const RETRIED: Column<ArmRow> = [
  'with retry',
  ({ successWithRetry, success }) => percent(successWithRetry ?? success.value),
];
const JUDGED: Column<ArmRow> = ['judged by a model', ({ judged }) => (judged === undefined ? '–' : percent(judged))];
const DOLLARS: Column<ArmRow> = ['$', ({ costUsd }) => (costUsd === undefined ? '–' : costUsd.toPrecision(2))];

const COMPARISON_COLUMNS: readonly Column<Comparison>[] = [
  ['on the same tasks', ({ first, second }) => `${second} against ${first}`],
  ['tasks', ({ pairs }) => String(pairs)],
  ['gained', ({ gained }) => String(gained)],
  ['lost', ({ lost }) => String(lost)],
  ['difference', ({ difference }) => percents(difference, true)],
  ['relative', ({ relative }) => percents(relative, true)],
  ['p', ({ p }) => p.toPrecision(2)],
  ['tokens sent', ({ sentRatio }) => (Number.isFinite(sentRatio) ? `${sentRatio.toFixed(2)} ×` : '–')],
];

const GROUP_COLUMNS: readonly Column<GroupRow>[] = [
  ['group', ({ group }) => group],
  ['arm', ({ arm }) => arm],
  ['attempts', ({ attempts }) => String(attempts)],
  ['success', ({ success }) => percents(success)],
];

/**
 * Writes a table. In JSON, what is infinite or nothing is `null`.
 *
 * @example
 * ```ts
 * import { readExperiment, reportOf, tableOf } from 'poact/eval';
 *
 * console.log(reportOf(tableOf(await readExperiment(store, 'first')), 'markdown'));
 * ```
 */
export function reportOf(table: ResultTable, format: ReportFormat = 'text'): string {
  if (format === 'json') return `${JSON.stringify(table, null, 2)}\n`;
  const { rows, comparisons, groups = [] } = table;
  const columns = [
    ...ARM_COLUMNS,
    ...(rows.some(({ successWithRetry }) => successWithRetry !== undefined) ? [RETRIED] : []),
    ...(rows.some(({ judged }) => judged !== undefined) ? [JUDGED] : []),
    ...(rows.some(({ costUsd = 0 }) => costUsd > 0) ? [DOLLARS] : []),
  ];
  const parts = [
    format === 'markdown' ? withoutTags(headOf(table)) : headOf(table),
    gridOf(columns, rows, format),
    ...(comparisons.length > 0 ? [gridOf(COMPARISON_COLUMNS, comparisons, format)] : []),
    ...(groups.length > 0 ? [gridOf(GROUP_COLUMNS, groups, format)] : []),
    'Intervals are 95 %. Tokens, calls and seconds are means per attempt.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function headOf({ experiment, tasks, seeds, missing, why }: ResultTable): string {
  const gap =
    missing === 0
      ? ''
      : ` ${missing} attempts are not made or do not count${why === undefined ? '.' : `: ${onOneLine(why)}`}`;
  return `${experiment}: ${tasks} tasks, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}.${gap}`;
}

function gridOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], format: 'text' | 'markdown'): string {
  const lines = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, of]) => onOneLine(of(row)))),
  ];
  if (format === 'markdown') {
    const [head = [], ...rest] = lines.map((line) => line.map(inMarkdown));
    const rule = columns.map((_column, at) => (at === 0 ? '---' : '---:'));
    return [head, rule, ...rest].map((line) => `| ${line.join(' | ')} |`).join('\n');
  }
  const widths = columns.map((_column, at) => Math.max(...lines.map((line) => (line[at] as string).length)));
  const padded = (text: string, at: number) =>
    at === 0 ? text.padEnd(widths[at] as number) : text.padStart(widths[at] as number);
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}

/** Names of arms and kinds are anybody's: they neither break the table nor steer the terminal. */
const onOneLine = (text: string) => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');

const withoutTags = (text: string) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A text as it is, and no markup. */
const inMarkdown = (text: string) => withoutTags(text).replace(/[\\`*[\]|]/g, '\\$&');

function percent(share: number, isSigned = false): string {
  if (Number.isNaN(share)) return '–';
  if (!Number.isFinite(share)) return share > 0 ? '∞' : '-∞';
  const text = (100 * share).toFixed(1);
  return `${isSigned && share > 0 ? '+' : ''}${text} %`;
}

const percents = ({ value, low, high }: Interval, isSigned = false): string =>
  `${percent(value, isSigned)} (${percent(low, isSigned)} to ${percent(high, isSigned)})`;
