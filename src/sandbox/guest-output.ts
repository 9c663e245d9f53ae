// biome-ignore-all lint/suspicious/noExplicitAny: what a guest hands over can be anything.
/**
 * What a guest logs, inside the guest, under the same rules as `guest-inspect.ts`: rendered, and bounded for each program.
 *
 * @module
 */
import type { Inspect } from './guest-inspect.ts';
import type { GuestJson } from './guest-json.ts';

export interface GuestOutput {
  limit(chars: number): void;
  log(level: string, values: unknown[]): void;
  /** What was logged since it was last asked, as JSON. */
  logs(): string;
  /** A program ended: the next one has the whole room again. */
  clear(): void;
  /** A text without its middle. */
  cut(value: string, chars: number): string;
}

/** To be called before any guest code has run. */
export function guestOutput(inspect: Inspect, json: GuestJson): GuestOutput {
  const { apply } = Reflect;
  const uncurried =
    (method: any) =>
    (self: any, ...args: any[]): any =>
      apply(method, self, args);
  const { stringify } = JSON;
  const { isFinite: isFiniteNumber } = Number;
  const { floor, max } = Math;
  const text = String;
  const slice = uncurried(String.prototype.slice);

  let outputChars = 0;
  let head = list();
  let tail = list();
  let isHeadFull = false;
  let headChars = 0;
  let usedTailChars = 0;
  let tailChars = 0;
  let cutLines = 0;
  let cutChars = 0;
  let valueChars = 0;

  return { limit, log, logs, clear, cut };

  function list(): any {
    return { __proto__: null, start: 0, length: 0 };
  }

  function push(into: any, item: unknown): void {
    into[into.length++] = item;
  }

  function limit(chars: number): void {
    outputChars = chars;
  }

  /** The first half of the room goes to the first lines, the rest to the last ones. */
  function log(level: string, values: unknown[]): void {
    const { length } = values;
    const half = floor(outputChars / 2);
    const room = max(half - usedTailChars, 200);
    let item: string;
    let line = '';
    const alone = length === 1 ? values[0] : undefined;
    if (typeof alone === 'number' && isFiniteNumber(alone)) {
      line = text(alone);
      item = `{"level":"${level}","text":"${line}","value":${line}}`;
    } else if (typeof alone === 'string') {
      line = cut(alone, room);
      item = `{"level":"${level}","text":${stringify(line)}${line === alone ? ',"same":true' : ''}}`;
    } else {
      for (let at = 0; at < length; at++) {
        const value = values[at];
        if (at > 0) line += ' ';
        line += typeof value === 'string' ? value : inspect(value, room);
        if (line.length > room) break;
      }
      line = cut(line, room);
      item = `{"level":"${level}","text":${stringify(line)}`;
      const value = alone === undefined ? undefined : json.jsonOf(alone, outputChars - valueChars);
      if (value !== undefined) {
        valueChars += value.length;
        item += `,"value":${value}`;
      }
      item += '}';
    }
    const chars = line.length + 1;
    if (!isHeadFull && headChars + chars <= half) {
      headChars += chars;
      push(head, item);
      return;
    }
    isHeadFull = true;
    push(tail, { __proto__: null, item, chars });
    tailChars += chars;
    while (tailChars > room && tail.length - tail.start > 1) {
      const first = tail[tail.start];
      delete tail[tail.start++];
      tailChars -= first.chars;
      cutChars += first.chars;
      cutLines++;
    }
  }

  function logs(): string {
    let items = '';
    const add = (item: string) => {
      items += `${items === '' ? '' : ','}${item}`;
    };
    for (let at = 0; at < head.length; at++) add(head[at]);
    if (cutLines > 0) {
      const words = `[${cutLines} lines of output cut here, ${cutChars} characters: log less, or log a summary]`;
      add(`{"level":"warn","text":${stringify(words)}}`);
    }
    for (let at = tail.start; at < tail.length; at++) add(tail[at].item);
    usedTailChars += tailChars;
    tailChars = cutLines = cutChars = 0;
    head = list();
    tail = list();
    return `[${items}]`;
  }

  function clear(): void {
    logs();
    isHeadFull = false;
    headChars = usedTailChars = valueChars = 0;
  }

  function cut(value: string, chars: number): string {
    if (value.length <= chars) return value;
    const half = floor(chars / 2);
    const gone = value.length - 2 * half;
    return `${slice(value, 0, half)}\n[${gone} characters cut here]\n${slice(value, -half)}`;
  }
}
