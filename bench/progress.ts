/** What a measurement says while it is under way, one line an attempt. */
import type { Cell } from '../src/eval/index.ts';

/** Tells of each attempt that is made, of so many. */
export function progress(all: number, of = ''): (cell: Cell) => void {
  let done = 0;
  return ({ set, task, arm, success, status, answer, why, seconds, assertions }) => {
    done += 1;
    const wrong = assertions.find(({ verdict }) => verdict !== 'pass');
    const given = answer === undefined ? why : JSON.stringify(answer).slice(0, 80);
    const came = success ? 'right' : `wrong (${status}: ${given}; ${wrong?.reason?.slice(0, 120) ?? 'not judged'})`;
    process.stderr.write(`${of}${done}/${all} ${set} ${task} · ${arm}: ${came}, ${seconds.toFixed(0)} s\n`);
  };
}
