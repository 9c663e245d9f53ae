/**
 * Secrets: references that stand in configurations, values that are looked up at the call, and text without them.
 *
 * @module
 */
import { OptionError, SecretError } from './errors.ts';
import { isPlain } from './json.ts';
import { ESCAPES, type EscapedForm, encodings, escapedForm, heldFrom, PATTERN_CHARS, textsOf } from './secret-forms.ts';

/** A reference to a secret: its name and nothing else. It prints, and is JSON, as `[secret NAME]`. */
export interface Secret {
  readonly secret: string;
}

/** Finds a secret's value by its name; `undefined` where it knows none. */
export type SecretResolver = (name: string) => string | undefined | Promise<string | undefined>;

const NAME = /^[A-Za-z_][\w.-]{0,127}$/;

/** Shorter values stand in too many texts that have nothing to do with them. */
const FEWEST_CHARS = 4;

class SecretReference implements Secret {
  readonly secret: string;
  constructor(name: string) {
    this.secret = name;
  }
  toString(): string {
    return markOf(this.secret);
  }
  toJSON(): string {
    return markOf(this.secret);
  }
}

/**
 * Refers to a secret by name. The value is looked up when a tool or a model that refers to it is called, and nowhere else:
 * by default in the environment, or where `createAgent({ secrets })` says.
 *
 * @throws {OptionError} `name` cannot be the name of one.
 * @example
 * ```ts
 * const weather = tool({
 *   description: 'Temperature in a city, °C',
 *   input: z.object({ city: z.string() }),
 *   secrets: { key: secret('WEATHER_KEY') },
 *   run: async ({ city }, { secrets }) =>
 *     (await fetch(`https://api.example.com/${city}`, { headers: { 'x-api-key': secrets.key } })).json(),
 * });
 * ```
 */
export function secret(name: string): Secret {
  if (typeof name === 'string' && NAME.test(name)) return Object.freeze(new SecretReference(name));
  // What was given may be the value itself, so it is not quoted.
  throw new OptionError('secret', "expected the name of a secret, such as 'WEATHER_KEY', not its value.");
}

/** Says whether a value is a reference to a secret. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'secret' in value && typeof value.secret === 'string';
}

/** Secrets as a run knows them: looked up, and kept out of what is written. */
export interface Secrets {
  /**
   * The value, looked up now.
   *
   * @throws {SecretError} `secret-missing`: there is none; `secret-short`: it cannot be kept out of texts.
   */
  resolve(reference: Secret): Promise<string>;
  /** The value where there is one. */
  find(name: string): Promise<string | undefined>;
  /** A configuration with values where references stand, also within texts: `Bearer ${secret('KEY')}`. */
  fill<Value>(value: Value): Promise<Value>;
  /** Keeps out a value that was found elsewhere, too. */
  know(name: string, value: string): void;
  /** A value without what was looked up so far: in texts, keys, and all that is nested. What holds none is given back as it is. */
  redact<Value>(value: Value): Value;
  /** The same for an error: message, stack, facts, cause. Its class stays. */
  redactError<Problem>(error: Problem): Problem;
  /** Passes text on without secrets, also where one comes in pieces; `end` passes on what was held back. */
  stream(write: (text: string) => void): { write(text: string): void; end(): void };
}

/**
 * Looks secrets up by a resolver, and remembers each value that it gave.
 *
 * Known are a value itself, its trimmed form, the long lines of a value of several, and each of them as JSON (also within
 * JSON), in an address, in HTML, as base64 wherever it begins in the encoded text, and as hexadecimal.
 */
export function secretsOf(resolver: SecretResolver): Secrets {
  /** Each form in which a value may stand in a text, with what it becomes; longest first. */
  let forms: { form: string; mark: string }[] = [];
  const escaped: (EscapedForm & { mark: string })[] = [];
  const known = new Map<string, Set<string>>();

  const learn = (name: string, value: string) => {
    const values = known.get(name) ?? new Set();
    if (values.has(value)) return;
    known.set(name, values.add(value));
    const found = new Map(forms.map(({ form, mark }) => [form, mark]));
    for (const text of textsOf(value)) {
      for (const form of [text, ...encodings(text)]) if (!found.has(form)) found.set(form, markOf(name));
      if (text.length <= PATTERN_CHARS) escaped.push({ ...escapedForm(text), mark: markOf(name) });
    }
    forms = [...found].map(([form, mark]) => ({ form, mark })).sort((a, b) => b.form.length - a.form.length);
  };
  const find = async (name: string): Promise<string | undefined> => {
    const value = await resolver(name);
    if (value === undefined || value === '') return undefined;
    if (value.trim().length < FEWEST_CHARS) {
      const short = `The secret ${name} has fewer than ${FEWEST_CHARS} characters, so it cannot be kept out of logs. Use a longer one.`;
      throw new SecretError('secret-short', short, { secret: name });
    }
    learn(name, value);
    return value;
  };
  const clean: Clean = (text, whole = false) => {
    if (whole) return forms.find(({ form }) => form === text)?.mark ?? text;
    let left = text;
    for (const { form, mark } of forms) if (left.includes(form)) left = left.replaceAll(form, () => mark);
    if (ESCAPES.test(left)) for (const { pattern, mark } of escaped) left = left.replace(pattern, () => mark);
    return left;
  };

  const secrets: Secrets = {
    find,
    know(name, value) {
      if (value.trim().length >= FEWEST_CHARS) learn(name, value);
    },
    async fill(value) {
      const values = new Map<string, string>();
      for (const reference of secretsIn(value)) values.set(reference.secret, await secrets.resolve(reference));
      return filled(value, values) as typeof value;
    },
    async resolve({ secret: name }) {
      let value: string | undefined;
      try {
        value = await find(name);
      } catch (error) {
        if (error instanceof SecretError) throw error;
        throw missing(name, ' It could not be looked up.', error);
      }
      if (value === undefined) throw missing(name);
      return value;
    },
    redact: (value) => (forms.length === 0 ? value : redacted(value, clean, new Map())),
    redactError(error) {
      if (forms.length === 0) return error;
      if (!(error instanceof Error)) return secrets.redact(error);
      const changed = Object.getOwnPropertyNames(error).flatMap((key) => {
        const before = (error as unknown as Record<string, unknown>)[key];
        const after = before instanceof Error ? secrets.redactError(before) : secrets.redact(before);
        return after === before ? [] : [[key, after] as const];
      });
      if (changed.length === 0) return error;
      const copy = Object.create(Object.getPrototypeOf(error), Object.getOwnPropertyDescriptors(error));
      for (const [key, value] of changed)
        Object.defineProperty(copy, key, { value, writable: true, configurable: true });
      return copy;
    },
    stream(write) {
      let held = '';
      const pass = (text: string) => {
        if (text !== '') write(text);
      };
      return {
        write(text) {
          held += text;
          const from = heldFrom(held, forms, escaped);
          pass(clean(held.slice(0, from)));
          held = held.slice(from);
        },
        end() {
          pass(clean(held));
          held = '';
        },
      };
    },
  };
  return secrets;
}

/** The secrets that a configuration refers to. */
export function secretsIn(value: unknown): Secret[] {
  if (isSecret(value)) return [value];
  if (typeof value === 'string') return [...value.matchAll(MARK)].map(([, name]) => secret(name as string));
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}

const MARK = /\[secret ([A-Za-z_][\w.-]{0,127})\]/g;

function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (isSecret(value)) return values.get(value.secret);
  if (typeof value === 'string') return value.replace(MARK, (mark, name) => values.get(name) ?? mark);
  if (Array.isArray(value)) return value.map((inner) => filled(inner, values));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, values)]));
}

const markOf = (name: string) => `[secret ${name}]`;

function missing(name: string, why = '', cause?: unknown): SecretError {
  return new SecretError(
    'secret-missing',
    `The secret ${name} is not there.${why} Set the environment variable ${name}, or give createAgent \`secrets\` that know it.`,
    { secret: name },
    cause,
  );
}

/** A text without secrets; with `whole`, only one that is nothing else: a number is not cut into. */
type Clean = (text: string, whole?: boolean) => string;

/** A copy only of what changes. Objects of classes are left alone: nothing is known of them. */
function redacted<Value>(value: Value, clean: Clean, seen: Map<object, unknown>): Value {
  if (typeof value === 'string') return clean(value) as Value;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const text = String(value);
    const left = clean(text, true);
    return (left === text ? value : left) as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const done = seen.get(value);
  if (done !== undefined) return done as Value;
  seen.set(value, value);
  if (Array.isArray(value)) {
    const items = value.map((item) => redacted(item, clean, seen));
    if (items.every((item, at) => Object.is(item, value[at]))) return value;
    seen.set(value, items);
    return items as Value;
  }
  if (!isPlain(value)) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const entry: [string, unknown] = [clean(key), redacted(inner, clean, seen)];
    changed ||= entry[0] !== key || !Object.is(entry[1], inner);
    return entry;
  });
  if (!changed) return value;
  const copy = Object.fromEntries(entries) as Value;
  seen.set(value, copy);
  return copy;
}
