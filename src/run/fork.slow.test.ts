import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { actionController, tool } from '../action/index.ts';
import { codeAct } from '../policy/index.ts';
import { scriptedModel } from '../testing/index.ts';
import { createAgent } from './agent.ts';
import { viewHash } from './compare.ts';
import { diffRuns } from './diff.ts';
import { memoryStore } from './memory-store.ts';
import { sqliteStore } from './sqlite-store.ts';
import { approvalsOf } from './waits.ts';

const folder = mkdtempSync(join(tmpdir(), 'poact-fork-'));
const said: string[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  console.log(said.join('\n'));
});

const program = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;

function world(replies: readonly string[], store = memoryStore()) {
  const input = z.object({ n: z.number() });
  const agent = createAgent({
    // By how many programs the prompt holds already, so that a fork goes on where it is.
    model: scriptedModel(({ messages }) => replies[messages.filter(({ role }) => role === 'assistant').length] ?? ''),
    policy: codeAct(),
    action: actionController({ review: { types: false, answers: false }, propose: { log: false, variable: false } }),
    tools: {
      look: tool({ description: 'Looks', input, effect: 'read', run: ({ n }) => n * 10 }),
      send: tool({ description: 'Sends', input, effect: 'irreversible', needsApproval: true, run: ({ n }) => n }),
    },
    limits: { steps: 100, loops: { same: 100 } },
    store,
  });
  return { store, agent };
}

it('makes a hundred forks of a run that waits: quick, small, and none sees what another holds', async () => {
  const path = join(folder, 'forks.db');
  const store = sqliteStore(path);
  const { agent } = world(
    [
      program("let mine = 'nobody'; const seen = []; for (let n = 0; n < 200; n++) seen.push(await look({ n }));"),
      program(
        'mine = await send({ n: -1 }); seen.push(mine); globalThis.own = mine; answer([mine, own, seen.length, seen.at(-1)])',
      ),
    ],
    store,
  );
  const { run, log } = await agent.run('Go.');
  const [wait] = await approvalsOf(store, run);
  const bytes = () => statSync(path).size + statSync(`${path}-wal`).size;
  const [before, started] = [bytes(), performance.now()];
  const forks: string[] = [];
  for (let n = 0; n < 100; n++) forks.push((await agent.fork(run, log.length)).run);
  const forkMs = performance.now() - started;
  const forkBytes = bytes() - before;
  for (const [n, fork] of forks.entries()) {
    const { id: call = '', digest = '' } = wait ?? {};
    expect(await approvalsOf(store, fork)).toHaveLength(1);
    await store.post(fork, { kind: 'approval', call, digest, verdict: 'edit', args: { n } });
  }
  const results = await Promise.all(forks.map((fork) => agent.resume(fork)));
  expect(results.map(({ answer }) => answer)).toEqual(forks.map((_, n) => [n, n, 201, n]));
  const allBytes = bytes() - before;
  expect(allBytes / 100).toBeLessThan(1_000_000);
  expect(await approvalsOf(store, run)).toHaveLength(1);
  said.push(
    `100 forks of a suspended run: ${forkMs.toFixed(0)} ms; on disk ${(forkBytes / 1e5).toFixed(1)} KB each, ${(allBytes / 1e5).toFixed(1)} KB each when they have ended.`,
  );
  await store.close();
});

it('replays to the same view hash, forked at any step of fifty', async () => {
  const steps = 50;
  const replies = Array.from({ length: steps }, (_, n) =>
    n === 0
      ? program('let sum = await look({ n: 1 }); const all = [sum];')
      : program(`sum += await look({ n: ${n} }); all.push(sum);${n === steps - 1 ? ' answer([sum, all.length])' : ''}`),
  );
  const { agent, store } = world(replies);
  const { run, log, answer } = await agent.run('Go.');
  const whole = viewHash(log);
  const started = performance.now();
  for (let step = 1; step <= steps; step++) {
    const at = log.findIndex((event) => event.step === step);
    const fork = await agent.fork(run, at);
    const replayed = await agent.replay(fork.run);
    expect(replayed, `step ${step}`).toMatchObject({ same: true, hash: { replayed: viewHash(log.slice(0, at)) } });
    if (step % 10 !== 0) continue;
    expect((await fork.resume()).answer).toEqual(answer);
    expect(await diffRuns(store, run, fork.run)).toMatchObject({ differ: false });
    expect(viewHash(await store.read(fork.run))).toBe(whole);
    expect(await agent.replay(fork.run)).toMatchObject({ same: true });
    expect(await diffRuns(store, run, fork.run)).toMatchObject({ differ: false });
  }
  said.push(`50 forks of a 50-step run, each replayed: ${(performance.now() - started).toFixed(0)} ms.`);
});
