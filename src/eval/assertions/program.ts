/**
 * A program under test, in a sealed interpreter: no files, no network, no process, bounded time and memory.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { Sandbox, Session, Turn } from '../../sandbox/index.ts';
import type { Assertion } from '../score.ts';
import { shown } from './asserted.ts';

/** What is run. */
export interface ProgramTest {
  sandbox: Sandbox;
  /** What was answered: JavaScript or TypeScript. */
  program: string;
  /** Runs after it, in the same session, and calls `console.assert`. */
  tests: string;
  /** Longest time the program, and then the tests, may compute, in milliseconds. @default 5_000 */
  ms?: number;
}

/**
 * What tests rely on is made fast, so that a program cannot pass by redefining it: the built-in objects, what iterates over
 * lists, what promises do when they are awaited, and `Object.prototype`, which may not get a `toJSON`.
 */
const FREEZE = `{
  const names = ['JSON', 'Math', 'Object', 'Array', 'String', 'Number', 'Boolean', 'Map', 'Set', 'Reflect', 'Promise'];
  const iterators = [[], '', new Map(), new Set()].map((list) => Object.getPrototypeOf(list[Symbol.iterator]()));
  const prototypes = [Array, String, Number, Boolean, Map, Set, Promise].map((built) => built.prototype);
  for (const fast of [...iterators, Object.getPrototypeOf(iterators[0]), ...prototypes]) Object.freeze(fast);
  for (const name of names) {
    Object.freeze(globalThis[name]);
    Object.defineProperty(globalThis, name, { writable: false, configurable: false });
  }
  Object.preventExtensions(Object.prototype);
}`;

/** What the sandbox ends for its limits: nobody knows what it would have come to. */
const LIMITS = new Set(['TimeoutError', 'MemoryError', 'LimitError', 'StuckError']);

/**
 * Runs a program, then its tests. It passes when every `console.assert` that was reached held, and one was: in JavaScript a
 * failed `console.assert` throws nothing, and a test that only runs it passes every program.
 *
 * A program that throws fails; one that takes too long, and tests that assert nothing, are unknown. The assertions are counted
 * where the program cannot reach, and what they came to is handed out with a mark that it cannot know.
 */
export async function passesTests(
  name: string,
  { sandbox, program, tests, ms = 5_000 }: ProgramTest,
): Promise<Assertion> {
  const session = await sandbox.open({ tools: [], limits: { turnMs: ms } });
  try {
    return { name, ...(await verdictOf(session, program, tests)) };
  } finally {
    session.close();
  }
}

type Verdict = Pick<Assertion, 'verdict' | 'reason'>;

async function verdictOf(session: Session, program: string, tests: string): Promise<Verdict> {
  await session.start({ source: FREEZE, now: 0 });
  const ran = await session.start({ source: program, now: 0 });
  if (ran.state !== 'done') return broken('The program', ran);
  const mark = randomUUID();
  const tested = await session.start({ source: counting(tests, mark), now: 0 });
  if (tested.state !== 'done') return broken('A test', tested);
  const [marked, ...counts] = String(tested.value?.json).split(' ');
  if (marked !== mark) return { verdict: 'fail', reason: 'What the tests came to was forged.' };
  const [asked = 0, failed = 0] = counts.map(Number);
  if (!(asked > 0)) return { verdict: 'unknown', reason: 'No assertion was reached.' };
  if (failed > 0) return { verdict: 'fail', reason: `${failed} of ${asked} assertions failed.` };
  return { verdict: 'pass', reason: `All ${asked} assertions held.` };
}

/** The tests in a scope that the program cannot reach, with the mark and how many assertions were asked and failed as the value. */
function counting(tests: string, mark: string): string {
  const own = tests.replaceAll('console.assert', 'assertion$.check');
  return `await (async () => {
  const assertion$ = { asked: 0, failed: 0, check(holds) { assertion$.asked += 1; if (!holds) assertion$.failed += 1; } };
  ${own}
  return '${mark} ' + assertion$.asked + ' ' + assertion$.failed;
})()`;
}

function broken(what: string, turn: Turn): Verdict {
  if (turn.state !== 'failed') return { verdict: 'unknown', reason: `${what} waits for something that never comes.` };
  const { name, message } = turn.error;
  const reason = `${what} was ended by ${name}: ${shown(message)}.`;
  return { verdict: LIMITS.has(name) ? 'unknown' : 'fail', reason };
}
