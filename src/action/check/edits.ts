/**
 * Small changes to a text, and where each place was before them.
 *
 * @module
 */

/** Replaces `length` characters at `at` by a text. */
export interface Edit {
  at: number;
  length: number;
  text: string;
}

/** An edited text. */
export interface Edited {
  text: string;
  /** Where an offset of the new text was in the old one. */
  before(offset: number): number;
}

/** Applies edits that do not overlap; two insertions at one place stand in the order they are given. */
export function applyEdits(source: string, edits: readonly Edit[]): Edited {
  const sorted = edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => a.at - b.at || a.order - b.order);
  const pieces: { start: number; from: number; own: boolean }[] = [];
  let text = '';
  let end = 0;
  for (const { at, length, text: inserted } of sorted) {
    if (at < end) continue;
    pieces.push({ start: text.length, from: end, own: true });
    text += source.slice(end, at);
    pieces.push({ start: text.length, from: at, own: false });
    text += inserted;
    end = at + length;
  }
  pieces.push({ start: text.length, from: end, own: true });
  text += source.slice(end);
  return {
    text,
    before(offset) {
      const piece = pieces.findLast(({ start }) => start <= offset);
      if (piece === undefined) return offset;
      return piece.own ? piece.from + offset - piece.start : piece.from;
    },
  };
}
