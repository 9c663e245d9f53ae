/**
 * The programs that looking around runs: no model wrote them, and each logs what the next step needs to see.
 *
 * @module
 */
import { patternOf } from '../environment/index.ts';

/** A tool that takes what it looks at, and the argument that takes it. */
export interface Opener {
  name: string;
  argument: string;
}

export const said = (texts: readonly string[]) => texts.map((text) => JSON.stringify(text)).join(', ');

/** Longest page that is shown of each that names what is sought, in characters. */
const PAGE_CHARS = 1_024;
/** Most times that a page is read on. */
const MOST_ON = 8;

/** All that a page has: what is shown of it first, and what follows. */
function wholePage(first: string, on: string | undefined): string[] {
  if (on === undefined) return [`const page = await ${first};`];
  return [
    `let page = await ${first};`,
    `for (let n = 0, more = await ${on}(); n < ${MOST_ON} && !page.includes(more); n++, more = await ${on}()) page += more;`,
  ];
}

const indented = (lines: readonly string[], by: string) => lines.map((line) => `${by}${line}`);

export function lookingHere(here: string, on: string | undefined): string {
  const lines = [...wholePage(`${here}()`, on), "console.log('Shown here:');", 'console.log(page);'];
  return ['// Looks at what is here.', '{', ...indented(lines, '  '), '}'].join('\n');
}

export function opening(
  addresses: readonly string[],
  { at, on }: { at: Opener; on?: string },
  sought: readonly string[],
): string {
  const list = addresses.map((address) => JSON.stringify(address)).join(', ');
  const first = `${at.name}({ ${at.argument}: address })`;
  const lines = [
    `const addresses = [${list}];`,
    'const found: string[] = [];',
    'for (const address of addresses) {',
    ...indented(wholePage(first, on), '  '),
    `  if (${String(patternOf(sought))}.test(page.replace(/\\S*\\/\\S+/g, ''))) found.push(page.slice(0, ${PAGE_CHARS}));`,
    '}',
    "console.log('Looked at', addresses.length, 'more. What is sought stands on', found.length, 'of them.');",
    "if (found.length > 0) console.log(found.join('\\n'));",
  ];
  return [`// Opens what was shown, and logs what names ${said(sought)}.`, '{', ...indented(lines, '  '), '}'].join(
    '\n',
  );
}

/** Longest text that is shown of each that was found, in characters; and most of them. */
const FOUND_CHARS = 600;
const MOST_FOUND = 5;

export function finding(queries: readonly string[], { name, argument }: Opener): string {
  const lines = [
    `const queries = [${queries.map((query) => JSON.stringify(query)).join(', ')}];`,
    'const found = new Set<string>();',
    'for (const query of queries) {',
    `  for (const one of [await ${name}({ ${argument}: query })].flat()) {`,
    "    found.add(typeof one === 'object' && one !== null ? Object.values(one).join(': ') : String(one));",
    '  }',
    '}',
    `for (const text of [...found].slice(0, ${MOST_FOUND})) console.log(text.slice(0, ${FOUND_CHARS}));`,
    "if (found.size === 0) console.log('Nothing was found for', queries.join(', '));",
  ];
  return ['// Looks for what the task names.', '{', ...indented(lines, '  '), '}'].join('\n');
}
