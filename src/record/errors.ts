/**
 * Every error this package throws: one class a kind, a stable `code`, facts as fields, and what to do next in the message.
 *
 * `docs/errors.md` has a row for each code, and a test compares the two lists.
 *
 * @module
 */
import type { Json } from './json.ts';

/** The stable codes, each with what it means. */
export const ERROR_CODES = {
  'option-invalid': 'An option given to a function of this package cannot work.',
  'package-missing': 'An optional package is needed and is not installed.',
  'model-unknown': 'A model id names no model or provider that is known.',
  'model-file-missing': 'The file with a local model’s weights is not there.',
  'model-file-invalid': 'A local model’s file is not what it should be (wrong size or SHA-256, or no GGUF file).',
  'model-download-failed': 'The weights could be fetched from none of the places they are offered.',
  'model-unauthorised': 'The provider refused the key, or there is none.',
  'model-unreachable': 'The provider could not be reached, or broke off.',
  'model-rate-limited': 'The provider asks to wait.',
  'model-context-exceeded': 'The prompt is longer than the model’s window.',
  'model-failed': 'The model’s call failed in another way.',
  'model-not-recorded': 'A replayed model was asked something that its recording does not hold.',
  'program-invalid': 'A program cannot be prepared to run: its syntax is wrong.',
  'sandbox-failed': 'The sandbox itself broke, not the program in it.',
  'snapshot-refused': 'A snapshot is of another engine or tool set, or is damaged.',
  'tool-input-invalid': 'A tool was called with arguments that its schema refuses.',
  'tool-output-invalid': 'A tool returned what its schema refuses.',
  'tool-failed': 'A tool threw.',
  'tool-timeout': 'A tool took longer than it may.',
  'tool-refused': 'A tool said that it cannot, and changed nothing.',
  'tool-conflict': 'An undo found that the world was changed since, and left it as it is.',
  'tool-denied': 'The guard, or a person, denied a tool call.',
  'tool-unknown': 'A call names a tool that this step may not use.',
  'secret-missing': 'A secret that a tool or a model refers to has no value.',
  'secret-short': 'A secret is too short to be kept out of logs.',
  'budget-exceeded': 'A limit of the run would be exceeded.',
  'run-unknown': 'The store holds no run of that id.',
  'run-busy': 'Another process holds the run.',
  'run-diverged': 'Driving a program again gave a call that differs from the record.',
  'run-changed': 'The agent’s tools, policy or model are not those the run began with.',
  'run-poisoned': 'Each process that went on with the run died before it wrote anything.',
  'run-not-forkable': 'What the run did after the place of a fork stands in the world.',
  'run-not-suspended': 'The run waits for nothing, or not for that.',
  'undo-blocked': 'Something after the place cannot be undone; nothing was touched.',
  'undo-place': 'A run cannot be undone to that event.',
  'undo-unfinished': 'An undo of the run has begun and is not finished.',
  'undo-failed': 'A step of an undo failed; those before it are done.',
  'answer-invalid': 'An answer has not the form that was asked for.',
  'log-invalid': 'A log, or one of its events, is not what docs/run-log.md describes.',
  'log-version': 'A log was written by a newer version of this package.',
  'store-failed': 'The store could not read or write.',
  'data-invalid': 'A data file could not be read.',
  cancelled: 'The run, or a call in it, was cancelled.',
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;

const BRAND = Symbol.for('poact.error');

/** The base of every error of this package. */
export class PoactError extends Error {
  readonly code: ErrorCode;
  /** What a program may want to know: names, numbers, never secrets. */
  readonly facts: { [key: string]: Json };
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = facts;
  }
}

/** Says whether a thrown value is an error of this package, also when two copies of it are loaded. */
export function isPoactError(value: unknown): value is PoactError {
  return typeof value === 'object' && value !== null && has(value, BRAND);
}

/** A proxy may throw when it is asked. */
function has(value: object, key: symbol): boolean {
  try {
    return key in value;
  } catch {
    return false;
  }
}

/** An option that cannot work. */
export class OptionError extends PoactError {
  constructor(option: string, problem: string) {
    super('option-invalid', `Option \`${option}\`: ${problem}`, { option });
  }
}

/** An optional package that is not installed. */
export class PackageError extends PoactError {
  constructor(packageName: string, why: string, cause?: unknown) {
    super(
      'package-missing',
      `${why} needs the package ${packageName}. Install it with: npm install ${packageName}`,
      { package: packageName },
      cause,
    );
  }
}

type Codes<Prefix extends string> = Extract<ErrorCode, `${Prefix}-${string}`>;

/** A model that could not be had, or a call that failed. `retryable` says whether trying again may help. */
export class ModelError extends PoactError {
  readonly retryable: boolean;
  constructor(
    code: Codes<'model'>,
    message: string,
    facts: { [key: string]: Json } & { retryable?: boolean } = {},
    cause?: unknown,
  ) {
    super(code, message, facts, cause);
    this.retryable = facts.retryable ?? (code === 'model-unreachable' || code === 'model-rate-limited');
  }
}

/** A program, snapshot or interpreter that does not work. */
export class SandboxError extends PoactError {
  constructor(
    code: 'program-invalid' | 'sandbox-failed' | 'snapshot-refused',
    message: string,
    facts: { [key: string]: Json } = {},
    cause?: unknown,
  ) {
    super(code, message, facts, cause);
  }
}

/** A tool call that did not give its result. */
export class ToolError extends PoactError {
  constructor(code: Codes<'tool'>, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(code, message, facts, cause);
  }
}

/** A secret that cannot be had. */
export class SecretError extends PoactError {
  constructor(code: Codes<'secret'>, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(code, message, facts, cause);
  }
}

/** A limit of a run that would be exceeded. */
export class BudgetError extends PoactError {
  constructor(limit: string, message: string, facts: { [key: string]: Json } = {}) {
    super('budget-exceeded', message, { limit, ...facts });
  }
}

/** A run that is not there, is held, has changed, or does not replay. */
export class RunError extends PoactError {
  constructor(code: Codes<'run'>, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(code, message, facts, cause);
  }
}

/** An undo that cannot be, or did not come to its end. */
export class UndoError extends PoactError {
  constructor(code: Codes<'undo'>, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(code, message, facts, cause);
  }
}

/** An answer that has not the form asked for. */
export class AnswerError extends PoactError {
  constructor(message: string, facts: { [key: string]: Json } = {}) {
    super('answer-invalid', message, facts);
  }
}

/** A log that cannot be read. */
export class LogError extends PoactError {
  constructor(code: Codes<'log'>, message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super(code, message, facts, cause);
  }
}

/** A store that could not read or write. */
export class StoreError extends PoactError {
  constructor(message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super('store-failed', message, facts, cause);
  }
}

/** A data file that could not be read. */
export class DataError extends PoactError {
  constructor(message: string, facts: { [key: string]: Json } = {}, cause?: unknown) {
    super('data-invalid', message, facts, cause);
  }
}

/** A run, or a call in it, that was cancelled. */
export class CancelledError extends PoactError {
  constructor(message = 'Cancelled.', facts: { [key: string]: Json } = {}) {
    super('cancelled', message, facts);
  }
}
