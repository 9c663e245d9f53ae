/**
 * Loaded before a program (`node --import`), in its threads too: any socket to another place is refused and written to the
 * file named in `POACT_SOCKETS`.
 *
 * @module
 */
import { appendFileSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const require = createRequire(import.meta.url);

function refuse(what: string): never {
  const refused = new Error(`A socket was opened: ${what}`);
  appendFileSync(process.env.POACT_SOCKETS ?? 'sockets.txt', `${refused.stack}\n`);
  throw refused;
}

const net = require('node:net') as typeof import('node:net');
const dgram = require('node:dgram') as typeof import('node:dgram');
const dns = require('node:dns') as typeof import('node:dns');

// Every TCP and TLS connection, and what `fetch` opens, goes through this one.
net.Socket.prototype.connect = (...args: unknown[]) => refuse(`connect ${JSON.stringify(args)}`);
net.Server.prototype.listen = (...args: unknown[]) => refuse(`listen ${JSON.stringify(args)}`);
dgram.Socket.prototype.send = () => refuse('a datagram');
dgram.Socket.prototype.bind = () => refuse('a datagram socket');
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
  dns[name] = ((host: string) => refuse(`the name ${host}`)) as never;
  dns.promises[name as 'lookup'] = ((host: string) => refuse(`the name ${host}`)) as never;
}
syncBuiltinESMExports();
