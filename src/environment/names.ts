/**
 * Identifiers out of file names, headings and table names.
 *
 * @module
 */

/** Words that TypeScript keeps, and names that the guest already has. */
const RESERVED = new Set(
  `abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do
  else enum eval export extends false finally for from function get if implements import in infer instanceof interface is
  keyof let module namespace never new null number object of package private protected public readonly require return
  satisfies set static string super switch symbol this throw true try type typeof undefined unique unknown using var void
  while with yield answer console globalThis isNaN isFinite parseInt parseFloat setTimeout clearTimeout setInterval
  clearInterval queueMicrotask structuredClone escape unescape process global self window fetch main queryTable`.split(
    /\s+/,
  ),
);

const LONGEST = 40;

/**
 * Gives each title an identifier of its own, in camelCase.
 *
 * @param taken Names that are not to be given: those of tools.
 * @example
 * ```ts
 * const nameOf = namer(['orders']);
 * nameOf('q3-orders.csv'); // 'q3Orders'
 * nameOf('Q3 orders.csv'); // 'q3Orders2'
 * nameOf('orders.csv'); // 'ordersData'
 * ```
 */
export function namer(taken: Iterable<string> = []): (title: string) => string {
  const kept = new Set(taken);
  const given = new Set<string>();
  return (title) => {
    const base = identifier(title);
    const start = RESERVED.has(base) || kept.has(base) ? `${base}Data` : base;
    let name = start;
    for (let count = 2; given.has(name) || kept.has(name); count++) name = `${start}${count}`;
    given.add(name);
    return name;
  };
}

function identifier(title: string): string {
  const words = title
    .normalize('NFC')
    .replace(/\.[a-z0-9]{1,8}$/i, '')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .match(/[\p{L}\p{N}]+/gu);
  const joined = (words ?? ['data'])
    .map((word, at) => (at === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()))
    .join('');
  const cut = [...joined].slice(0, LONGEST).join('');
  return /^\p{ID_Start}\p{ID_Continue}*$/u.test(cut) ? cut : `data${cut.replace(/[^\p{ID_Continue}]/gu, '')}`;
}
