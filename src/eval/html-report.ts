/**
 * An experiment as one HTML page that needs nothing else: no network, no other file.
 *
 * The page holds the table, every attempt with its assertions, and the steps of attempts that did not succeed. All of it is
 * data to the page: it is set as text, never as markup, so that an answer cannot act.
 *
 * @module
 */
import { cutMiddle, type RunEvent, textOf } from '../record/index.ts';
import type { RunStore } from '../run/index.ts';
import type { Cell } from './cell.ts';
import { PAGE_SCRIPT } from './html-script.ts';
import { PAGE_STYLE } from './html-style.ts';
import type { ExperimentResult } from './results.ts';
import { type ResultTable, tableOf } from './table.ts';

/** Longest text of a step, and most steps of an attempt, that the page holds. */
const STEP_CHARS = 2_000;
const MOST_STEPS = 60;
/** Most bytes of steps in a page; attempts beyond are shown without theirs. */
const STEPS_BYTES = 20_000_000;

/** One step of an attempt, as a reader wants it. */
interface PageStep {
  what: string;
  text: string;
}

/** What the page holds beside the results. */
export interface HtmlReportOptions {
  /** The steps of all attempts, not only of those that failed. @default false */
  everything?: boolean;
  /** The table on top, which may have more comparisons. @default that of the results */
  table?: ResultTable;
}

/**
 * Writes the page. Attempts that failed bring their steps along.
 *
 * @throws {StoreError} a log cannot be read.
 * @example
 * ```ts
 * import { htmlReport, readExperiment } from 'poact/eval';
 *
 * const page = await htmlReport(await readExperiment(store, 'first'), store);
 * ```
 */
export async function htmlReport(
  result: ExperimentResult,
  store: RunStore,
  { everything = false, table = tableOf(result) }: HtmlReportOptions = {},
): Promise<string> {
  const steps: { [run: string]: PageStep[] } = {};
  let left = STEPS_BYTES;
  for (const { run, success } of result.cells) {
    if ((success && !everything) || left <= 0) continue;
    const own = stepsOf(await store.read(run));
    left -= JSON.stringify(own).length;
    if (left > 0) steps[run] = own;
  }
  const data = { table, cells: result.cells.map(shortened), steps };
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    `<title>${escaped(result.plan.name)}</title><style>${PAGE_STYLE}</style></head><body>`,
    `<script type="application/json" id="data">${inScript(data)}</script>`,
    `<script>${PAGE_SCRIPT}</script></body></html>`,
    '',
  ].join('\n');
}

function shortened(cell: Cell): Cell {
  const { answer } = cell;
  const text = JSON.stringify(answer ?? null);
  return text.length <= STEP_CHARS ? cell : { ...cell, answer: cutMiddle(text, STEP_CHARS) };
}

function stepsOf(events: readonly RunEvent[]): PageStep[] {
  return events
    .flatMap((event): PageStep[] => {
      const step = stepOf(event);
      return step === undefined ? [] : [{ what: step.what, text: cutMiddle(step.text, STEP_CHARS) }];
    })
    .slice(0, MOST_STEPS);
}

function stepOf(event: RunEvent): PageStep | undefined {
  if (event.kind === 'task') return { what: 'task', text: textOf(event.parts) };
  if (event.kind === 'observation') return { what: `observation, ${event.state}`, text: textOf(event.parts) };
  if (event.kind === 'run-end') return { what: event.status, text: event.why };
  if (event.kind === 'review' && event.verdict !== 'pass' && event.verdict !== 'go-on') {
    return { what: `review: ${event.verdict}`, text: event.reason ?? event.rule };
  }
  if (event.kind !== 'decision') return undefined;
  const { decision } = event;
  if (decision.kind === 'think') return { what: decision.form, text: decision.text };
  if (decision.kind === 'act') return { what: 'program', text: decision.code };
  if (decision.kind === 'candidates') return { what: 'first of several programs', text: decision.first };
  if (decision.kind === 'call') return { what: 'calls', text: JSON.stringify(decision.calls, null, 1) };
  if (decision.kind === 'answer') return { what: 'answer', text: JSON.stringify(decision.value) };
  return { what: decision.kind, text: JSON.stringify(decision) };
}

/** JSON that cannot end the script it stands in. */
const inScript = (data: unknown) => JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028');

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
