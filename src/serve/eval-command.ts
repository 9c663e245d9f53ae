/**
 * What `eval` does.
 *
 * @module
 */
import { appendFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Arm, Cell, ExperimentResult, Fold, ReportFormat, ResultTable, TaskSet } from '../eval/index.ts';
import type { Model } from '../model/index.ts';
import type { PoactPart, RunStore } from '../run/index.ts';
import { modelOf } from './agent.ts';
import { terminalAsker } from './ask.ts';
import { type Condition, conditionsIn, failuresOf } from './eval-gate.ts';
import { type ExitCode, UsageError } from './exit-codes.ts';
import { fetchModel } from './fetch-model.ts';
import type { Io } from './io.ts';
import { openExisting, openStore } from './open-store.ts';
import { paintFor, printable } from './paint.ts';
import { isPostgres, POLICIES } from './settings.ts';
import { statusLine } from './status-line.ts';

/** Options of `eval`. */
export interface EvalFlags {
  data?: string;
  policy?: string;
  without?: string;
  model?: string;
  fold?: Fold;
  tasks?: number;
  kind?: string;
  ids?: string;
  seeds?: string;
  sentTokens?: number;
  steps?: number;
  parallel?: number;
  name?: string;
  show?: string;
  against?: string;
  failIf?: string;
  format?: ReportFormat;
  html?: string;
  store?: string;
  yes?: boolean;
}

const STORE = '.poact/eval.db';
const TASKS = 20;

/** Runs an experiment, or shows one, and says whether its gates held. */
export async function evalCommand(sets: readonly string[], flags: EvalFlags, io: Io): Promise<ExitCode> {
  const conditions = flags.failIf === undefined ? [] : conditionsIn(flags.failIf, flags.against !== undefined);
  const reported = (store: RunStore, name: string, made: () => Promise<void> = async () => {}) =>
    withStore(store, async () => {
      const earlier = await requireReport(store, name, flags, io);
      await made();
      return report(store, name, { flags, conditions, earlier, io });
    });
  if (flags.show !== undefined) return reported(await openExisting(pathOf(flags, io)), flags.show);
  if (sets.length === 0) {
    const asked = flags.failIf !== undefined ? '--fail-if' : flags.against !== undefined ? '--against' : undefined;
    if (asked === undefined) return listSets(io);
    throw new UsageError(`${asked}: of what? Name task sets to ask, or an experiment that was run with --show.`);
  }
  const { taskSet, selectTasks } = await import('../eval/index.ts');
  const data = flags.data ?? io.env.POACT_DATA;
  const loaded = await Promise.all(
    sets.map((set) => taskSet(set, data === undefined ? {} : { data: resolve(io.cwd, data) })),
  );
  const chosen = loaded.map((set) => ({ ...set, tasks: selectTasks(set, selectionOf(flags)) }));
  const name = flags.name ?? `${loaded.map((set) => set.name).join('-')}.${modelName(flags).replace(/[^\w.-]+/g, '-')}`;
  const store = await openStore(pathOf(flags, io));
  return reported(store, name, () => ask(name, chosen, store, flags, io));
}

const modelName = ({ model = 'local' }: EvalFlags) => model;

/**
 * What the report needs, before hours are spent on what it is about: a file that can be written, and the earlier experiment, which
 * it gives.
 *
 * @throws {UsageError} the page cannot be written there, or the experiment is compared with itself.
 * @throws {RunError} `run-unknown`: there is no such earlier experiment.
 */
async function requireReport(store: RunStore, name: string, { html, against }: EvalFlags, io: Io) {
  if (against === name)
    throw new UsageError(`--against: ${name} would be compared with itself. Give it another --name.`);
  const { readExperiment } = await import('../eval/index.ts');
  const earlier = against === undefined ? undefined : await readExperiment(store, against);
  if (html !== undefined) {
    await appendFile(resolve(io.cwd, html), '').catch((error: Error) => {
      throw new UsageError(`--html: the page cannot be written: ${error.message}.`);
    });
  }
  return earlier;
}

const pathOf = ({ store = STORE }: EvalFlags, io: Io) => (isPostgres(store) ? store : resolve(io.cwd, store));

async function withStore(store: RunStore, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } finally {
    await store.close();
  }
}

async function listSets(io: Io): Promise<ExitCode> {
  const { TASK_SETS } = await import('../eval/index.ts');
  io.stdout.write(`${TASK_SETS.join('\n')}\n`);
  io.stderr.write(
    'Ask one with: poact eval <set> --data <folder> --policy poact,react. docs/task-sets.md says what each asks.\n',
  );
  return 0;
}

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function selectionOf({ fold, tasks, kind, ids }: EvalFlags) {
  const named = listOf(ids);
  if (named !== undefined) return { ids: named };
  const kinds = listOf(kind);
  return { fold: fold ?? 'development', most: tasks ?? TASKS, ...(kinds !== undefined && { kinds }) } as const;
}

function seedsIn(text: string): number[] {
  return (listOf(text) ?? []).map((part) => {
    const seed = Number(part);
    if (Number.isInteger(seed) && seed >= 0) return seed;
    throw new UsageError(`--seeds: "${part}" is no whole number.`);
  });
}

/** Makes what is not made yet. */
async function ask(name: string, sets: readonly TaskSet[], store: RunStore, flags: EvalFlags, io: Io): Promise<void> {
  const { experiment } = await import('../eval/index.ts');
  const abort = new AbortController();
  const leave = io.onInterrupt(() => abort.abort());
  const paint = paintFor(io.stderr, io.env);
  const status = statusLine(io.stderr, paint);
  const asker = io.ask ?? terminalAsker(paint);
  const fetch = (model: string) =>
    fetchModel(model, { io, status, ask: asker, yes: flags.yes ?? false, signal: abort.signal });
  const arms = await armsOf(flags, () => modelOf(modelName(flags), io, fetch));
  const seeds = flags.seeds === undefined ? [1] : seedsIn(flags.seeds);
  const all = sets.reduce((sum, set) => sum + set.tasks.length, 0) * arms.list.length * seeds.length;
  let done = 0;
  try {
    await experiment({
      name,
      sets,
      arms: arms.list,
      seeds,
      store,
      signal: abort.signal,
      ...(flags.sentTokens !== undefined && { sentTokens: flags.sentTokens }),
      ...(flags.steps !== undefined && { limits: { steps: flags.steps } }),
      ...(flags.parallel !== undefined && { parallel: flags.parallel }),
      on: (cell) => {
        done += 1;
        status.write(`${done}/${all} ${printable(said(cell))}\n`);
      },
    });
  } finally {
    leave();
    await arms.close();
  }
}

function said({ set, task, arm, seed, success, unknown, status, seconds }: Cell): string {
  const came = success ? 'right' : unknown ? 'not judged' : status === 'answered' ? 'wrong' : `wrong (${status})`;
  return `${set} ${task} · ${arm}${seed === 1 ? '' : `, seed ${seed}`}: ${came}, ${seconds.toFixed(1)} s`;
}

/** The arms that were asked for; the model is made when the first of them needs it, once. */
async function armsOf({ policy = 'poact', without }: EvalFlags, load: () => Promise<Model>) {
  const [{ ablations, oracleArm, randomArm }, { POACT_PARTS, poact }] = await Promise.all([
    import('../eval/index.ts'),
    import('../run/index.ts'),
  ]);
  let loading: Promise<Model> | undefined;
  const model = () => {
    loading ??= load();
    return loading;
  };
  const list = (listOf(policy) ?? []).map((name): Arm => {
    if (name === 'oracle') return oracleArm();
    if (name === 'random') return randomArm();
    const policy = POLICIES.find((one) => one === name);
    if (policy === undefined) {
      throw new UsageError(`--policy: there is no "${name}". There are: ${POLICIES.join(', ')}, oracle, random.`);
    }
    return { name, agent: async () => ({ model: await model(), policy }) };
  });
  const parts = listOf(without) ?? [];
  const wrong = parts.find((part) => !(POACT_PARTS as readonly string[]).includes(part));
  if (wrong !== undefined) {
    throw new UsageError(`--without: poact has no part "${wrong}". There are: ${POACT_PARTS.join(', ')}.`);
  }
  if (parts.length > 0) {
    const [, ...lesser] = ablations(async (options) => ({ model: await model(), ...poact(options) }), {
      parts: parts as PoactPart[],
    });
    list.push(...lesser);
  }
  return { list, close: async () => (await loading?.catch(() => undefined))?.close?.() };
}

interface Reported {
  flags: EvalFlags;
  conditions: readonly Condition[];
  /** What it is compared with. */
  earlier: ExperimentResult | undefined;
  io: Io;
}

/** Prints the table, and says which gates were missed. */
async function report(store: RunStore, name: string, { flags, conditions, earlier, io }: Reported): Promise<ExitCode> {
  const { htmlReport, readExperiment, reportOf, tableOf } = await import('../eval/index.ts');
  const result = await readExperiment(store, name);
  const table = tableOf(result);
  const changes = earlier === undefined ? [] : await changesOf(earlier, result);
  for (const apart of earlier === undefined ? [] : versionsApart(earlier, result)) io.stderr.write(`${apart}\n`);
  const whole: ResultTable = { ...table, comparisons: [...table.comparisons, ...changes] };
  io.stdout.write(`${reportOf(whole, flags.format ?? 'text').trimEnd()}\n`);
  if (flags.html !== undefined) {
    const path = resolve(io.cwd, flags.html);
    await writeFile(path, await htmlReport(result, store, { table: whole }));
    io.stderr.write(`The page is ${path}\n`);
  }
  if (result.missing > 0) {
    io.stderr.write(`${result.missing} attempts are not made. The same command goes on with them.\n`);
  }
  const failures = failuresOf(conditions, { arms: result.plan.arms, rows: table.rows, comparisons: changes });
  for (const failure of failures) io.stderr.write(`Missed: ${printable(failure)}\n`);
  return failures.length > 0 ? 6 : result.missing > 0 ? 5 : 0;
}

/** Each arm of now against the same one of before. */
async function changesOf(earlier: ExperimentResult, now: ExperimentResult) {
  const { tableOf } = await import('../eval/index.ts');
  const before = (arm: string) => `${arm}, ${earlier.plan.name}`;
  return now.plan.arms
    .filter((arm) => earlier.plan.arms.includes(arm))
    .flatMap((arm) => {
      const old = earlier.cells.filter((cell) => cell.arm === arm).map((cell) => ({ ...cell, arm: before(arm) }));
      const cells = [...old, ...now.cells.filter((cell) => cell.arm === arm)];
      return tableOf({ ...now, cells, plan: { ...now.plan, arms: [before(arm), arm] } }).comparisons;
    });
}

/** Of each set whose version is another one now, a sentence: its tasks are not compared. */
function versionsApart(earlier: ExperimentResult, now: ExperimentResult): string[] {
  const before = versionsIn(earlier);
  return [...versionsIn(now)]
    .filter(([set, version]) => (before.get(set) ?? version) !== version)
    .map(
      ([set, version]) =>
        `${set} was version ${before.get(set)} in ${earlier.plan.name} and is ${version} now: its attempts are not compared. Make a new experiment to compare with.`,
    );
}

const versionsIn = ({ plan }: ExperimentResult) => new Map(plan.tasks.map(({ set, version }) => [set, version]));
