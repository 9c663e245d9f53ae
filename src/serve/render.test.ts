import { expect, it } from 'vitest';
import type { RunEvent } from '../record/index.ts';
import { highlight } from './highlight.ts';
import { paintFor, printable } from './paint.ts';
import { renderer } from './render.ts';

const plain = paintFor({ write: () => {} }, {});
const coloured = paintFor({ write: () => {}, isTTY: true }, {});

async function shown(events: object[], { detailed = false, paint = plain } = {}): Promise<string> {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const render = renderer({ write, paint, detailed });
  for (const [seq, event] of events.entries()) {
    await render({ seq, at: '2026-01-01T00:00:00.000Z', run: 'r', step: 1, by: 'loop', ...event } as RunEvent);
  }
  return text;
}

const usage = { sent: 412, evaluated: 400, written: 38 };
const run = [
  {
    kind: 'task',
    parts: [{ text: 'Which is cheapest?' }],
    data: [
      {
        name: 'suppliers',
        type: '{ supplier: string; priceEur: number }[]',
        doc: 'suppliers.csv, 5 rows.',
        source: 's',
      },
    ],
  },
  { kind: 'selection', purpose: 'act', format: 'code', tools: ['price'], of: 1 },
  { kind: 'model-call', model: 'm', purpose: 'plan', request: { added: [] }, usage, ms: 2_100 },
  { kind: 'decision', policy: 'plan', decision: { kind: 'think', form: 'plan', text: '1. Join.\n2. Sort.' } },
  {
    kind: 'decision',
    policy: 'code',
    decision: { kind: 'act', code: 'const a = await price({ item: "lamp" });\nanswer(a);\n' },
  },
  {
    kind: 'review',
    of: 4,
    what: 'decision',
    verdict: 'block',
    rule: 'ts2339',
    findings: [
      { rule: 'ts2339', severity: 'block', message: 'No such field.', remedy: 'Did you mean `price`?', line: 2 },
    ],
  },
  { kind: 'call', id: '4.1', tool: 'price', args: { item: 'lamp' }, effect: 'read', digest: 'd' },
  { kind: 'call-result', id: '4.1', ok: true, value: 20, ms: 3 },
  { kind: 'observation', of: 4, state: 'done', parts: [{ text: '20' }] },
  {
    kind: 'choice',
    of: 4,
    candidates: [
      { id: 'a', state: 'done' },
      { id: 'b', state: 'done' },
    ],
    votes: { '20': 2 },
    tieBreak: 'first',
    agreed: true,
  },
  {
    kind: 'approval-request',
    call: 'c',
    tool: 'send',
    args: {},
    digest: 'd',
    rule: 'irreversible',
    reason: 'It cannot be undone.',
  },
  { kind: 'suspend', waiting: [{ for: 'approval', id: 'c' }] },
];

it('shows a run in order: task, plan, program, check, call, observation, votes', async () => {
  expect(await shown(run)).toBe(`▌ Task Which is cheapest?
  suppliers: suppliers.csv, 5 rows. Fields: supplier, priceEur.
  plan · 412 tokens in, 38 out · 2.1 s
● Plan
  1. Join.
  2. Sort.
▶ Program
  const a = await price({ item: "lamp" });
  answer(a);
✗ Blocked line 2: No such field. Did you mean \`price\`?
→ price {"item":"lamp"}
    = 20
◆ Observation 20
◆ 2 programs, agreed "20" ×2
? send waits for approval It cannot be undone.
‖ Suspended waits for approval
`);
});

it('says whether a program that decided alone is doubted', async () => {
  const alone = (candidate: object) =>
    shown([{ kind: 'choice', of: 4, candidates: [{ id: 'c1', ...candidate }], votes: { '20': 1 }, tieBreak: 'none' }]);
  expect(await alone({ state: 'voted' })).toBe('◆ 1 program, not doubted "20" ×1\n');
  expect(await alone({ state: 'voted', doubts: ['value-unheld'] })).toBe('◆ 1 program, doubted "20" ×1\n');
});

it('shows a long observation, and many calls, in part', async () => {
  const calls = Array.from({ length: 50 }, (_, at) => ({
    kind: 'call',
    id: `${at}`,
    tool: 'get',
    args: {},
    effect: 'read',
    digest: 'd',
  }));
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`).join('\n');
  const text = await shown([...calls, { kind: 'observation', of: 1, state: 'failed', parts: [{ text: lines }] }]);
  expect(text.split('\n')).toHaveLength(6 + 1 + 1 + 20 + 1 + 1);
  expect(text).toContain('… more calls');
  expect(text).toContain('◆ Failed');
  expect(text).toContain('… 80 more lines');
});

it('shows limits that come near, and runs within the run', async () => {
  const text = await shown([
    { kind: 'budget', limit: 'tokens', used: 0, of: 20_000, state: 'reserved', tokens: 900 },
    { kind: 'budget', limit: 'costUsd', used: 0.05, of: 0.1, state: 'warned' },
    { kind: 'budget', limit: 'calls.send', used: 3, of: 3, state: 'warned' },
    { kind: 'budget', limit: 'ms', used: 48_000, of: 60_000, state: 'warned' },
    { kind: 'budget', limit: 'tokens', used: 19_990, of: 20_000, state: 'exhausted' },
    { kind: 'child', child: 'r.7', key: 'a', state: 'started', task: 'Count.' },
    { kind: 'child', child: 'r.7', key: 'a', state: 'ended', status: 'answered', answer: 12 },
  ]);
  expect(text).toBe(`! $0.0500 of $0.1 used
! 3 of 3 calls of send used
! 48.0 s of 1 min 0 s used
! limit reached: 19,990 of 20,000 tokens used
⤷ Run r.7 "Count."
⤶ Run r.7 answered 12
`);
});

// Each was "large value".
it('tells no value from a large one', async () => {
  const result = { kind: 'call-result', id: '4.1', ok: true };
  expect(await shown([result, { ...result, blob: 'b'.repeat(64) }, { ...result, value: null }])).toBe(
    '    = no value\n    = large value\n    = null\n',
  );
});

it('lets nothing from outside move the cursor', async () => {
  const evil = '\u001b]0;title\u0007\u001b[2Jgone\u202e';
  const text = await shown([{ kind: 'observation', of: 1, state: 'done', parts: [{ text: evil }] }], { paint: plain });
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  expect(printable('a\tb\nc')).toBe('a\tb\nc');
});

it('has no colours in a pipe, with NO_COLOR, or on a dumb terminal', () => {
  const terminal = { write: () => {}, isTTY: true };
  expect(paintFor({ write: () => {} }, {}).on).toBe(false);
  expect(paintFor(terminal, { NO_COLOR: '1' }).on).toBe(false);
  expect(paintFor(terminal, { TERM: 'dumb' }).on).toBe(false);
  expect(paintFor(terminal, {}).on).toBe(true);
});

it('colours keywords, texts, numbers, comments and templates, and changes no character', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program.
  const code = 'const a = `x${ { b: 1 }.b }y`; // done\nreturn "t" + a;';
  const text = await highlight(code, coloured);
  expect(text.replace(/\u001b\[\d+m/g, '')).toBe(code);
  expect(text).toContain('\u001b[35mconst\u001b[39m');
  expect(text).toContain('\u001b[32m}y`\u001b[39m');
  expect(text).toContain('\u001b[2m// done\u001b[22m');
  expect(await highlight('`${', coloured)).toContain('`${');
});
