/**
 * Drives one program to its end, or to where it can only wait.
 *
 * Results are given to the guest in the order in which the log holds them, each at the log's own time. So the log alone
 * says how the program ran, and driving it again from the log gives the same calls, values and failures.
 *
 * @module
 */
import { canonicalJson, cutMiddle, isPoactError, type Json, RunError } from '../record/index.ts';
import type { PendingCall, SettledCall, Turn } from '../sandbox/index.ts';
import type { CallOutcome, RunContext } from './action.ts';
import { history, SETTLED_NOTE, type Settlement } from './history.ts';
import { type Facts, type LiveSession, noFacts, type Standing } from './session-state.ts';
import { queryData, SQL_WORD } from './sql-data.ts';

/** What to drive. */
export interface Drive {
  of: number;
  code: string;
  /** When it was decided: what `Date` tells. */
  at: string;
  /** What the ids of its calls begin with. */
  prefix: string;
  /** The fork it runs in. */
  scope?: string;
  /** The log holds all of its results: a call that it does not hold is a divergence, and nothing is called. */
  recorded?: boolean;
  /** Says whether a tool may be called here; one that may not ends the drive. */
  admits?: (tool: string) => boolean;
}

export type Waiting = Extract<CallOutcome, { state: 'waiting' }>;

/** How a drive ended. `refused`: it would call a tool that {@link Drive.admits} refuses; the session is spent. */
export type Driven =
  | { state: 'ended'; facts: Facts }
  | { state: 'suspended'; facts: Facts; waiting: Waiting[] }
  | { state: 'refused'; facts: Facts; tool: string };

const TIMER = 'setTimeout';
/** Characters of arguments that an error quotes. */
const SHOWN = 200;

/** @throws {RunError} `run-diverged`: the program made a call that differs from the record. */
export async function drive(live: LiveSession, program: Drive, run: RunContext): Promise<Driven> {
  const standing = await stand(live, program);
  const flight = newFlight(program, run, live.asks);
  try {
    while (standing.turn.state === 'waiting') {
      const { facts, turn } = standing;
      const fresh = flight.keepUp(turn.calls);
      const refused = fresh.find(({ tool }) => tool !== TIMER && program.admits?.(tool) === false);
      if (refused !== undefined) return { state: 'refused', facts, tool: refused.tool };
      for (const call of fresh) flight.begin(call);
      const settlement = run.view.project(history).settled.get(program.prefix)?.[standing.given];
      if (settlement !== undefined) {
        standing.given += 1;
        const result = await flight.resultOf(settlement);
        if (result !== undefined) take(standing, await live.session.settle([result], Date.parse(settlement.at)), live);
      } else if (flight.inAir() > 0) {
        await flight.news();
      } else {
        const waiting = await flight.waiting();
        live.standing = standing;
        return { state: 'suspended', facts, waiting };
      }
    }
    return { state: 'ended', facts: standing.facts };
  } finally {
    // What is in flight ends before the caller goes on, so that nothing is appended behind its back.
    await flight.land();
  }
}

/** The calls of one drive. */
function newFlight(program: Drive, run: RunContext, asks: boolean) {
  const begun = new Map<number, Promise<CallOutcome>>();
  const timers = new Map<number, AbortController>();
  const bell = newBell();
  /** Ids of calls that wait in the guest. */
  const pending = new Set<number>();
  let highest = 0;
  let inAir = 0;
  const landed = () => {
    inAir -= 1;
    bell.ring();
  };
  const timerSignal = (id: number) => {
    const timer = new AbortController();
    timers.set(id, timer);
    return AbortSignal.any([run.signal, timer.signal]);
  };
  return {
    /** The calls that are new: ids count up, so they stand at the end. A timer that the guest cleared is dropped. */
    keepUp(calls: readonly PendingCall[]): PendingCall[] {
      let at = calls.length;
      while (at > 0 && (calls[at - 1] as PendingCall).id > highest) at -= 1;
      highest = Math.max(highest, calls.at(-1)?.id ?? 0);
      if (timers.size > 0) {
        const waiting = new Set(calls.map(({ id }) => id));
        for (const [id, timer] of timers) {
          if (waiting.has(id)) continue;
          pending.delete(id);
          timer.abort();
        }
      }
      return calls.slice(at);
    },
    begin(call: PendingCall) {
      inAir += 1;
      pending.add(call.id);
      const signal = call.tool === TIMER ? timerSignal(call.id) : run.signal;
      const outcome = makeCall(call, program, run, { signal, asks });
      begun.set(call.id, outcome);
      outcome.then(landed, landed);
    },
    /** What the guest is given for a settlement of the log; nothing for a timer that it cleared. */
    async resultOf({ id }: Settlement): Promise<SettledCall | undefined> {
      const guestId = Number(id.slice(program.prefix.length + 1));
      if (!pending.has(guestId)) {
        if (timers.has(guestId)) return undefined;
        throw diverged(program, id, { recorded: 'a result', came: 'the program has not made this call' });
      }
      const outcome = await begun.get(guestId);
      if (outcome === undefined || outcome.state === 'waiting')
        throw diverged(program, id, { recorded: 'a result', came: 'the call waits' });
      pending.delete(guestId);
      begun.delete(guestId);
      timers.delete(guestId);
      return outcome.state === 'ok' ? { id: guestId, value: outcome.value } : { id: guestId, error: outcome.error };
    },
    inAir: () => inAir,
    news: () => bell.wait(),
    /** The outcomes that wait, when all else is settled. Throws what a call threw: a divergence, a store that cannot write. */
    async waiting(): Promise<Waiting[]> {
      const outcomes = await Promise.all([...pending].map((id) => begun.get(id)));
      return outcomes.filter((outcome): outcome is Waiting => outcome?.state === 'waiting');
    },
    async land() {
      for (const timer of timers.values()) timer.abort();
      await Promise.allSettled(begun.values());
    },
  };
}

/** Starts the program, or goes on where it stands. */
async function stand(live: LiveSession, program: Drive): Promise<Standing> {
  const { standing } = live;
  delete live.standing;
  if (standing?.prefix === program.prefix) return standing;
  const turn = await live.session.start({ source: program.code, now: Date.parse(program.at) });
  const fresh: Standing = { prefix: program.prefix, facts: noFacts(), turn, given: 0, seenId: 0 };
  take(fresh, turn, live);
  return fresh;
}

/** Adds a turn to the facts. */
function take(standing: Standing, turn: Turn, live: LiveSession): void {
  const { facts } = standing;
  standing.turn = turn;
  facts.logs.push(...turn.logs);
  facts.ms += turn.ms;
  live.msSinceSnapshot += turn.ms;
  if (turn.answer !== undefined) facts.answer = turn.answer;
  if (turn.value !== undefined) facts.value = turn.value;
  for (const name of turn.redeclared ?? []) if (!facts.redeclared.includes(name)) facts.redeclared.push(name);
  if (turn.state === 'failed') facts.error = turn.error;
  if (turn.state === 'waiting') {
    for (let at = turn.calls.length - 1; at >= 0; at--) {
      const { id, tool } = turn.calls[at] as PendingCall;
      if (id <= standing.seenId) break;
      if (tool !== TIMER) facts.calls += 1;
    }
    standing.seenId = Math.max(standing.seenId, highestId(turn));
  }
}

/** The highest id among the calls that wait; ids count up. */
export function highestId(turn: Turn): number {
  return turn.state === 'waiting' ? (turn.calls.at(-1)?.id ?? 0) : 0;
}

/** Makes a call, or finds that it was made. An outcome the log has no result for is noted, so that its order is recorded. */
async function makeCall(
  { id: guestId, tool, args }: PendingCall,
  program: Drive,
  run: RunContext,
  { signal, asks }: { signal: AbortSignal; asks: boolean },
): Promise<CallOutcome> {
  const id = `${program.prefix}.${guestId}`;
  const { calls, results, noted: allNoted } = run.view.project(history);
  const noted = allNoted.get(id);
  if (noted !== undefined) return 'value' in noted ? { state: 'ok', ...noted } : { state: 'error', ...noted };
  if (program.recorded && !calls.has(id) && !results.has(id)) {
    throw diverged(program, id, {
      recorded: 'no such call',
      came: `${tool}(${cutMiddle(canonicalJson(args), SHOWN)})`,
    });
  }
  if (tool === TIMER) {
    await run.clock.sleep((args as { ms: number }).ms, signal);
    run.note(SETTLED_NOTE, { id, outcome: { value: null } });
    return { state: 'ok', value: null };
  }
  if (asks && tool === SQL_WORD) return ask(id, args, run);
  const outcome = await run.call({ id, tool, args }, program.scope === undefined ? {} : { scope: program.scope });
  if (outcome.state !== 'waiting' && !run.view.project(history).results.has(id)) {
    run.note(SETTLED_NOTE, {
      id,
      outcome: outcome.state === 'ok' ? { value: outcome.value } : { error: outcome.error },
    });
  }
  return outcome;
}

/** Asks the run's rows: no tool is called, and the reply is noted. */
async function ask(id: string, query: Json, run: RunContext): Promise<CallOutcome> {
  const outcome = await queryData(query, run).then(
    (value) => ({ value }),
    (problem: unknown) => {
      if (!isPoactError(problem) || problem.code !== 'data-invalid') throw problem;
      return { error: { name: 'DataError', message: problem.message } };
    },
  );
  run.note(SETTLED_NOTE, { id, outcome });
  return 'value' in outcome ? { state: 'ok', ...outcome } : { state: 'error', ...outcome };
}

function diverged({ of }: Drive, call: string, { recorded, came }: { recorded: string; came: string }): RunError {
  const message = `Driving program ${of} again, call ${call} differs from the record. Recorded: ${recorded}. Now: ${came}.`;
  return new RunError('run-diverged', message, { program: of, call, recorded, came });
}

/** Wakes one waiter; a ring that nobody waits for is kept. */
function newBell() {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait() {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      rung = false;
      wake = undefined;
    },
  };
}
