/**
 * The forms in which a secret may stand in a text, and where the beginning of one stands at its end.
 *
 * @module
 */

/** Shortest line of a value of several lines (a private key, say) that is a secret by itself. */
const LINE_CHARS = 16;
/** Shortest piece of an encoded value that is looked for. */
const ENCODED_CHARS = 6;

/** A longer text is known by its lines. */
export const PATTERN_CHARS = 1_024;

/** What of a value is a secret by itself. */
export function textsOf(value: string): Set<string> {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return new Set([value, value.trim(), ...lines.filter((line) => lines.length > 1 && line.length >= LINE_CHARS)]);
}

/** Encoded by bytes: after what GitHub's runner masks (`actions/runner`, ValueEncoders). */
export function encodings(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  const hex = bytes.toString('hex');
  return [
    inJson(text),
    encodeURIComponent(text.toWellFormed()),
    ...base64,
    ...base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
  ].filter((encoded) => encoded.length >= ENCODED_CHARS);
}

/** A text without any of these has nothing escaped. */
export const ESCAPES = /[\\%&+]/;

const JSON_ESCAPES: { readonly [char: string]: string } = {
  '"': '"',
  "'": "'",
  '/': '\\/',
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
};
const HTML_NAMES: { readonly [char: string]: string } = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** A text escaped by characters, whichever of them are, once or several times: addresses, JSON, HTML. */
export interface EscapedForm {
  pattern: RegExp;
  /** Whether what stands from a place on to the end of a text may be the beginning of it, and is not all of it. */
  begins(text: string, from: number): boolean;
}

export function escapedForm(secret: string): EscapedForm {
  const ways = (secret.match(/\\+|[\s\S]/gu) ?? []).map(waysOf);
  // Only streams ask for it.
  let steps: RegExp[][] | undefined;
  return {
    pattern: new RegExp(ways.map((each) => `(?:${each.join('|')})`).join(''), 'gu'),
    begins(text, from) {
      steps ??= ways.map((each) => each.map((way) => new RegExp(way, 'uy')));
      return begins(steps, text, from);
    },
  };
}

function begins(steps: readonly RegExp[][], text: string, from: number): boolean {
  let places = new Set([from]);
  for (const step of steps) {
    const next = new Set<number>();
    for (const place of places) {
      if (isCutShort(text, place)) return true;
      for (const way of step) for (const end of endsOf(way, text, place)) next.add(end);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return false;
}

/** Where a character may end; of backslashes, the next one's may be some of them. */
function endsOf(way: RegExp, text: string, place: number): number[] {
  way.lastIndex = place;
  const found = way.exec(text)?.[0];
  if (found === undefined) return [];
  return found.startsWith('\\') && /^\\+$/.test(found)
    ? Array.from(found, (_char, at) => place + at + 1)
    : [place + found.length];
}

/** The longest end of a text that is taken for the beginning of an escaped character. */
const CUT_CHARS = 128;
/** What may be the beginning of one escaped character, in any of the ways; bounded where a text could go on like that. */
const CUT_SHORT = /^(?:\\+(?:u[\da-f]{4}\\+)*(?:u[\da-f]{0,4})?|(?:%[\da-f]{0,40})+|&[#\w;]{0,40}|[\ud800-\udbff])$/i;

const isCutShort = (text: string, place: number): boolean =>
  place === text.length || (text.length - place <= CUT_CHARS && CUT_SHORT.test(text.slice(place)));

function waysOf(char: string): string[] {
  // The bounds keep a text of nothing but backslashes from being tried in every way.
  if (char.startsWith('\\'))
    return [`\\\\{${char.length},${char.length * 8}}`, '(?:%(?:25)*5[cC])'.repeat(char.length)];
  const ways = [/^[\w\s]$/.test(char) ? char : char.replace(/[\^$.*+?()[\]{}|/]/, '\\$&')];
  ways.push([...Buffer.from(char)].map((byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`).join(''));
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at).toString(16).padStart(4, '0'));
  ways.push(units.map((unit) => `\\\\{1,8}u${anyCase(unit)}`).join(''));
  if (JSON_ESCAPES[char] !== undefined) ways.push(`\\\\{1,8}${JSON_ESCAPES[char]}`);
  if (char === ' ') ways.push('\\+');
  if (HTML_NAMES[char] !== undefined) {
    const code = char.charCodeAt(0);
    ways.push(`&(?:amp;)*(?:${HTML_NAMES[char]}|#0*${code}|#[xX]0*${anyCase(code.toString(16))});`);
  }
  return ways;
}

const anyCase = (hex: string) => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** The characters of base64 that the bytes alone decide, when `offset` others come before them. */
function base64Core(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const from = Math.ceil((offset * 8) / 6);
  return encoded.slice(from, Math.floor(((offset + bytes.length) * 8) / 6));
}

/** Where the end of a text begins that may be, or may belong to, the beginning of a secret. What comes before is whole. */
export function heldFrom(text: string, forms: readonly { form: string }[], escaped: readonly EscapedForm[]): number {
  let from = Math.min(beginOfForm(text, forms), ESCAPES.test(text) ? beginOfEscaped(text, escaped) : text.length);
  if (from === text.length) return from;
  // A secret that is there already is not cut in two for the sake of one that may come.
  const found = [
    ...forms.flatMap(({ form }) => placesOf(form, text)),
    ...escaped.flatMap((one) => matchesOf(one, text)),
  ];
  for (let moved = true; moved; ) {
    moved = false;
    for (const [start, end] of found) {
      if (start >= from || end <= from) continue;
      from = start;
      moved = true;
    }
  }
  return from;
}

function beginOfForm(text: string, forms: readonly { form: string }[]): number {
  const longest = forms[0]?.form.length ?? 0;
  for (let from = Math.max(0, text.length - longest + 1); from < text.length; from++) {
    const end = text.slice(from);
    if (forms.some(({ form }) => form.length > end.length && form.startsWith(end))) return from;
  }
  return text.length;
}

function beginOfEscaped(text: string, escaped: readonly EscapedForm[]): number {
  for (let from = 0; from < text.length; from++) if (escaped.some((form) => form.begins(text, from))) return from;
  return text.length;
}

type Place = readonly [start: number, end: number];

function placesOf(form: string, text: string): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    places.push([at, at + form.length]);
  return places;
}

const matchesOf = ({ pattern }: EscapedForm, text: string): Place[] =>
  Array.from(text.matchAll(pattern), ({ index, 0: { length } }): Place => [index, index + length]);
