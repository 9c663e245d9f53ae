/**
 * Cuts a reply before the first of its stop strings, also where one is spread over several pieces of text.
 *
 * Text that may still become a stop string is held back, so that nothing past the cut is ever shown.
 *
 * @module
 */

/** Takes a reply piece by piece. */
export interface StopCutter {
  /** The text that is now certain, and the stop string if it was met. Nothing may be pushed after that. */
  push(text: string): { text: string; stopped?: string };
  /** The reply is over: what was held back. */
  end(): string;
}

/** Builds a cutter. Empty stop strings are ignored. The one that is complete first counts; of two complete at once, the longer. */
export function stopCutter(stops: readonly string[] = []): StopCutter {
  const marks = stops.filter((stop) => stop !== '').sort((a, b) => b.length - a.length);
  let held = '';

  return {
    push(text) {
      held += text;
      const found = firstOf(held, marks);
      if (found !== undefined) {
        const before = held.slice(0, found.at);
        held = '';
        return { text: before, stopped: found.mark };
      }
      const keep = possibleStart(held, marks);
      const certain = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text: certain };
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** Cuts a whole text. */
export function cutAtStop(text: string, stops: readonly string[] = []): { text: string; stopped?: string } {
  const cutter = stopCutter(stops);
  const cut = cutter.push(text);
  return cut.stopped === undefined ? { text: cut.text + cutter.end() } : cut;
}

function firstOf(text: string, marks: readonly string[]): { at: number; mark: string } | undefined {
  let best: { at: number; mark: string } | undefined;
  let end = Number.POSITIVE_INFINITY;
  for (const mark of marks) {
    const at = text.indexOf(mark);
    if (at < 0 || at + mark.length >= end) continue;
    best = { at, mark };
    end = at + mark.length;
  }
  return best;
}

/** How many characters at the end of the text may be the beginning of a mark. */
function possibleStart(text: string, marks: readonly string[]): number {
  let most = 0;
  for (const mark of marks) {
    for (let length = Math.min(mark.length - 1, text.length); length > most; length--) {
      if (text.endsWith(mark.slice(0, length))) {
        most = length;
        break;
      }
    }
  }
  return most;
}
