/**
 * What a question asks for, in its own words.
 *
 * A small model that is to answer with a name writes a sentence; one whose reply begins with `Answer (team):` writes the team.
 *
 * @module
 */

const YES_OR_NO = /^(?:are|is|was|were|do|does|did|has|have|had|can|could|will|would|should)\b/i;
const ASKS = /\b(what|which|whose|who|whom|when|where|how many|how much|how)\b\s*([^?\n]*)/i;
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
  const [, word = '', rest = ''] = ASKS.exec(text) ?? [];
  const asks = word.toLowerCase();
  if (asks === 'who' || asks === 'whom') return 'name';
  if (asks === 'when') return 'date';
  if (asks === 'where') return 'place';
  if (asks.startsWith('how ')) return 'number';
  if (asks !== 'what' && asks !== 'which') return 'few words';
  const words: string[] = [];
  for (const one of rest.replace(/^(kind|type|sort)s? of /i, '$1-of-').split(/\s+/)) {
    const plain = one.replace(/[^\p{L}\p{N}'’-]/gu, '').replace(/['’]s$/, '');
    if (plain === '' || ENDS.test(plain) || words.length === MOST_WORDS) break;
    words.push(plain);
    if (plain !== one) break;
  }
  return words.length === 0 ? 'few words' : words.join(' ').replace(/^(\w+)-of-/, '$1 of ');
}
