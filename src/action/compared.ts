/**
 * The comparisons of a field with a text that a program makes, read without the compiler.
 *
 * @module
 */
import { withoutComments } from './numbers.ts';

/** `row.status !== "open"`, however it is written. */
export interface Comparison {
  field: string;
  text: string;
  /** The rows that have another text are meant. */
  isOther: boolean;
  /** What is called on the field before it is compared: `.toLowerCase()`. */
  made: string;
}

/** Bounded, as is how far is looked back: a long text must not take long. */
const NAME = String.raw`[\p{L}\p{N}_$]{1,60}`;
const QUOTED = String.raw`(?<quoted>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\x60[^\x60\\\n$]*\x60)`;
const SIGN = String.raw`\s*(?<sign>[!=])==?\s*`;
const MADE = String.raw`(?<made>(?:\??\.(?:trim|toLowerCase|toLocaleLowerCase)\(\))*)`;
/** `row.status`, `row["Cost Centre"]`, or a name alone. Not `typeof row.status`. */
const READ = String.raw`(?<!\btypeof\s{1,3}[\w$.?]{0,60})(?:\??\.(?<dotted>${NAME})|\[(?<bracketed>"[^"\n]+"|'[^'\n]+')\]|(?<![\p{L}\p{N}_$.])(?<bare>${NAME}))${MADE}`;
/** What a field is read of. */
const OF = String.raw`(?:${NAME}(?:\[\w+\])?(?:\??\.${NAME}){0,5}?(?=\??\.|\[["']))?`;
const FORMS = [
  `${READ}${SIGN}${QUOTED}`,
  String.raw`${QUOTED}${SIGN}${OF}${READ}(?![\w$(.[])`,
  // `["open"].includes(row.status)`: one text alone.
  String.raw`(?<sign>!?)\[\s*${QUOTED}\s*\]\.includes\(\s*${OF}${READ}\s*\)`,
].map((form) => new RegExp(form, 'gu'));

/** The comparisons of a program, in order of their forms. */
export function comparisonsIn(code: string): Comparison[] {
  const plain = withoutComments(code);
  const taken = takenApart(plain);
  return FORMS.flatMap((form) => [...plain.matchAll(form)]).flatMap(({ groups = {} }) => {
    const { dotted, bracketed, bare = '', quoted = '', sign, made = '' } = groups;
    const field = dotted ?? bracketed?.slice(1, -1) ?? (taken.has(bare) ? bare : undefined);
    if (field === undefined || quoted.includes('\\')) return [];
    return [{ field, text: quoted.slice(1, -1), isOther: sign === '!', made: made.replaceAll('?.', '.') }];
  });
}

/** Names that a row is taken apart into: `({ status, eur }) =>`, `const { status } = row`. */
function takenApart(code: string): Set<string> {
  const lists = code.matchAll(/\{([\p{L}\p{N}_$,\s]+)\}\s*(?=\)|,|=|of\b)/gu);
  return new Set([...lists].flatMap(([, list = '']) => list.split(',').map((name) => name.trim())));
}

/** A comparison as a program writes it of `row`. */
export const comparedWith = (read: string, { made, text }: Pick<Comparison, 'made' | 'text'>): string =>
  `${made === '' ? read : `String(${read} ?? '')${made}`} === ${JSON.stringify(text)}`;

/** Whether a held text is the one compared with. */
export const meets = (held: string, { made, text }: Pick<Comparison, 'made' | 'text'>): boolean => {
  const trimmed = made.includes('trim') ? held.trim() : held;
  return (made.includes('Lower') ? trimmed.toLowerCase() : trimmed) === text;
};
