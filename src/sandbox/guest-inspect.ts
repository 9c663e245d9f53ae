// biome-ignore-all lint/suspicious/noExplicitAny: what a guest hands over can be anything.
/**
 * Renders guest values for reading, inside the guest. Runs none of the guest's code but a proxy's traps: getters are
 * shown, not called, and class names are read as data.
 *
 * Its text is evaluated in the interpreter: it may use nothing from outside itself, and must not rely on anything that
 * guest code can replace later. So it takes its builtins at the start, calls no method of a value, and iterates nothing.
 *
 * @module
 */

export type Inspect = (value: unknown, chars: number) => string;

/** Makes `inspect(value, chars)`; to be called before any guest code has run. */
export function guestInspect(): Inspect {
  const { apply, ownKeys, getOwnPropertyDescriptor: descriptorOf, getPrototypeOf } = Reflect;
  const uncurried =
    (method: any) =>
    (self: any, ...args: any[]): any =>
      apply(method, self, args);
  const getterOf = (prototype: object, key: PropertyKey) => uncurried((descriptorOf(prototype, key) as any).get);
  const { isArray } = Array;
  const { is } = Object;
  const { max } = Math;
  const text = String;
  const stringify = JSON.stringify;
  const slice = uncurried(String.prototype.slice);
  const indexOf = uncurried(String.prototype.indexOf);
  const codeAt = uncurried(String.prototype.charCodeAt);
  const symbolText = uncurried(Symbol.prototype.toString);
  const functionText = uncurried(Function.prototype.toString);
  const dateNumber = uncurried(Date.prototype.getTime);
  const dateText = uncurried(Date.prototype.toISOString);
  const regExpSource = getterOf(RegExp.prototype, 'source');
  const regExpFlags = getterOf(RegExp.prototype, 'flags');
  const mapSize = getterOf(Map.prototype, 'size');
  const mapEach = uncurried(Map.prototype.forEach);
  const setSize = getterOf(Set.prototype, 'size');
  const setEach = uncurried(Set.prototype.forEach);
  const bufferLength = getterOf(ArrayBuffer.prototype, 'byteLength');
  const typedPrototype = getPrototypeOf(Uint8Array.prototype) as object;
  const typedTag = getterOf(typedPrototype, Symbol.toStringTag);
  const typedLength = getterOf(typedPrototype, 'length');
  const errorPrototype = Error.prototype;
  const regExpPrototype = RegExp.prototype;
  const promisePrototype = Promise.prototype;
  const objectPrototype = Object.prototype;
  const functionPrototype = Function.prototype;

  const DEPTH = 6;
  const ENTRIES = 100;
  const WIDTH = 80;

  let left = 0;
  let ancestors: any;

  return (value, chars) => {
    left = chars;
    ancestors = { __proto__: null, length: 0 };
    const rendered = render(value, '', 0);
    return rendered.length > chars ? `${slice(rendered, 0, chars)}…` : rendered;
  };

  function render(value: any, indent: string, depth: number): string {
    if (left <= 0) return '…';
    let rendered: string;
    if (typeof value === 'string') rendered = quoted(value);
    else if (typeof value === 'symbol') rendered = symbolText(value);
    else if (typeof value === 'bigint') rendered = `${text(value)}n`;
    else if (is(value, -0)) rendered = '-0';
    else if (value === null || (typeof value !== 'object' && typeof value !== 'function')) rendered = text(value);
    else return object(value, indent, depth);
    left -= rendered.length;
    return rendered;
  }

  function quoted(value: string): string {
    const cut = value.length > left ? `${slice(value, 0, max(left, 0))}…` : value;
    const json = stringify(cut);
    if (indexOf(cut, "'") !== -1) return json;
    let single = '';
    let from = 1;
    for (let at = indexOf(json, '\\"'); at !== -1; at = indexOf(json, '\\"', from)) {
      single += `${slice(json, from, at)}"`;
      from = at + 2;
    }
    return `'${single}${slice(json, from, -1)}'`;
  }

  function object(value: any, indent: string, depth: number): string {
    for (let at = 0; at < ancestors.length; at++) if (ancestors[at] === value) return '[Circular]';
    ancestors[ancestors.length++] = value;
    try {
      return composed(value, indent, depth);
    } catch {
      return '[cannot be shown]';
    } finally {
      delete ancestors[--ancestors.length];
    }
  }

  function composed(value: any, indent: string, depth: number): string {
    const name = className(value);
    const deep = depth >= DEPTH;
    const entries: any = { __proto__: null, length: 0, more: 0 };
    const inner = `${indent}  `;
    const add = (entry: string) => {
      left -= 2;
      entries[entries.length++] = entry;
    };
    const full = () => entries.length >= ENTRIES || left <= 0;
    const part = (nested: any) => render(nested, inner, depth + 1);

    if (isArray(value)) {
      const { length } = value;
      const prefix = name === 'Array' ? '' : `${name}(${length}) `;
      if (length === 0) return `${prefix}[]`;
      if (deep) return `[${name}(${length})]`;
      for (let at = 0; at < length; at++) {
        if (full()) {
          entries.more = length - at;
          break;
        }
        const property = descriptorOf(value, text(at));
        add(property === undefined ? '<empty>' : shown(property, part));
      }
      return joined(`${prefix}[`, entries, ']', indent, true);
    }
    const tag = attempt(() => typedTag(value));
    if (tag !== undefined) {
      const length = typedLength(value);
      for (let at = 0; at < length; at++) {
        if (full()) {
          entries.more = length - at;
          break;
        }
        add(part(value[at]));
      }
      return joined(`${tag}(${length}) [`, entries, ']', indent, true);
    }
    let opening = name === 'Object' ? '{' : `${name} {`;
    let alone: string | undefined;
    const size = attempt(() => mapSize(value));
    const count = size === undefined ? attempt(() => setSize(value)) : undefined;
    if (size !== undefined || count !== undefined) {
      opening = `${name}(${size ?? count}) {`;
      if (deep) return `[${name}(${size ?? count})]`;
      const each = (entry: () => string) => {
        if (full()) entries.more++;
        else add(entry());
      };
      if (size === undefined) setEach(value, (item: any) => each(() => part(item)));
      else mapEach(value, (item: any, key: any) => each(() => `${part(key)} => ${part(item)}`));
    } else if (typeof value === 'function') alone = functionName(value, name);
    else if (attempt(() => dateNumber(value)) !== undefined) alone = attempt(() => dateText(value)) ?? 'Invalid Date';
    else if (attempt(() => regExpSource(value)) !== undefined && value !== regExpPrototype) {
      alone = `/${regExpSource(value)}/${regExpFlags(value)}`;
    } else if (inherits(value, errorPrototype)) alone = errorText(value, name);
    else if (inherits(value, promisePrototype)) alone = 'Promise { <use await to get its value> }';
    else {
      const bytes = attempt(() => bufferLength(value));
      if (bytes !== undefined) alone = `ArrayBuffer { byteLength: ${bytes} }`;
    }
    if (alone !== undefined) left -= alone.length;
    const isError = alone !== undefined && inherits(value, errorPrototype);
    const keys: any = ownKeys(value);
    let enumerable = 0;
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at];
      const property = descriptorOf(value, key);
      if (property === undefined) continue;
      const isCause = isError && key === 'cause';
      if (property.enumerable !== true && !isCause) continue;
      enumerable++;
      if (deep) continue;
      if (full()) entries.more++;
      else add(`${keyText(key)}: ${shown(property, part)}`);
    }
    if (alone !== undefined && enumerable === 0) return alone;
    if (deep && enumerable > 0) return alone ?? `[${name}]`;
    if (alone !== undefined) opening = `${alone} {`;
    return joined(opening, entries, '}', indent, false);
  }

  function shown(property: any, part: (value: any) => string): string {
    if (property.get !== undefined) return property.set === undefined ? '[Getter]' : '[Getter/Setter]';
    return property.set === undefined ? part(property.value) : '[Setter]';
  }

  function joined(opening: string, entries: any, closing: string, indent: string, isList: boolean): string {
    const { length, more } = entries;
    const rest = more > 0 ? `… ${more} more` : '';
    if (length === 0 && more === 0) return `${opening}${closing}`;
    const space = isList ? '' : ' ';
    let line = `${opening}${space}`;
    let flat = true;
    let short = true;
    for (let at = 0; at < length; at++) {
      if (indexOf(entries[at], '\n') !== -1) flat = false;
      if (entries[at].length > 16) short = false;
      if (flat && line.length <= WIDTH) line += at === 0 ? entries[at] : `, ${entries[at]}`;
    }
    if (rest !== '') line += length === 0 ? rest : `, ${rest}`;
    line += `${space}${closing}`;
    if (flat && line.length + indent.length <= WIDTH) return line;
    let lines = opening;
    let open = '';
    for (let at = 0; at < length; at++) {
      const entry = entries[at];
      // Short items of a list share lines.
      if (isList && short && open !== '' && open.length + entry.length + 2 <= WIDTH) open += `, ${entry}`;
      else {
        if (open !== '') lines += `${open},`;
        open = `\n${indent}  ${entry}`;
      }
    }
    lines += open;
    if (rest !== '') lines += `,\n${indent}  ${rest}`;
    return `${lines}\n${indent}${closing}`;
  }

  function keyText(key: string | symbol): string {
    if (typeof key === 'symbol') return `[${symbolText(key)}]`;
    return isIdentifier(key) ? key : quoted(key);
  }

  function isIdentifier(key: string): boolean {
    if (key.length > 100) return false;
    for (let at = 0; at < key.length; at++) {
      const code = codeAt(key, at);
      const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;
      if (!isLetter && !(at > 0 && code >= 48 && code <= 57)) return false;
    }
    return key.length > 0;
  }

  function className(value: any): string {
    let prototype = attempt(() => getPrototypeOf(value));
    if (prototype === null) return '[Object: null prototype]';
    for (let steps = 0; steps < 50 && typeof prototype === 'object' && prototype !== null; steps++) {
      const maker = dataOf(prototype, 'constructor');
      if (typeof maker === 'function') {
        const name = dataOf(maker, 'name');
        if (typeof name === 'string' && name !== '') return slice(name, 0, 80);
      }
      prototype = getPrototypeOf(prototype);
    }
    return 'Object';
  }

  function functionName(value: any, name: string): string {
    const own = dataOf(value, 'name');
    const label = typeof own === 'string' && own !== '' ? own : '(anonymous)';
    const isClass = attempt(() => slice(functionText(value), 0, 5)) === 'class';
    return isClass ? `[class ${label}]` : `[${name === 'Object' ? 'Function' : name}: ${label}]`;
  }

  function errorText(value: any, name: string): string {
    const own = dataOf(value, 'name');
    const message = dataOf(value, 'message');
    const label = typeof own === 'string' && own !== '' ? own : name;
    const words = typeof message === 'string' ? slice(message, 0, max(left, 0)) : '';
    return words === '' ? label : `${label}: ${words}`;
  }

  function dataOf(value: object, key: PropertyKey): unknown {
    for (let steps = 0, at: object | null = value; at !== null && steps < 50; steps++) {
      const property = descriptorOf(at, key);
      if (property !== undefined) return property.value;
      if (at === objectPrototype || at === functionPrototype) return undefined;
      at = getPrototypeOf(at);
    }
    return undefined;
  }

  function inherits(value: any, prototype: object): boolean {
    let at = getPrototypeOf(value);
    for (let steps = 0; at !== null && steps < 50; steps++) {
      if (at === prototype) return true;
      at = getPrototypeOf(at);
    }
    return false;
  }

  function attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}
