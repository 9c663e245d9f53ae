/**
 * The run's session as a value: the interpreter, how much of the log it reflects, and the program that waits in it.
 *
 * @module
 */
import type { GuestError, Json } from '../record/index.ts';
import type { GuestLog, Session, Turn } from '../sandbox/index.ts';

/** What a program did, all turns together. */
export interface Facts {
  logs: GuestLog[];
  value?: { text: string; json?: Json };
  answer?: { value: Json };
  redeclared: string[];
  error?: GuestError;
  /** Tool calls made. */
  calls: number;
  ms: number;
}

export const noFacts = (): Facts => ({ logs: [], redeclared: [], calls: 0, ms: 0 });

/** A program that waits: what it did so far, and where it stands. */
export interface Standing {
  prefix: string;
  facts: Facts;
  turn: Turn;
  /** How many of the log's settlements it has been given. */
  given: number;
  /** The highest id of a call that was counted. */
  seenId: number;
}

/** A session, and how much of the log it reflects. */
export interface LiveSession {
  session: Session;
  /** `seq` of the last event it reflects; -1 at the beginning. */
  reflects: number;
  /** Guest time since the last snapshot, in milliseconds: what building it again would take. */
  msSinceSnapshot: number;
  /** Its word `sql` asks the run's rows; it is not a tool of that name. */
  asks: boolean;
  /** The program that waits, if one does. */
  standing?: Standing;
  /** {@link History.undone} when it was opened. */
  undone: number;
}
