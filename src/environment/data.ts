/**
 * Data as typed variables: what reading files gives.
 *
 * @module
 */
import { DataError, type DataVariable, type Json } from '../record/index.ts';

/** A variable with its value at hand. */
export interface LoadedVariable extends DataVariable {
  /** The value. It is held in memory: calling this twice gives the same one. */
  json(): Json;
}

/** Tables too large to stand in a session: queried with SQL instead. */
export interface DataTables {
  /** Name, type of a row array, and doc of each table; `rows` is always there, `blob` never. */
  readonly list: readonly DataVariable[];
  /**
   * Runs one SELECT. It can neither write nor reach another database, and runs off the caller's thread.
   *
   * @throws {DataError} the query is wrong, takes too long, or gives more than fits a reply; the message says what to do.
   */
  query(sql: string, options?: { signal?: AbortSignal }): Promise<Json[]>;
  /** Ends the worker and removes the temporary database. Calling it twice is harmless. */
  close(): Promise<void>;
}

/** What became of the files that were given. */
export interface DataRead {
  variables: LoadedVariable[];
  /** There when a file was too large to stand in the session. Close it when the run is over. */
  tables?: DataTables;
  /** What could not be read, each with the reason in a sentence; `files` where it stands for several. */
  skipped: { file: string; why: string; files?: number }[];
  /** Files that are not data: programs, pictures … Left alone. */
  others: string[];
}

/** One table or value as a reader found it, before it is named. */
export interface Found {
  /** What the name is made from: the file's, a sheet's, a heading. */
  title: string;
  value: Json;
  /** What was changed while reading (a currency taken off), for the doc. */
  notes?: string[];
}

/** A table that could not be read, where others of its file could. */
export interface Lost {
  title: string;
  why: string;
}

/** What is said of a table when reading it failed. */
export function lostBy(problem: unknown, title: string): Lost {
  if (problem instanceof DataError) return { title, why: problem.message };
  return { title, why: `It could not be read: ${problem instanceof Error ? problem.message : String(problem)}.` };
}
