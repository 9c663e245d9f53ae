/**
 * What the host's side of an interpreter calls in the guest's.
 *
 * @module
 */

/** What the host calls. Texts are JSON. */
export interface GuestBridge {
  /** Once per session, before any guest code. */
  setup(settings: string): void;
  /** A variable from outside. */
  define(name: string, json: string): void;
  /** A tool's name was declared by a program: it is the tool again. */
  reinstall(name: string): void;
  /** The promise of a program that was started; `isValued` says whether what it gives is its value. */
  begin(main: unknown, isValued: boolean): void;
  resolve(id: number, json: string): void;
  reject(id: number, name: string, message: string): void;
  /** Nothing of the program's runs any more: forgets what waits. */
  abandon(): void;
  /** First letter `d`one, `f`ailed, `w`aiting, `i`dle (waits for nothing that can come), `o`ver a limit; then JSON. */
  report(): string;
  /** What was logged and not reported yet, as JSON. */
  logs(): string;
  /** The error of a failed program, as JSON. */
  failure(): string;
  describe(error: unknown): string;
  /** All pending calls, as JSON. */
  pending(): string;
  /** Whether the session began with a global of that name. */
  isBuiltin(name: string): boolean;
  /** Whether a session variable holds anything. */
  holds(name: string): boolean;
}

export interface GuestSettings {
  tools: readonly string[];
  seed: number;
  outputChars: number;
  valueChars: number;
  pendingCalls: number;
}
