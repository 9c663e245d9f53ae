/**
 * Two texts' difference as people read it.
 *
 * @module
 */

const CONTEXT = 3;
const MOST_LINES = 200;
/** Cells of the table that finds the longest common part; beyond it the whole middle is shown as replaced. */
const MOST_CELLS = 4_000_000;

/** One line of either text, or of both. */
type Edit = [' ' | '-' | '+', string];

/**
 * A unified diff with three lines around each change, cut after 200 lines; empty where nothing changes.
 * `undefined` stands for a file that is not there.
 *
 * @example
 * ```ts
 * unifiedDiff('a.txt', 'one\ntwo\n', 'one\n2\n'); // '--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2'
 * ```
 */
export function unifiedDiff(name: string, before: string | undefined, after: string | undefined): string {
  const edits = compare(linesOf(before), linesOf(after));
  const lines = [
    `--- ${before === undefined ? '/dev/null' : name}`,
    `+++ ${after === undefined ? '/dev/null' : name}`,
    ...hunks(edits),
  ];
  if (lines.length === 2) return '';
  const more = lines.length - MOST_LINES;
  return (more > 0 ? [...lines.slice(0, MOST_LINES), `… ${more} more lines`] : lines).join('\n');
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines[lines.length - 1] += '\n\\ No newline at end of file';
  return lines;
}

function compare(before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const least = Math.min(before.length, after.length) - head;
  while (tail < least && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (line: string): Edit => [' ', line];
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** Keeps the longest common subsequence, and takes the rest for changed. */
function middle(before: readonly string[], after: readonly string[]): Edit[] {
  const replaced = (): Edit[] => [
    ...before.map((line): Edit => ['-', line]),
    ...after.map((line): Edit => ['+', line]),
  ];
  if (before.length === 0 || after.length === 0 || before.length * after.length > MOST_CELLS) return replaced();
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = after.length - 1; b >= 0; b--) {
      common[a * width + b] =
        before[a] === after[b]
          ? (common[(a + 1) * width + b + 1] as number) + 1
          : Math.max(common[(a + 1) * width + b] as number, common[a * width + b + 1] as number);
    }
  }
  const edits: Edit[] = [];
  let [a, b] = [0, 0];
  while (a < before.length && b < after.length) {
    if (before[a] === after[b]) {
      edits.push([' ', before[a++] as string]);
      b += 1;
    } else if ((common[(a + 1) * width + b] as number) >= (common[a * width + b + 1] as number)) {
      edits.push(['-', before[a++] as string]);
    } else edits.push(['+', after[b++] as string]);
  }
  for (; a < before.length; a++) edits.push(['-', before[a] as string]);
  for (; b < after.length; b++) edits.push(['+', after[b] as string]);
  return edits;
}

function hunks(edits: readonly Edit[]): string[] {
  const near = new Set<number>();
  for (const [at, [sign]] of edits.entries()) {
    if (sign === ' ') continue;
    for (let around = at - CONTEXT; around <= at + CONTEXT; around++) near.add(around);
  }
  const lines: string[] = [];
  let [old, fresh] = [0, 0];
  for (let at = 0; at < edits.length; at++) {
    if (!near.has(at)) {
      old += 1;
      fresh += 1;
      continue;
    }
    let end = at;
    while (end < edits.length && near.has(end)) end += 1;
    const part = edits.slice(at, end);
    const olds = part.filter(([sign]) => sign !== '+').length;
    const freshes = part.filter(([sign]) => sign !== '-').length;
    lines.push(
      `@@ -${range(old, olds)} +${range(fresh, freshes)} @@`,
      ...part.flatMap(([sign, line]) => `${sign}${line}`.split('\n')),
    );
    old += olds;
    fresh += freshes;
    at = end - 1;
  }
  return lines;
}

const range = (start: number, count: number) => (count === 0 ? `${start},0` : `${start + 1},${count}`);
