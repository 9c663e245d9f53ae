import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, postgresServer } from '../../test/postgres-server.ts';
import { poisonAgent } from './fixtures/poison-agent.ts';

const script = fileURLToPath(new URL('./fixtures/poison-process.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'poact-poison-'));
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

/** One worker, from its start to its end: what ended it. */
async function work(place: string): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', script, place], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? `exit ${code}`;
}

it.each(['sqlite', 'postgres'])(
  'fails a run that killed five workers, and it can be gone on with (%s)',
  async (kind) => {
    const place = kind === 'sqlite' ? join(folder, 'runs.db') : server.url;
    const { store, ...agent } = poisonAgent(place, () => 7);
    const { run } = await agent.start('Act.');
    const ends: string[] = [];
    // The first writes the intent of the call; five die without a word.
    for (let n = 0; n < 7; n++) ends.push(await work(place));
    expect(ends).toEqual([...Array.from({ length: 6 }, () => 'SIGKILL'), 'exit 0']);
    const events = await store.read(run);
    const intent = events.find(({ kind: name }) => name === 'call');
    expect(events.slice(intent?.seq)).toMatchObject([
      { kind: 'call', tool: 'act' },
      ...Array.from({ length: 5 }, () => ({ kind: 'resume' })),
      { kind: 'run-end', status: 'failed', error: { code: 'run-poisoned', facts: { takeovers: 5, seq: intent?.seq } } },
    ]);
    expect(events.at(-1)).toMatchObject({
      why: expect.stringMatching(/taken over 5 times.*\(the call \S+ of act\).*poact resume/),
    });
    expect(await store.due('poisoned')).toEqual([]);

    // The tool is mended.
    expect(await agent.resume(run)).toMatchObject({ status: 'answered', answer: 'Done.' });
    await store.close();
  },
  60_000,
);
