/**
 * What a policy's test needs: a view of loose events, and a context around a model.
 *
 * @module
 */
import type { Model } from '../model/index.ts';
import type { PolicyContext } from '../policy/index.ts';
import {
  type ActionSpace,
  type EventKind,
  type Json,
  type RunEvent,
  type RunView,
  viewOf as runView,
  seededRandom,
} from '../record/index.ts';
import { fakeClock } from './fake-clock.ts';

/** An event with only what the test is about; place, time and author are filled in. */
export interface LooseEvent {
  readonly kind: EventKind;
  readonly [field: string]: unknown;
}

/**
 * A view over some events. Each decision begins a step.
 *
 * @example
 * ```ts
 * const view = viewOf({ kind: 'task', parts: [{ text: 'How many files?' }] });
 * ```
 */
export function viewOf(...events: readonly LooseEvent[]): RunView {
  const view = runView('run-under-test');
  let step = 0;
  let decided = -1;
  for (const event of events) {
    if (event.kind === 'decision') {
      step += 1;
      decided = view.length;
    }
    const of = 'of' in event || decided < 0 ? {} : { of: decided };
    const filled = {
      seq: view.length,
      at: '2026-01-01T00:00:00.000Z',
      run: view.run,
      step,
      by: 'test',
      ...of,
      ...event,
    };
    view.push(filled as unknown as RunEvent);
  }
  return view;
}

/** A policy's context, and what the policy told it. */
export interface TestContext extends PolicyContext {
  /** What `switched` was told, in order. */
  readonly switches: { policy: string; rule: string; reason: string }[];
  /** What `remember` was told, by name. */
  readonly remembered: Map<string, Json>;
  /** What `select` was asked, in order. */
  readonly selected: { purpose: 'think' | 'act'; need?: string }[];
}

/**
 * A context around a model, with an empty action space and no limits. Anything in `instead` takes the place of its own.
 */
export function contextOf(
  model: Model,
  instead: Partial<PolicyContext> & { space?: Partial<ActionSpace> } = {},
): TestContext {
  const { space, ...overrides } = instead;
  const selected: TestContext['selected'] = [];
  const switches: TestContext['switches'] = [];
  const remembered: TestContext['remembered'] = new Map();
  let calls = 0;
  return {
    generate: async (request, other = model) => ({ ...(await other.generate(request)), seq: calls++ }),
    can: model.can,
    tools: [],
    async select(purpose, need) {
      selected.push({ purpose, ...(need === undefined ? {} : { need }) });
      return { seq: 0, purpose, format: 'code', tools: [], complete: true, text: '', schemas: [], ...space };
    },
    budget: {
      tokens: Number.POSITIVE_INFINITY,
      costUsd: Number.POSITIVE_INFINITY,
      steps: Number.POSITIVE_INFINITY,
      toolCalls: Number.POSITIVE_INFINITY,
      ms: Number.POSITIVE_INFINITY,
    },
    signal: new AbortController().signal,
    clock: fakeClock(),
    random: seededRandom(1),
    switched: (policy, rule, reason) => switches.push({ policy, rule, reason }),
    remember: (name, state) => remembered.set(name, state),
    switches,
    remembered,
    selected,
    ...overrides,
  };
}
