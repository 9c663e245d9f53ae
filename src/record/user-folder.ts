/**
 * Where this package keeps what it fetched for a user: `$XDG_CACHE_HOME/poact`, else `~/.cache/poact`
 * (`%LOCALAPPDATA%\poact` on Windows). `POACT_HOME` names another place.
 *
 * @module
 */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** EnvVars variables, as `process.env` has them. */
export type EnvVars = { readonly [name: string]: string | undefined };

/** The per-user folder. Nothing is created. */
export function userFolder(env: EnvVars = process.env): string {
  if (env.POACT_HOME) return env.POACT_HOME;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'poact');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'poact');
  return join(homedir(), '.cache', 'poact');
}
