import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { readJson, readJsonLines } from './json.ts';
import { readLog } from './log-lines.ts';
import { readText } from './plain-text.ts';

const rowsIn = (found: readonly { value: Json }[]) => found.flatMap(({ value }) => value as Json[]);
const bytes = (...lines: string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);

describe('a log', () => {
  it('of a web server is rows, with ISO times', () => {
    const rows = rowsIn(
      readLog(
        bytes(
          '10.0.4.1 - - [21/Mar/2026:10:35:39 +0000] "GET /login HTTP/1.1" 500 294',
          '10.0.4.2 - ada [21/Mar/2026:10:36:00 +0100] "POST /a?b=1 HTTP/1.1" 200 -',
          '10.0.4.1 - - [22/Mar/2026:00:00:01 +0000] "GET / HTTP/2" 200 1024',
        ),
        'access.log',
      ),
    );
    expect(rows[1]).toEqual({
      client: '10.0.4.2',
      user: 'ada',
      time: '2026-03-21T10:36:00+01:00',
      method: 'POST',
      path: '/a?b=1',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: null,
    });
  });

  it('of times, levels and messages is rows; its pairs are columns', () => {
    const [log] = readLog(
      bytes(
        '2026-03-01T10:00:00Z INFO [shop] started port=80',
        '2026-03-01T10:00:02.5Z ERROR payment failed: "no card" order=7 took=12.5',
        '[2026-03-01 10:00:03] warn: slow',
      ),
      'service.log',
    );
    expect(log?.value).toEqual([
      {
        time: '2026-03-01T10:00:00Z',
        level: 'INFO',
        source: 'shop',
        message: 'started',
        port: 80,
        order: null,
        took: null,
      },
      {
        time: '2026-03-01T10:00:02.5Z',
        level: 'ERROR',
        source: null,
        message: 'payment failed: "no card"',
        port: null,
        order: 7,
        took: 12.5,
      },
      {
        time: '2026-03-01 10:00:03',
        level: 'warn',
        source: null,
        message: 'slow',
        port: null,
        order: null,
        took: null,
      },
    ]);
  });

  // ORD-1001 was read as minus 1001, in a currency ORD.
  it('keeps identifiers in its messages', () => {
    const lines = [1, 2, 3].map((n) => `2026-03-01T10:00:0${n}Z ERROR ORD-100${n} failed after ${n} ms`);
    expect(rowsIn(readLog(bytes(...lines), 'x.log'))[0]).toMatchObject({ failed: 'ORD-1001', ms: 1 });
  });

  // The level was lost, and columns had names of their neighbours.
  it('of JSON lines is rows, by their own names', () => {
    const lines = [1, 2, 3].map((n) => `{"level":30,"time":${n},"pid":7,"msg":"took ${n} ms","req":{"id":${n}}}`);
    const [log, ...more] = readLog(bytes(...lines), 'x.log');
    expect(more).toEqual([]);
    expect(log?.value).toContainEqual({ level: 30, time: 2, pid: 7, msg: 'took 2 ms', req: { id: 2 } });
    const odd = readLog(bytes(...Array.from({ length: 10 }, () => '{"level":30,"msg":"a"}'), 'Killed'), 'x.log');
    expect(rowsIn(odd)[10]).toEqual({ raw: 'Killed' });
  });

  it('of pairs is rows', () => {
    const [log] = readLog(
      bytes('at=1 msg="a b" ok=true', 'at=2 msg=c ok=false', 'at=3 msg="d \\"e\\"" ok=true'),
      'x.log',
    );
    expect(log?.value).toEqual([
      { at: 1, msg: 'a b', ok: true },
      { at: 2, msg: 'c', ok: false },
      { at: 3, msg: 'd "e"', ok: true },
    ]);
  });

  it('keeps a line of another form', () => {
    const lines = Array.from({ length: 20 }, (_, n) => `2026-03-01T10:00:${10 + n}Z INFO step n=${n}`);
    const rows = rowsIn(readLog(bytes(...lines.slice(0, 9), '    at main (x.js:1)', ...lines.slice(9)), 'x.log'));
    expect(rows[9]).toMatchObject({ time: null, message: null, raw: 'at main (x.js:1)' });
    expect(rows[10]).toMatchObject({ n: 9, raw: null });
  });

  it.each([
    ['lines of no form', ['one', 'two', 'three']],
    ['too few lines', ['2026-03-01T10:00:00Z INFO a']],
    ['lines of which many have another form', ['2026-03-01T10:00:00Z INFO a', 'b', 'c', 'd']],
  ])('is its lines: %s', (_title, lines) => {
    expect(readLog(bytes(...lines), 'x.log')).toEqual([{ title: 'x.log', value: lines }]);
  });

  it('of a hundred thousand odd lines is read at once', () => {
    const odd = `2026-03-01T10:00:00Z INFO ${'a=b '.repeat(20)}${'='.repeat(200)} x`;
    expect(readLog(bytes(...Array.from({ length: 2_000 }, () => odd)), 'x.log')).toHaveLength(1);
  });
});

// 9007199254740993 was read as …992, without a word.
it('keeps whole numbers of JSON as texts that a number cannot hold', () => {
  const text =
    '{"id":9007199254740993,"n":-12345678901234567890,"in":[1,{"x":1e21}],"p":0.12345678901234567,"__proto__":2}';
  const exact = JSON.parse(
    '{"id":"9007199254740993","n":"-12345678901234567890","in":[1,{"x":1e21}],"p":0.12345678901234567,"__proto__":2}',
  );
  expect(readJson(bytes(text), 'x.json')[0]?.value).toEqual(exact);
  expect(readJsonLines(bytes(text, '{"id":9007199254740991}'), 'x.jsonl')[0]?.value).toEqual([
    exact,
    { id: 9007199254740991 },
  ]);
});

describe('a text', () => {
  it('of settings is an object, with its comments as notes, and the text', () => {
    const [settings, text] = readText(
      bytes('# Highest temperature, in Celsius:', 'kitchen: 22.3', 'server room = 18', 'open: true', 'name: "A: b"'),
      'limits.txt',
    );
    expect(settings).toEqual({
      title: 'limits.txt',
      value: { kitchen: 22.3, 'server room': 18, open: true, name: 'A: b' },
      notes: ['Highest temperature, in Celsius'],
    });
    expect(text?.title).toBe('limits text');
  });

  it('of sections nests', () => {
    const [settings] = readText(bytes('a = 1', '[db]', 'host = x', 'port = 5432'), 'app.ini');
    expect(settings?.value).toEqual({ a: 1, db: { host: 'x', port: 5432 } });
  });

  // The first was lost.
  it('of sections that come again has them as a list', () => {
    const [settings] = readText(bytes('[user]', 'name=Ada', 'age=5', '[user]', 'name=Bob', '[db]', 'port=1'), 'a.ini');
    expect(settings?.value).toEqual({ user: [{ name: 'Ada', age: 5 }, { name: 'Bob' }], db: { port: 1 } });
  });

  // The section took the setting's place.
  it('of a section that is named like a setting keeps both', () => {
    const [settings] = readText(bytes('a=1', 'b=2', '[a]', 'x=3', '[a_2]', 'y=4'), 'a.ini');
    expect(settings).toMatchObject({
      value: { a: 1, b: 2, a_3: { x: 3 }, a_2: { y: 4 } },
      notes: ['a_3: "[a]" in the file'],
    });
  });

  it('of settings may leave a value empty behind its sign', () => {
    const [settings] = readText(bytes('a = 1', 'b =', 'c = hello', 'password='), 'a.ini');
    expect(settings?.value).toEqual({ a: 1, b: null, c: 'hello', password: null });
  });

  it.each([
    ['times', ['10:30 standup', '11:00 review', '14:15 planning']],
    ['days and times', ['2026-05-01 10:30 standup', '2026-05-02 11:00 review']],
    ['addresses', ['http://a.example/x', 'https://b.example/y']],
    ['paths', ['C:\\Users\\a', 'D:\\data']],
  ])('of %s is no settings', (_what, lines) => {
    const [first] = readText(bytes(...lines), 'x.txt');
    expect(typeof first?.value === 'string' || Array.isArray(first?.value)).toBe(true);
  });

  it('of settings may hold times, addresses and paths', () => {
    const [settings] = readText(bytes('opens: 10:30', 'site: http://a.example', 'log=C:\\log', 'port:8080'), 'a.cfg');
    expect(settings?.value).toEqual({ opens: '10:30', site: 'http://a.example', log: 'C:\\log', port: 8080 });
  });

  it('of settings keeps a version as it is written', () => {
    const [settings] = readText(bytes('version = 1.10', 'minVersion: 2.5', 'price = 3.10'), 'app.conf');
    expect(settings?.value).toEqual({ version: '1.10', minVersion: 2.5, price: 3.1 });
  });

  it.each([
    ['prose', ['Dear Ada,', 'note: come at 5', 'time: soon']],
    ['a list of the same key', ['name: a', 'name: b']],
    ['one pair', ['name: a']],
  ])('stays a text: %s', (_title, lines) => {
    expect(readText(bytes(...lines), 'x.txt')).toEqual([{ title: 'x.txt', value: `${lines.join('\n')}\n` }]);
  });

  it('cannot set a prototype', () => {
    const [settings] = readText(bytes('__proto__: 1', 'a: 2'), 'x.txt');
    expect(({} as { a?: number }).a).toBeUndefined();
    expect(Object.keys(settings?.value as object)).toContain('a');
  });
});
