/**
 * Breakpoints: one entry kind a model call (PoAct, arXiv 2501.07054; the rules are ours).
 *
 * Each call asks for one kind of entry. The marks of the other kinds are its stop strings, and what a model writes past
 * one all the same is cut here, so that no invented observation reaches the log.
 *
 * @module
 */

/** The kinds of entry in the dialogue. */
export type EntryKind = 'plan' | 'thought' | 'code' | 'answer';

const OTHERS: Record<EntryKind, readonly string[]> = {
  // A plan has four steps: a small model counts on.
  plan: ['\nThought:', '\nCode:', '\nObservation', '\n5.', '```'],
  thought: ['\nPlan:', '\nCode:', '\nObservation', '\nTask:', '```'],
  answer: ['\n', '\nObservation:', '```'],
  code: ['\n```\n', '\nObservation:', '\nThought:', '\nTask:'],
};

/** Where the model says itself which kind it writes, only what follows an entry of any kind can stop it. */
const AFTER_ANY = ['\nObservation:', '\nThought:', '\nCode:', '\nTask:', '\n```\n'];

/** A block that was begun for the model ends with the next fence; one that it opens itself may come after a label. */
const AFTER_BEGUN = ['\n```', ...OTHERS.code.slice(1)];

/**
 * The stop strings of a call that asks for one kind, or for a `step` of the model's own choice. At most five; providers
 * that take four get the first four.
 */
export function stopsFor(kind: EntryKind | 'step', { begun = false } = {}): readonly string[] {
  if (kind === 'code' && begun) return AFTER_BEGUN;
  return kind === 'step' ? AFTER_ANY : OTHERS[kind];
}

const LABEL = /^\s*(?:\**)(?:plan|thought|code)(?:\**)\s*:\s*(?:\**)\s*/i;

/** The entry alone: without a label the model repeated, and cut at the first mark of another kind. */
export function cutEntry(kind: EntryKind, reply: string): string {
  let text = reply.replace(LABEL, '');
  for (const mark of OTHERS[kind]) {
    const at = text.indexOf(mark);
    if (at > 0 || (at === 0 && kind !== 'code')) text = text.slice(0, at);
  }
  return text.trim();
}

const INVENTED = /(?:^|\n)\s*\**observation\b[^\n]{0,20}:/i;

/** Says whether a decision's text holds an observation that nobody made: a measure of what breakpoints are for. */
export function inventsObservation(text: string): boolean {
  return INVENTED.test(text);
}
