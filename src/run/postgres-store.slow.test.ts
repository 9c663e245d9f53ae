import { afterAll, beforeAll, it } from 'vitest';
import { storePromises } from '../testing/index.ts';
import { type PostgresServer, postgresServer } from './fixtures/postgres-server.ts';
import { postgresStore } from './postgres-store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(() => server.remove());

let schemas = 0;
it.each(
  storePromises(() => {
    schemas += 1;
    const schema = `promise "${schemas}"`;
    const open = () => postgresStore(server.url, { schema });
    return {
      store: open(),
      other: open(),
      reopen: open,
      // The server's clock cannot be put forward; the leases are put back.
      async advance(ms) {
        const leases = `"${schema.replaceAll('"', '""')}".leases`;
        await server.query(`UPDATE ${leases} SET until = until - $1 * interval '1 ms'`, [ms]);
      },
    };
  }),
)('$title', ({ run }) => run());
