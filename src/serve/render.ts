/**
 * A run as people read it: plan, thought, program, check, calls, observation, votes, as they come.
 *
 * It reads events only, so a live run and one read off the store look alike.
 *
 * @module
 */
import { type RunEvent, textOf } from '../record/index.ts';
import { highlight } from './highlight.ts';
import { type Paint, printable } from './paint.ts';
import { brief, count, duration, usedOf } from './words.ts';

/** Longest observation shown, and most calls of one program. */
const OBSERVATION_LINES = 20;
const OBSERVATION_CHARS = 2_000;
const CALLS = 6;

/** What a {@link renderer} writes to. */
export interface RenderOptions {
  write(text: string): void;
  paint: Paint;
  /** Also what is of little interest while a run goes on: selections, model calls, checks that passed. @default false */
  detailed?: boolean;
}

/** Writes events as text, in order. Resolves when written. */
export function renderer({ write, paint, detailed = false }: RenderOptions): (event: RunEvent) => Promise<void> {
  let step = 0;
  let calls = 0;
  const entry = (mark: string, title: string, body = '') => {
    const text = printable(body).trimEnd();
    write(`${mark} ${title}${text === '' ? '' : text.includes('\n') ? `\n${indent(text)}` : ` ${text}`}\n`);
  };
  const block = (mark: string, title: string, painted: string) => write(`${mark} ${title}\n${indent(painted)}\n`);
  const aside = (text: string) => write(`${paint('dim', `  ${printable(text)}`)}\n`);
  const code = (program: string) => highlight(printable(program.trimEnd()), paint);

  return async (event) => {
    if (event.step !== step) {
      step = event.step;
      calls = 0;
      if (detailed) write(`${paint('dim', `── step ${step} ──`)}\n`);
    }
    switch (event.kind) {
      case 'task':
        entry(paint('bold', '▌'), paint('bold', 'Task'), textOf(event.parts));
        for (const { name, doc, type } of event.data ?? []) aside(`${name}: ${doc}${fieldsOf(type)}`);
        return;
      case 'policy':
        return detailed ? aside(`policy ${event.policy}: ${event.reason}`) : undefined;
      case 'selection':
        return detailed ? aside(`${count(event.tools.length, 'tool')} of ${event.of} for ${event.purpose}`) : undefined;
      case 'model-call': {
        if (event.error !== undefined) return entry(paint('red', '✗'), paint('red', 'Model'), event.error.message);
        const { usage, ms } = event;
        const took = ms === undefined ? '' : ` · ${duration(ms)}`;
        return aside(`${event.purpose ?? 'model'} · ${usage.sent} tokens in, ${usage.written} out${took}`);
      }
      case 'decision':
        return decision(event);
      case 'review':
        return review(event);
      case 'call':
        if (event.undoes !== undefined)
          return entry(paint('yellow', '↶'), paint('yellow', `Takes back ${event.tool}`), brief(event.args));
        calls += 1;
        if (calls === CALLS + 1) return aside('… more calls');
        return calls > CALLS ? undefined : entry(paint('blue', '→'), paint('blue', event.tool), brief(event.args));
      case 'call-result':
        if (event.ok) return calls > CALLS ? undefined : aside(`  = ${resultIn(event)}${took(event.ms)}`);
        return entry(paint('red', '✗'), paint('red', 'Call failed'), event.error?.message);
      case 'observation': {
        const text = shorten(textOf(event.parts));
        if (event.state === 'done') return entry(paint('cyan', '◆'), paint('cyan', 'Observation'), text);
        return entry(paint('red', '◆'), paint('red', event.state === 'failed' ? 'Failed' : 'Skipped'), text);
      }
      case 'choice': {
        const votes = Object.entries(event.votes ?? {}).map(([key, number]) => `${brief(key, 40)} ×${number}`);
        const said = `${count(event.candidates.length, 'program')}, ${agreementIn(event, paint)}`;
        return entry(paint('cyan', '◆'), said, votes.join(', '));
      }
      case 'question':
        return entry(paint('yellow', '?'), paint('yellow', 'Question'), event.question);
      case 'reply':
        return entry('›', 'Reply', textOf(event.parts));
      case 'message':
        return entry('›', event.from === 'user' ? 'You' : 'Says', textOf(event.parts));
      case 'approval-request':
        entry(paint('yellow', '?'), paint('yellow', `${event.tool} waits for approval`), event.reason);
        return detailed && event.preview !== undefined
          ? write(`${indent(paintDiff(printable(event.preview), paint))}\n`)
          : undefined;
      case 'approval':
        return entry(
          '›',
          event.verdict === 'deny' ? 'Denied' : event.verdict === 'edit' ? 'Allowed as edited' : 'Allowed',
          event.reason,
        );
      case 'budget':
        return event.state === 'reserved' ? undefined : entry(paint('yellow', '!'), usedOf(event));
      case 'child':
        if (event.state === 'started')
          return entry(paint('blue', '⤷'), paint('blue', `Run ${event.child}`), brief(event.task));
        return entry(
          paint('blue', '⤶'),
          paint('blue', `Run ${event.child} ${event.status ?? 'ended'}`),
          brief(event.answer),
        );
      case 'suspend':
        return entry(
          paint('yellow', '‖'),
          paint('yellow', 'Suspended'),
          `waits for ${event.waiting.map((one) => one.for).join(', ')}`,
        );
      case 'resume':
        return aside('resumed');
      case 'fork':
        return aside(`forked from ${event.from} at ${event.at}`);
      case 'undo':
        return entry(
          paint('yellow', '↶'),
          `Undone: ${count(event.undone.length, 'call')}`,
          event.cannot.length === 0 ? '' : `${event.cannot.length} left as they are`,
        );
      case 'run-end':
        return detailed ? entry(paint('bold', '■'), event.status, event.why) : undefined;
      default:
        return undefined;
    }
  };

  async function decision({ decision: decided }: RunEvent<'decision'>): Promise<void> {
    switch (decided.kind) {
      case 'think':
        return entry(
          paint('magenta', '●'),
          paint('magenta', decided.form === 'plan' ? 'Plan' : 'Thought'),
          decided.text,
        );
      case 'act':
        return void block(paint('green', '▶'), paint('green', 'Program'), await code(decided.code));
      case 'candidates':
        return void block(
          paint('green', '▶'),
          paint('green', `Program (1 of at most ${decided.most})`),
          await code(decided.first),
        );
      case 'answer':
        return detailed ? entry(paint('bold', '■'), paint('bold', 'Answer'), brief(decided.value, 2_000)) : undefined;
      case 'say':
        return entry('›', 'Says', decided.text);
      case 'widen':
        return aside(`needs more tools: ${decided.need}`);
      case 'correct':
        return entry(paint('yellow', '!'), paint('yellow', 'Slip'), decided.problem);
      default:
        return undefined;
    }
  }

  function review(event: RunEvent<'review'>): void {
    const { verdict, findings = [], what } = event;
    if (verdict === 'pass' || verdict === 'go-on') {
      if (detailed && what !== 'path') aside(`✓ checked: ${event.rule}`);
      return;
    }
    // What is warned of an answer is said below it, when the run has ended.
    if (verdict === 'end' || (verdict === 'warn' && what === 'answer' && !detailed)) return;
    const mark =
      verdict === 'block'
        ? paint('red', '✗ Blocked')
        : paint('yellow', verdict === 'warn' ? '! Check' : `↻ ${verdict}`);
    if (findings.length === 0) return void write(`${mark} ${printable(event.reason ?? event.rule)}\n`);
    for (const { line, message, remedy } of findings.slice(0, 5)) {
      const at = line === undefined ? '' : `line ${line}: `;
      write(`${mark} ${at}${printable(message)}${remedy === undefined ? '' : paint('dim', ` ${printable(remedy)}`)}\n`);
    }
  }
}

/** A large value is not in the event; some calls give none. */
const resultIn = ({ value, blob }: RunEvent<'call-result'>): string =>
  blob === undefined ? brief(value) || 'no value' : 'large value';

/** What the vote of the candidates came to. */
function agreementIn({ candidates, agreed }: RunEvent<'choice'>, paint: Paint): string {
  if (agreed === false) return paint('yellow', 'they disagree');
  const [only, ...others] = candidates;
  if (others.length > 0) return 'agreed';
  return only?.state === 'voted' && only.doubts === undefined ? 'not doubted' : paint('yellow', 'doubted');
}

/** A unified diff in colours. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+|@@)/.test(line)) return paint('dim', line);
      return line.startsWith('+') ? paint('green', line) : line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}

const indent = (text: string) => text.replace(/^/gm, '  ');
const took = (ms: number | undefined) => (ms === undefined || ms < 100 ? '' : ` · ${duration(ms)}`);

function shorten(text: string): string {
  const cut = text.length > OBSERVATION_CHARS ? `${text.slice(0, OBSERVATION_CHARS)}…` : text;
  const lines = cut.split('\n');
  return lines.length <= OBSERVATION_LINES
    ? cut
    : [...lines.slice(0, OBSERVATION_LINES), `… ${lines.length - OBSERVATION_LINES} more lines`].join('\n');
}

/** The fields of a row, for people who know their files: at most eight. */
function fieldsOf(type: string): string {
  if (!type.startsWith('{')) return '';
  const names = [...type.matchAll(/[{;] ("(?:[^"\\]|\\.)*"|[\w$]+)\??:/g)].map(([, name]) => name);
  const shown = names.slice(0, 8).join(', ');
  return names.length === 0 ? '' : ` Fields: ${shown}${names.length > 8 ? ', …' : ''}.`;
}
