/**
 * The one dialogue that all step policies share: task, plans, thoughts, programs and observations, in the order of the log.
 *
 * Turns that a review pruned leave it (they stay in the log); a correction leaves no trace. What is kept only grows, so
 * the prompt up to the step's instruction is the beginning of the next step's.
 *
 * @module
 */
import { cutMiddle, type Finding, type Message, type Projection, type RunEvent, textOf } from '../record/index.ts';
import { fence } from './code-blocks.ts';

/** What the step policies know of a run. */
export interface Dialogue {
  /** The entries as messages. */
  messages: Message[];
  /** The last entry's kind; `none` before the task. */
  last: 'none' | 'task' | 'plan' | 'thought' | 'code' | 'observation' | 'reply';
  /** Programs that were blocked, pruned or went astray since the last observation that was kept. The next is sampled afresh. */
  tries: number;
  /** What the last blocked decision was blocked for, until something ran. */
  findings: Finding[];
  /** Verdict of the last path review, until the next decision that was not blocked. */
  path: { verdict: string; reason: string } | undefined;
  /** Data stand in the session. */
  hasData: boolean;
  /** A plan was made for the current task. */
  planned: boolean;
  /** Observations of the current task. */
  observations: number;
  /** What the tools lack, as a `widen` said. */
  need: string | undefined;
}

/** The name under which looking around is logged. Its programs are not shown, what they showed is. */
export const EXPLORE = 'explore';
/** The rule by which it looks for what the task names. */
export const LOOK_FOR = 'look-for';

interface State extends Dialogue {
  /** For each message: the event whose pruning takes it away, and its kind. */
  entries: { owner: number; kind: Dialogue['last'] }[];
  /** The policy that takes the next decision, where a controller said so. */
  policy: string;
}

/** Longest observation shown, in characters. The action controller has cut it before; this is the prompt's own bound. */
const OBSERVATION_CHARS = 4_000;

/** The projection that keeps the dialogue. */
export const dialogue: Projection<Dialogue> = {
  rewinds: true,
  start: (): State => ({
    messages: [],
    entries: [],
    policy: '',
    last: 'none',
    tries: 0,
    findings: [],
    path: undefined,
    hasData: false,
    planned: false,
    observations: 0,
    need: undefined,
  }),
  next(given, event) {
    const state = given as State;
    if (event.kind === 'task') {
      Object.assign(state, {
        tries: 0,
        findings: [],
        path: undefined,
        planned: false,
        observations: 0,
        need: undefined,
      });
      if ((event.data ?? []).length > 0) state.hasData = true;
      add(state, event.seq, 'user', `Task: ${textOf(event.parts)}${inputOf(event)}`, 'task');
    } else if (event.kind === 'policy') state.policy = event.policy;
    else if (event.kind === 'decision') {
      decided(state, event);
      // It was said of this decision alone: a policy within may choose no other by name.
      state.policy = '';
    } else if (event.kind === 'observation') {
      const said = textOf(event.parts);
      add(state, event.of, 'user', `Observation: ${cutMiddle(said, OBSERVATION_CHARS)}`, 'observation');
      state.observations += 1;
      state.tries = 0;
      state.findings = [];
    } else if (event.kind === 'reply') add(state, event.seq, 'user', `Reply: ${textOf(event.parts)}`, 'reply');
    else if (event.kind === 'message' && event.from === 'user')
      add(state, event.seq, 'user', textOf(event.parts), 'reply');
    else if (event.kind === 'review') reviewed(state, event);
    else if (event.kind === 'choice') {
      const won = event.candidates.find(({ id }) => id === event.winner);
      if (won?.code !== undefined) rewrite(state, event.of, won.code);
    }
    return state;
  },
};

function inputOf(event: RunEvent<'task'>): string {
  return event.input === undefined ? '' : `\nInput: ${JSON.stringify(event.input)}`;
}

function add(state: State, owner: number, role: Message['role'], text: string, kind: Dialogue['last']): void {
  state.messages.push({ role, parts: [{ text }] });
  state.entries.push({ owner, kind });
  state.last = kind;
}

function decided(state: State, event: RunEvent<'decision'>): void {
  const { decision } = event;
  state.path = undefined;
  if (decision.kind === 'think') {
    const label = decision.form === 'plan' ? 'Plan' : 'Thought';
    add(state, event.seq, 'assistant', `${label}: ${decision.text}`, decision.form);
    if (decision.form === 'plan') state.planned = true;
  } else if (decision.kind === 'act' && state.policy === EXPLORE) {
    // No model wrote this program: shown, it is taken for an example of what to write.
  } else if (decision.kind === 'act' || decision.kind === 'candidates') {
    add(state, event.seq, 'assistant', fence(decision.kind === 'act' ? decision.code : decision.first), 'code');
  } else if (decision.kind === 'ask') add(state, event.seq, 'assistant', `Question: ${decision.question}`, 'thought');
  else if (decision.kind === 'answer')
    add(state, event.seq, 'assistant', `Answer: ${JSON.stringify(decision.value)}`, state.last);
  else if (decision.kind === 'correct') state.tries += 1;
  else if (decision.kind === 'widen') state.need = decision.need;
}

function reviewed(state: State, event: RunEvent<'review'>): void {
  if (event.what === 'path') {
    if (event.verdict === 'go-on') return;
    state.path = { verdict: event.verdict, reason: event.reason ?? '' };
    for (const seq of event.prune ?? []) prune(state, seq);
    if (event.verdict === 'replan') state.planned = false;
    if (event.verdict === 'retry') state.tries += 1;
    return;
  }
  if (event.amended !== undefined) rewrite(state, event.of, event.amended);
  if (event.verdict !== 'block') return;
  state.findings = event.findings ?? [];
  state.tries += 1;
  prune(state, event.of);
}

/** The dialogue has the program that ran: as the review mended it, or the candidate that won. */
function rewrite(state: State, owner: number, code: string): void {
  const at = state.entries.findIndex((entry) => entry.owner === owner);
  if (at >= 0) state.messages[at] = { role: 'assistant', parts: [{ text: fence(code) }] };
}

function prune(state: State, owner: number): void {
  const { entries } = state;
  state.messages = state.messages.filter((_message, at) => entries[at]?.owner !== owner);
  state.entries = entries.filter((entry) => entry.owner !== owner);
  state.last = state.entries.at(-1)?.kind ?? 'none';
}
