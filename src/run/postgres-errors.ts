/**
 * What Postgres's failures mean, and what to do. A message names host and database, never user or password.
 *
 * @module
 */
import { isPoactError, StoreError } from '../record/index.ts';

/** By SQLSTATE, or its first two characters, or the system's own code. */
const PROBLEMS: { readonly [code: string]: readonly [problem: string, remedy: string] } = {
  ECONNREFUSED: ['unreachable', 'cannot be reached. Check that the server runs, and host and port.'],
  ENOTFOUND: ['unreachable', 'cannot be reached: the host is not known.'],
  '28': ['unauthorised', 'refused the user or the password.'],
  '3D000': ['unopenable', 'is not there. Create it with: createdb <name>'],
  '42501': ['read-only', 'may not be written by this user. Grant it the schema, or the right to create one.'],
  '25006': ['read-only', 'cannot be written: the database is read-only, or a replica.'],
  '53100': ['full', 'could not grow: the disk is full. Free some space, then resume the run.'],
  '53300': ['busy', 'has no connection left. Use fewer `connections`, or raise max_connections.'],
  '53': ['busy', 'lacks resources. Try again when it has less to do.'],
  '55P03': ['locked', 'is locked by another transaction. Try again, or end that transaction.'],
  '57014': ['locked', 'took longer than its statement_timeout allows.'],
  XX001: ['corrupt', 'is damaged. Restore a copy.'],
  XX002: ['corrupt', 'has a damaged index. Rebuild it with: REINDEX DATABASE'],
  '42P01': ['foreign', 'lacks tables of this store. Give another `schema`.'],
  '42883': ['foreign', 'lacks functions of this store. Give another `schema`.'],
};

const LOST = ['unreachable', 'was lost, and could not be reached again. What is durable can be resumed.'] as const;

/** The connection broke, or the server went away; what was under way may or may not have happened. */
export function isLost(error: unknown): boolean {
  if (isPoactError(error)) return false;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (/^(08|57P0)/.test(code)) return true;
  if (/^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNABORTED)$/.test(code)) return true;
  return code === '' && /^(Connection terminated|Client has encountered|timeout|Query read timeout)/i.test(message);
}

/**
 * Not done, and to be done again: rolled back because of another transaction; not begun because the server starts up; or
 * what was asked for before the connection broke was still under way, and came first.
 */
export const isUndone = (error: unknown): boolean =>
  ['40001', '40P01', '57P03', '23505'].includes((error as { code?: string }).code ?? '');

/** In words. */
export function postgresError(error: unknown, store: string): Error {
  if (isPoactError(error)) return error;
  const { code = '', message } = error as { code?: string; message: string };
  const [problem, remedy] =
    PROBLEMS[code] ?? PROBLEMS[code.slice(0, 2)] ?? (isLost(error) ? LOST : [code || 'unknown', `failed: ${message}`]);
  return new StoreError(`The run store ${store} ${remedy}`, { store, problem }, error);
}
