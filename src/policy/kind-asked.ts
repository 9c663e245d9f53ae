/**
 * What a question asks for, in its own words, and what it lets be answered.
 *
 * A small model that is to answer with a name writes a sentence; one whose reply begins with `Answer (team):` writes the team.
 *
 * @module
 */

const YES_OR_NO = /^(?:are|is|was|were|do|does|did|has|have|had|can|could|will|would|should)\b/i;
/** What a question begins with, or is about as a whole. Elsewhere `who`, `when` and `where` are about a part of it. */
const FIRST =
  /^(?:\P{L}|(?:and|so|then|to|by|with|for|from|in|at|of)\s)*(whose|whom|who|when|where|how (?:many|much)|how)\b/iu;
const KINDS = /\b(?:what|which|how (many|much))\b(?=\s*([^?\n]*))/gi;
const ELSEWHERE = /\b(whom|who|when|where)\b/i;
const OF_WORDS: { readonly [word: string]: string } = {
  who: 'name',
  whom: 'name',
  whose: 'name',
  when: 'date',
  where: 'place',
  'how many': 'number',
  'how much': 'number',
};
/** What ends a name of a kind: `which restaurant chain has …`. */
const ENDS =
  /^(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|in|of|on|to|that|who|which|for|by|with|from|and|or|as|at|the|a|an|both)$/i;
const MOST_WORDS = 3;

/**
 * The kind of thing that a question asks for.
 *
 * @example
 * ```ts
 * kindAsked('Which restaurant chain has more sites?'); // 'restaurant chain'
 * kindAsked('Are both of them directors?'); // 'yes or no'
 * ```
 */
export function kindAsked(question: string): string {
  const [text = ''] = question.trim().split('?');
  if (YES_OR_NO.test(text)) return /\bor\b/i.test(text) && !/\bboth\b/i.test(text) ? 'one of them' : 'yes or no';
  const first = FIRST.exec(text)?.[1]?.toLowerCase();
  if (first !== undefined) return OF_WORDS[first] ?? 'few words';
  const kinds = [...text.matchAll(KINDS)].map(([, amount, rest = '']) =>
    amount === undefined ? kindIn(rest) : 'number',
  );
  // `…, which was built in Rome`: what has no kind behind it may ask for nothing.
  const kind = kinds.find((one) => one !== '');
  return (
    kind ?? (kinds.length > 0 ? 'few words' : (OF_WORDS[ELSEWHERE.exec(text)?.[1]?.toLowerCase() ?? ''] ?? 'few words'))
  );
}

const EITHER = /[,:]\s*(?:either\s+)?([^,:?]{2,60}?),?\s+or\s+([^,?]{2,60})$/i;

/**
 * What a question lets be answered, where it says so: yes or no, or one of two things that it names at its end.
 *
 * @example
 * ```ts
 * choicesIn('Which chain has more sites, Pizza Inn or Pizza 73?'); // ['Pizza Inn', 'Pizza 73']
 * ```
 */
export function choicesIn(question: string): readonly string[] | undefined {
  if (kindAsked(question) === 'yes or no') return YES_NO;
  const [, one, other] = EITHER.exec((question.trim().split('?')[0] ?? '').trim()) ?? [];
  return one !== undefined && other !== undefined && [one, other].every(isName)
    ? [one.trim(), other.trim()]
    : undefined;
}

/** Begins and ends with a word that names. */
const isName = (text: string) =>
  /^["'“]?[\p{Lu}\d]/u.test(text) && /(?:^|\s)["'“(]?[\p{Lu}\d]\S*$/u.test(text.trim()) && !/\bor\b/.test(text);

const YES_NO = ['Yes', 'No'] as const;

/** `restaurant chain`, of `restaurant chain has more sites`; nothing where no kind is named. */
function kindIn(rest: string): string {
  const words: string[] = [];
  for (const one of rest.replace(/^(kind|type|sort)s? of /i, '$1-of-').split(/\s+/)) {
    const plain = one.replace(/[^\p{L}\p{N}'’-]/gu, '').replace(/['’]s$/, '');
    if (plain === '' || ENDS.test(plain) || words.length === MOST_WORDS) break;
    words.push(plain);
    if (plain !== one) break;
  }
  return words.join(' ').replace(/^(\w+)-of-/, '$1 of ');
}
