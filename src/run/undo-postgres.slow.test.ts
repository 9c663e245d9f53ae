/** The tests of undo and of forks once more, each on a Postgres schema of its own. */
import { afterAll, afterEach } from 'vitest';
import { postgresServer } from '../../test/postgres-server.ts';
import { makeTestStores } from './fixtures/test-store.ts';
import { postgresStore } from './postgres-store.ts';
import type { RunStore } from './run.ts';

const server = await postgresServer();
const open: RunStore[] = [];
let schemas = 0;
makeTestStores(() => {
  schemas += 1;
  const store = postgresStore(server.url, { schema: `test ${schemas}`, connections: 2 });
  open.push(store);
  return store;
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});
afterAll(() => server.remove());

await import('./undo.test.ts');
await import('./undo-place.test.ts');
await import('./fork.test.ts');
