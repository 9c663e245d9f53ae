/**
 * The log of an experiment's own run: what was planned, and how far it came. Whoever holds it is alone at work on it.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import {
  canonicalJson,
  digestOf,
  isPoactError,
  type Json,
  LOG_VERSION,
  type RunEvent,
  systemClock,
} from '../record/index.ts';
import { openLog, type RunLog, type RunStore } from '../run/index.ts';
import { experimentRun, type Plan } from './plan.ts';

const PLAN_NOTE = 'experiment';

/** How an experiment stands. */
export interface Ending {
  /** Tasks that count, from the first on. */
  tasks: number;
  /** Why these are not all. */
  why?: string;
}

/**
 * Takes hold of the experiment and writes down what is planned, where it is another plan than before.
 *
 * @throws {RunError} `run-busy`: another process is at work on it.
 */
export async function openExperiment(store: RunStore, plan: Plan): Promise<RunLog> {
  const run = experimentRun(plan.name);
  const past = await readIfThere(store, run);
  const holder = `eval-${process.pid}-${randomUUID().slice(0, 8)}`;
  const log = await openLog({ store, run, holder, clock: systemClock }, past === undefined);
  if (past === undefined) appendStart(log, plan);
  else log.append<'resume'>({ kind: 'resume', by: 'eval' });
  if (canonicalJson(planIn(log.view.events())) !== canonicalJson(plan)) {
    log.append<'note'>({ kind: 'note', by: 'eval', name: PLAN_NOTE, value: plan as unknown as Json });
  }
  await log.commit();
  return log;
}

function appendStart(log: RunLog, { name, tasks, arms, seeds }: Plan): void {
  const policy = 'experiment';
  log.append<'run-start'>({
    kind: 'run-start',
    by: 'eval',
    version: LOG_VERSION,
    agent: digestOf(policy),
    model: 'none',
    policy,
    tools: {},
    seed: seeds[0] ?? 1,
  });
  const text = `Experiment ${name}: ${tasks.length} tasks, ${arms.length} arms, ${seeds.length} seeds.`;
  log.append<'task'>({ kind: 'task', by: 'eval', parts: [{ text }] });
}

/** Says that it is over, for now. */
export function appendEnd(log: RunLog, { tasks, why }: Ending): void {
  log.append<'run-end'>({
    kind: 'run-end',
    by: 'eval',
    status: 'answered',
    why: why ?? 'All attempts are made.',
    answer: { tasks, ...(why !== undefined && { why }) },
  });
}

/** The last plan in an experiment's log. */
export function planIn(events: readonly RunEvent[]): Plan | undefined {
  const note = events.findLast((event) => event.kind === 'note' && event.name === PLAN_NOTE);
  return note?.kind === 'note' ? (note.value as unknown as Plan) : undefined;
}

/** How the experiment ended; nothing while it is under way, or where it was broken off. */
export function endingIn(events: readonly RunEvent[]): Ending | undefined {
  const last = events.findLast((event) => event.kind === 'run-end' || event.kind === 'resume' || event.kind === 'note');
  return last?.kind === 'run-end' ? (last.answer as unknown as Ending) : undefined;
}

/** A run's events; nothing where there is no such run. */
export async function readIfThere(store: RunStore, run: string): Promise<RunEvent[] | undefined> {
  try {
    return await store.read(run);
  } catch (error) {
    if (isPoactError(error) && error.code === 'run-unknown') return undefined;
    throw error;
  }
}
