// biome-ignore-all lint/suspicious/noExplicitAny: what a guest hands over can be anything.
/**
 * JSON out of guest values, inside the guest, under the same rules as `guest-inspect.ts`.
 *
 * What JSON would lose without a word (a `Map`, `NaN`, a promise, a cycle) is refused by name and path.
 *
 * @module
 */

export interface GuestJson {
  /** JSON of a value that JSON can say without loss; throws for any other, and for one that is too long. */
  toJson(value: unknown, chars: number, whose: string): string;
  /** The same, or `undefined`. */
  jsonOf(value: unknown, chars: number): string | undefined;
}

/** To be called before any guest code has run. */
export function guestJson(): GuestJson {
  const { apply, ownKeys, getOwnPropertyDescriptor: descriptorOf, getPrototypeOf } = Reflect;
  const uncurried =
    (method: any) =>
    (self: any, ...args: any[]): any =>
      apply(method, self, args);
  const { isArray } = Array;
  const { stringify } = JSON;
  const { isFinite: isFiniteNumber } = Number;
  const text = String;
  const TypeErrorType = TypeError;
  const slice = uncurried(String.prototype.slice);
  const dateNumber = uncurried(Date.prototype.getTime);
  const unboxNumber = uncurried(Number.prototype.valueOf);
  const unboxString = uncurried(String.prototype.valueOf);
  const unboxBoolean = uncurried(Boolean.prototype.valueOf);
  const mapSize = uncurried((descriptorOf(Map.prototype, 'size') as any).get);
  const setSize = uncurried((descriptorOf(Set.prototype, 'size') as any).get);
  const promisePrototype = Promise.prototype;
  const objectPrototype = Object.prototype;
  const DEPTH = 500;

  return { toJson, jsonOf };

  function jsonOf(value: unknown, chars: number): string | undefined {
    try {
      return toJson(value, chars, '');
    } catch {
      return undefined;
    }
  }

  function toJson(value: unknown, chars: number, whose: string): string {
    let left = chars;
    const trail: any = { __proto__: null, length: 0 };
    const refuse = (what: string): never => {
      let path = '';
      for (let at = 0; at < trail.length && at < 20; at++) {
        const key = trail[at];
        path += typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${slice(key, 0, 80)}`;
      }
      throw new TypeErrorType(`${whose} takes JSON: the value${path === '' ? '' : ` at ${path}`} is ${what}.`);
    };
    const tooLong = () => {
      trail.length = 0;
      refuse(`longer than ${chars} characters`);
    };
    const inside = (key: string | number, item: any): void => {
      trail[trail.length++] = key;
      check(item);
      trail.length--;
    };
    const check = (item: any): void => {
      left -= 2;
      if (left < 0) tooLong();
      const kind = typeof item;
      if (kind === 'string') {
        left -= item.length;
        if (left < 0) tooLong();
        return;
      }
      if (item === null || kind === 'boolean') return;
      if (kind === 'number') {
        if (!isFiniteNumber(item)) refuse(text(item));
        return;
      }
      if (kind === 'undefined') refuse('undefined');
      if (kind !== 'object') refuse(kind === 'bigint' ? 'a bigint' : `a ${kind}`);
      if (trail.length > DEPTH) refuse(`nested deeper than ${DEPTH} levels, or holds itself`);
      if (isArray(item)) {
        for (let at = 0; at < item.length; at++) {
          const inner = item[at];
          if (inner !== undefined) inside(at, inner);
          else {
            left -= 5;
            if (left < 0) tooLong();
          }
        }
        return;
      }
      const prototype = getPrototypeOf(item);
      if (prototype !== objectPrototype && prototype !== null) {
        if (brand(() => dateNumber(item))) return;
        if (brand(() => mapSize(item))) refuse('a Map (make it an object or an array first)');
        if (brand(() => setSize(item))) refuse('a Set (make it an array first)');
        if (prototype === promisePrototype) refuse('a Promise (await it first)');
        if (brand(() => unboxNumber(item)) || brand(() => unboxString(item)) || brand(() => unboxBoolean(item))) return;
      }
      const keys: any = ownKeys(item);
      for (let at = 0; at < keys.length; at++) {
        const key = keys[at];
        if (typeof key !== 'string') continue;
        const property = descriptorOf(item, key);
        if (property?.enumerable !== true) continue;
        left -= key.length + 2;
        if (property.get === undefined && property.value !== undefined) inside(key, property.value);
      }
    };
    check(value);
    const json: any = stringify(value);
    if (typeof json !== 'string') return refuse('nothing JSON can say');
    if (json.length > chars) return refuse(`longer than ${chars} characters`);
    return json;
  }

  function brand(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  }
}
