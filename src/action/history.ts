/**
 * The run so far, as the action controller needs it: one projection that selection, reviews and executions share.
 *
 * Everything a session is made of can be read off it: data, programs that ran, and the results of their calls in the
 * order in which they were recorded.
 *
 * @module
 */
import {
  canonicalJson,
  type DataVariable,
  type DecisionData,
  type Json,
  type JsonSchema,
  type Projection,
  type RunEvent,
} from '../record/index.ts';

/** A program of the log: what was decided, what ran of it, and what came of it. */
export interface PastProgram {
  /** `seq` of the decision. */
  of: number;
  /** The program that runs: the review's amendment, the chosen candidate, or what was decided. */
  code: string;
  /** When it was decided: what `Date` tells in it. */
  at: string;
  /** What its calls' ids begin with. */
  prefix: string;
  /** Set when its calls were made in a fork. */
  scope?: string;
  /** False for candidates of which none was chosen: the session is as it was. */
  inSession: boolean;
  /** Why the review did not let it run. */
  blocked?: string;
  observation?: RunEvent<'observation'>;
}

/** A result in the order of the log. */
export interface Settlement {
  id: string;
  at: string;
  seq: number;
}

/** What came of a call that the log holds no `call-result` for: a timer, a refused call. */
export type NotedOutcome = { value: Json } | { error: { name: string; message: string } };

export interface History {
  tasks: RunEvent<'task'>[];
  /** Data variables by name; a later one replaces an earlier one. Another map when anything changed. */
  data: Map<string, DataVariable>;
  /** Programs by the `seq` of their decision, in order. */
  programs: Map<number, PastProgram>;
  /** All decisions since the last task, in order. */
  decisions: RunEvent<'decision'>[];
  /** Observations since the last task, in order. */
  observations: RunEvent<'observation'>[];
  /** The last selection of each purpose since the last task. */
  selections: Map<string, RunEvent<'selection'>>;
  /** Calls of the last decision that acts. */
  lastCalls: RunEvent<'call'>[];
  /** Ids of programs' calls that the log holds. */
  calls: Set<string>;
  /** Ids of programs' calls that the log holds a result of. */
  results: Set<string>;
  /** Outcomes that were noted, by the call's id. */
  noted: Map<string, NotedOutcome>;
  /** Settlements by the prefix of their call's id, in order. */
  settled: Map<string, Settlement[]>;
  /** Answers to this task that a review refused, as canonical JSON. */
  refused: Set<string>;
  choices: Map<number, RunEvent<'choice'>>;
  /** Snapshots, oldest first. */
  snapshots: RunEvent<'snapshot'>[];
  /** Where the logs of a suspended program are kept, by its decision. */
  partial: Map<number, string>;
  /** What was asked for and lacking since the last task. */
  needs: string[];
  /** Names of tools that were called. */
  used: Set<string>;
  plan?: { text: string; seq: number };
  thought?: string;
  /** `seq` of the last undo or pruning that programs left the session by, 0 before the first: a session opened before is stale. */
  undone: number;
}

/** Names of the notes this room appends. */
export const SETTLED_NOTE = 'settled';
export const PARTIAL_NOTE = 'execution';
export const REFUSED_NOTE = 'snapshot-refused';

/** See {@link History}. */
export const history: Projection<History> = {
  rewinds: true,
  start: () => ({
    tasks: [],
    data: new Map(),
    programs: new Map(),
    decisions: [],
    observations: [],
    selections: new Map(),
    lastCalls: [],
    calls: new Set(),
    results: new Set(),
    noted: new Map(),
    settled: new Map(),
    refused: new Set(),
    choices: new Map(),
    snapshots: [],
    partial: new Map(),
    needs: [],
    used: new Set(),
    undone: 0,
  }),
  next(state, event) {
    readers[event.kind]?.(state, event as never);
    return state;
  },
};

type Readers = { [Kind in RunEvent['kind']]?: (state: History, event: RunEvent<Kind>) => void };

const readers: Readers = {
  task(state, event) {
    state.tasks.push(event);
    if (event.data !== undefined)
      state.data = new Map([...state.data, ...event.data.map((variable) => [variable.name, variable] as const)]);
    state.decisions = [];
    state.observations = [];
    state.selections = new Map();
    state.needs = [];
    state.refused = new Set();
    delete state.plan;
    delete state.thought;
  },
  selection(state, event) {
    state.selections.set(event.purpose, event);
  },
  decision(state, event) {
    state.decisions.push(event);
    const { decision } = event;
    const code = codeOf(decision);
    if (code !== undefined || decision.kind === 'call') state.lastCalls = [];
    if (code !== undefined) {
      state.programs.set(event.seq, { of: event.seq, code, at: event.at, prefix: String(event.seq), inSession: true });
    }
    if (decision.kind === 'widen') state.needs.push(decision.need);
    if (decision.kind === 'think' && decision.form === 'plan') state.plan = { text: decision.text, seq: event.seq };
    if (decision.kind === 'think') state.thought = decision.text;
  },
  review(state, event) {
    if (event.what === 'path' && event.verdict === 'widen') state.needs.push(event.reason ?? event.rule);
    if (event.what === 'path') for (const of of event.prune ?? []) leaveOut(state, of, event.seq);
    const refused = refusedBy(state, event);
    if (refused !== undefined) state.refused.add(canonicalJson(refused));
    const program = state.programs.get(event.of);
    if (program === undefined || event.what !== 'decision') return;
    if (event.amended !== undefined) program.code = event.amended;
    if (event.verdict === 'block') program.blocked = event.reason ?? event.rule;
  },
  choice(state, event) {
    state.choices.set(event.of, event);
    const program = state.programs.get(event.of);
    const winner = event.candidates.find(({ id }) => id === event.winner);
    if (program !== undefined) program.inSession = winner !== undefined;
    if (program === undefined || winner?.code === undefined) return;
    program.code = winner.code;
    program.prefix = `${event.of}.${winner.id}`;
    if (winner.state !== 'effect') program.scope = winner.id;
  },
  observation(state, event) {
    state.observations.push(event);
    const program = state.programs.get(event.of);
    if (program !== undefined) program.observation = event;
    state.partial.delete(event.of);
  },
  call(state, event) {
    if (event.undoes !== undefined) return;
    state.used.add(event.tool);
    state.lastCalls.push(event);
    if (isProgram(state, event.id)) state.calls.add(event.id);
  },
  'call-result'(state, { id, at, seq }) {
    if (!isProgram(state, id)) return;
    state.results.add(id);
    settle(state, { id, at, seq });
  },
  note(state, event) {
    const { name, value } = event;
    if (name === SETTLED_NOTE) {
      const { id, outcome } = value as { id: string; outcome: NotedOutcome };
      state.noted.set(id, outcome);
      settle(state, { id, at: event.at, seq: event.seq });
    }
    if (name === PARTIAL_NOTE) {
      const { of, blob } = value as { of: number; blob: string };
      state.partial.set(of, blob);
    }
  },
  snapshot(state, event) {
    state.snapshots.push(event);
  },
  undo(state, event) {
    state.undone = event.seq;
  },
};

/**
 * A pruned program that only read leaves the session as it leaves the prompt: the next one would meet variables that
 * nobody told it of. One that changed something stays.
 */
function leaveOut(state: History, of: number, at: number): void {
  const program = state.programs.get(of);
  if (program === undefined || !program.inSession || program.observation === undefined) return;
  const ids = state.lastCalls.filter(({ id }) => Number.parseInt(id, 10) === of);
  const others = [...state.calls].filter((id) => Number.parseInt(id, 10) === of).length > ids.length;
  if (others || ids.some(({ effect }) => effect !== 'read')) return;
  program.inSession = false;
  state.snapshots = state.snapshots.filter(({ after }) => after < of);
  state.undone = at;
}

/** The answer that a review refused: a decision, or what the last observation proposed. */
function refusedBy({ decisions, observations }: History, { of, what, verdict }: RunEvent<'review'>): Json | undefined {
  if (what === 'answer' && verdict === 'block') {
    const answer = decisions.findLast(({ seq }) => seq === of)?.decision;
    return answer?.kind === 'answer' ? answer.value : undefined;
  }
  const last = observations.at(-1);
  return what === 'path' && verdict === 'retry' && last?.seq === of ? last.proposed?.value : undefined;
}

/** The program a decision holds, if it holds one. */
export function codeOf(decision: DecisionData): string | undefined {
  if (decision.kind === 'act') return decision.code;
  if (decision.kind === 'candidates') return decision.first;
  return undefined;
}

/** A call of a program; those that were decided as data need no order. */
const isProgram = ({ programs }: History, id: string) => programs.has(Number.parseInt(id, 10));

/** Everything before the last dot of a call's id: the execution it belongs to. */
export const prefixOf = (id: string) => id.slice(0, id.lastIndexOf('.'));

function settle(state: History, settlement: Settlement): void {
  const prefix = prefixOf(settlement.id);
  const list = state.settled.get(prefix);
  if (list === undefined) state.settled.set(prefix, [settlement]);
  else list.push(settlement);
}

/** The schema of the answer that the newest task asks for. */
export const askedSchema = ({ tasks }: History): JsonSchema | undefined =>
  tasks.at(-1)?.answer as JsonSchema | undefined;

/** The task's text and those that followed it up, newest last. */
export function taskText({ tasks }: History): string {
  return tasks
    .flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : '')))
    .filter((text) => text !== '')
    .join('\n');
}

/** What the last task says, without those before it. */
export const currentTask = (past: History) => taskText({ ...past, tasks: past.tasks.slice(-1) });
