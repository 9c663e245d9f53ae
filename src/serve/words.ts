/**
 * Numbers, times and values as people read them.
 *
 * @module
 */
import type { Json, RunEvent, RunUsage } from '../record/index.ts';

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** `940 bytes`, `1.12 GB`. */
export function size(bytes: number): string {
  for (const [unit, of] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['KB', 1e3],
  ] as const) {
    if (bytes >= of) return `${(bytes / of).toFixed(bytes >= 10 * of ? 0 : 2)} ${unit}`;
  }
  return `${bytes} bytes`;
}

/** `1 step`, `1,204 tokens`. */
export const count = (number: number, unit: string): string =>
  `${number.toLocaleString('en-US')} ${unit}${number === 1 ? '' : 's'}`;

/** How much of a limit is used: `$0.05 of $0.10 used`, `24 of 30 steps used`, `limit reached: …`. */
export function usedOf({ limit, used, of, state }: RunEvent<'budget'>): string {
  const [tool] = limit.startsWith('calls.') ? [limit.slice('calls.'.length)] : [];
  const amounts =
    limit === 'costUsd'
      ? `$${used.toFixed(4)} of $${of}`
      : limit === 'ms'
        ? `${duration(used)} of ${duration(of)}`
        : `${used.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${tool === undefined ? (NAMES[limit] ?? limit) : `calls of ${tool}`}`;
  return `${state === 'exhausted' ? 'limit reached: ' : ''}${amounts} used`;
}

const NAMES: { readonly [limit: string]: string } = { toolCalls: 'calls of tools' };

/** What a run took, in one line. */
export function usageLine(usage: RunUsage, ms: number | undefined): string {
  return [
    count(usage.steps, 'step'),
    `${count(usage.sent, 'token')} in, ${usage.written.toLocaleString('en-US')} out`,
    ...(usage.costUsd === undefined ? [] : [`${usage.costUsd.toFixed(4)} USD`]),
    ...(ms === undefined ? [] : [duration(ms)]),
  ].join(' · ');
}

/** An answer as text: a text as it is, anything else as JSON. */
export const answerText = (answer: Json | undefined): string =>
  typeof answer === 'string'
    ? answer
    : JSON.stringify(answer ?? null, null, typeof answer === 'object' ? 2 : undefined);

/** What was thrown, which need not be an error. */
export const thrown = (problem: unknown): string =>
  problem instanceof Error ? problem.message : `it threw ${String(problem)}`;

/** One line of a value, shortened. */
export function brief(value: Json | undefined, chars = 100): string {
  const text = value === undefined ? '' : typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value);
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}
