/**
 * What every sandbox promises, as data: each implementation runs them in its own test.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { type SandboxError, sha256 } from '../record/index.ts';
import type { PendingCall, Sandbox, SandboxOptions, Session, Turn } from '../sandbox/index.ts';
import type { ContractPromise } from './contract-promise.ts';

const NOW = Date.UTC(2026, 0, 2);

/**
 * The promises of the `Sandbox` contract. `make` is called once for each.
 *
 * @example
 * ```ts
 * it.each(sandboxPromises(() => quickjs()))('$title', ({ run }) => run());
 * ```
 */
export function sandboxPromises(make: () => Sandbox): ContractPromise[] {
  const promise = (title: string, check: (world: World) => Promise<void>, options: Partial<SandboxOptions> = {}) => ({
    title,
    async run() {
      const sandbox = make();
      const session = await sandbox.open({ tools: ['price', 'ship'], ...options });
      try {
        await check({
          sandbox,
          session,
          open: (other = {}) => sandbox.open({ tools: ['price', 'ship'], ...options, ...other }),
          start: (source) => session.start({ source, now: NOW }),
          give: (...results) =>
            session.settle(
              results.map(([id, value]) => ({ id, value })),
              NOW,
            ),
        });
      } finally {
        session.close();
      }
    },
  });

  return [
    promise('tells the value of the last expression, rendered and as JSON', async ({ start }) => {
      const turn = await start("const item: string = 'lamp';\n({ item, price: 20 })");
      assert.equal(turn.state, 'done');
      assert.deepEqual(turn.value, { text: "{ item: 'lamp', price: 20 }", json: { item: 'lamp', price: 20 } });
    }),
    promise('hands out all calls that wait at once, and takes their results in any order', async ({ start, give }) => {
      const turn = await start("await Promise.all([price({ item: 'a' }), price({ item: 'b' }), ship({ to: 'c' })])");
      assert.deepEqual(callsOf(turn), [
        { id: 1, tool: 'price', args: { item: 'a' } },
        { id: 2, tool: 'price', args: { item: 'b' } },
        { id: 3, tool: 'ship', args: { to: 'c' } },
      ]);
      assert.deepEqual(callsOf(await give([3, 'three'], [1, 'one'])), [{ id: 2, tool: 'price', args: { item: 'b' } }]);
      assert.deepEqual((await give([2, 'two'])).value?.json, ['one', 'two', 'three']);
    }),
    promise('keeps variables, functions, closures and classes between programs', async ({ start }) => {
      await start(
        'let count = 1; const next = () => ++count; function twice(n: number) { return n * 2 } class Box { n = 7 }',
      );
      const turn = await start('next(); twice(count) + new Box().n');
      assert.equal(turn.value?.json, 11);
    }),
    promise('lets a program declare a name again, and says so', async ({ start }) => {
      await start('const rate = 1; const read = () => rate;');
      const turn = await start('const rate = 2; read()');
      assert.deepEqual(turn.redeclared, ['rate']);
      assert.equal(turn.value?.json, 2);
    }),
    promise('tells the names of the session, with how they were declared', async ({ session, start }) => {
      await session.define({ rows: [] });
      await start('const a = 1; let { b, ...c } = { b: 2 }; function d() {} class E {}');
      const failed = await start("const f = (() => { throw new Error('f') })();");
      const names = (failed.names ?? []).map(({ name, kind }) => `${kind} ${name}`);
      assert.deepEqual(names, ['global rows', 'const a', 'let b', 'let c', 'function d', 'class E']);
    }),
    promise('leaves a name free whose initialiser threw', async ({ start }) => {
      const failed = await start("const rate = (() => { throw new Error('no rate') })();");
      assert.equal(failed.state, 'failed');
      assert.equal((await start('const rate = 3; rate')).value?.json, 3);
    }),
    promise('throws a failed call in the guest, as an error of that name and message', async ({ session, start }) => {
      await start('let told = ""; try { await price({}) } catch (problem) { told = String(problem) }\ntold');
      const turn = await session.settle([{ id: 1, error: { name: 'ToolError', message: 'no such item' } }], NOW);
      assert.equal(turn.value?.json, 'ToolError: no such item');
    }),
    promise('tells errors in the lines and columns of the source', async ({ start }) => {
      const turn = await start('const rows: number[] = [1];\n  const a: string = rows.missing.length;');
      assert.equal(turn.state, 'failed');
      const { name, line, column, stack = '' } = errorOf(turn);
      assert.deepEqual({ name, line }, { name: 'TypeError', line: 2 });
      assert.ok(column !== undefined && column >= 21 && column <= 34, `column ${column}`);
      assert.doesNotMatch(stack, /node:|file:|\/[a-z]+\//);
    }),
    promise('tells where a program’s syntax is wrong', async ({ start }) => {
      const turn = await start('const a = 1;\nconst b = ;');
      assert.equal(turn.state, 'failed');
      assert.equal(errorOf(turn).name, 'SyntaxError');
      assert.equal(errorOf(turn).line, 2);
    }),
    promise('lets calls that nobody awaits come to their end', async ({ start, give }) => {
      const turn = await start("price({ item: 'a' }).then((value) => console.log(value)); 1");
      assert.equal(turn.state, 'waiting');
      const ended = await give([1, 'late']);
      assert.equal(ended.state, 'done');
      assert.deepEqual(ended.logs, [{ level: 'log', text: 'late', value: 'late' }]);
      assert.equal(ended.value?.json, 1);
    }),
    promise('takes the last answer a program proposes', async ({ start }) => {
      assert.deepEqual((await start('answer(1); answer({ total: 26 });')).answer, { value: { total: 26 } });
      assert.equal((await start('1')).answer, undefined);
    }),
    promise('gives what was logged, by level', async ({ start }) => {
      const { logs } = await start("console.log('n is', 1); console.warn({ a: [1] }); console.error('x')");
      assert.deepEqual(logs, [
        { level: 'log', text: 'n is 1' },
        { level: 'warn', text: '{ a: [1] }', value: { a: [1] } },
        { level: 'error', text: 'x', value: 'x' },
      ]);
    }),
    promise('makes a timer a call, and the clock an argument', async ({ session, start }) => {
      const turn = await start(
        'const before = Date.now(); await new Promise((done) => setTimeout(done, 250)); [before, Date.now()]',
      );
      assert.deepEqual(callsOf(turn), [{ id: 1, tool: 'setTimeout', args: { ms: 250 } }]);
      const ended = await session.settle([{ id: 1, value: null }], NOW + 250);
      assert.deepEqual(ended.value?.json, [NOW, NOW + 250]);
    }),
    promise('takes a cleared timer back', async ({ start }) => {
      const turn = await start('clearTimeout(setTimeout(() => console.log(1), 10)); 1');
      assert.equal(turn.state, 'done');
    }),
    promise('draws random numbers from the seed', async ({ open, start }) => {
      const first = await start('[Math.random(), Math.random()]');
      const same = await open();
      const other = await open({ seed: 2 });
      const draw = { source: '[Math.random(), Math.random()]', now: NOW };
      assert.deepEqual((await same.start(draw)).value?.json, first.value?.json);
      assert.notDeepEqual((await other.start(draw)).value?.json, first.value?.json);
      same.close();
      other.close();
    }),
    promise(
      'restores a snapshot with calls pending, and random numbers and ids go on',
      async ({ sandbox, session, start, give }) => {
        await start('let sum = 0; const add = (n: number) => { sum += n; return sum };');
        await start('const both = await Promise.all([price({}), ship({})]); [...both.map(add), Math.random()]');
        const snapshot = await session.snapshot();
        const copy = await sandbox.restore(snapshot, { tools: ['ship', 'price'] });
        const ended = await give([2, 20], [1, 3]);
        await copy.settle([{ id: 1, value: 3 }], NOW);
        const again = await copy.settle([{ id: 2, value: 20 }], NOW);
        assert.deepEqual(again.value?.json, ended.value?.json);
        const next = await copy.start({ source: 'await price({ sum })', now: NOW });
        assert.deepEqual(callsOf(next), [{ id: 3, tool: 'price', args: { sum: 23 } }]);
        copy.close();
      },
    ),
    promise('restores a snapshot that lies on earlier ones, and refuses one that lies on others', async (world) => {
      const { sandbox, session, start, give } = world;
      const kept = new Map<string, Uint8Array>();
      let over: string[] = [];
      const take = async () => {
        const snapshot = await session.snapshot({ over });
        const name = sha256(snapshot.bytes);
        kept.set(name, snapshot.bytes);
        over = [...snapshot.below, name];
        return snapshot;
      };
      await start('let sum = 1; const list = [1];');
      await take();
      for (let turn = 1; turn < 10; turn++) {
        await start(`sum += ${turn}; list.push(await price({ sum })); JSON.stringify([sum, list])`);
        const snapshot = await take();
        const tools = ['price', 'ship'];
        const read = async (name: string) => kept.get(name);
        const copy = await sandbox.restore(snapshot, { tools, read });
        const ended = await give([turn, turn]);
        assert.deepEqual((await copy.settle([{ id: turn, value: turn }], NOW)).value, ended.value, `turn ${turn}`);
        copy.close();
        if (snapshot.below.length === 0) continue;
        const gone = sandbox.restore(snapshot, { tools, read: async () => undefined });
        await assertRefused(gone, 'missing');
        const other = sandbox.restore({ ...snapshot, below: over }, { tools, read });
        await assertRefused(other, 'damaged');
      }
      assert.deepEqual((await session.snapshot()).below, []);
    }),
    promise('forks into sessions that know nothing of each other', async ({ session, start, give }) => {
      await start('let n = 1; await price({}); n');
      const fork = await session.fork();
      assert.equal((await give([1, 0])).value?.json, 1);
      await start('n = 100;');
      assert.equal((await fork.settle([{ id: 1, value: 0 }], NOW)).value?.json, 1);
      assert.equal((await fork.start({ source: 'n += 1; n', now: NOW })).value?.json, 2);
      fork.close();
      assert.equal((await start('n')).value?.json, 100);
    }),
    promise('defines variables from outside, as copies', async ({ session, open, start }) => {
      const rows = [{ a: 1 }];
      const given = await open({ globals: { rows } });
      await given.start({ source: 'rows[0].a = 2; rows.push({ a: 3 });', now: NOW });
      assert.deepEqual(rows, [{ a: 1 }]);
      given.close();
      await session.define({ more: { b: [1, 2] } });
      assert.equal((await start('more.b.length')).value?.json, 2);
    }),
    promise(
      'refuses a snapshot of another engine, of other tools, cut short or altered',
      async ({ sandbox, session }) => {
        const good = await session.snapshot();
        const tools = ['price', 'ship'];
        const altered = Uint8Array.from(good.bytes);
        altered[altered.length - 9] = (altered[altered.length - 9] ?? 0) ^ 1;
        const bad = [
          [{ ...good, engine: 'another 1.0' }, tools, 'engine'],
          [good, ['price'], 'tools'],
          [{ ...good, bytes: good.bytes.slice(0, -7) }, tools, 'damaged'],
          [{ ...good, bytes: altered }, tools, 'damaged'],
          [{ ...good, bytes: new TextEncoder().encode('no snapshot') }, tools, 'form'],
        ] as const;
        for (const [snapshot, given, problem] of bad) {
          const refused = sandbox.restore(snapshot, { tools: given });
          await assertRefused(refused, problem);
        }
      },
    ),
    promise('gives the guest no authority that no tool gave it', async ({ start }) => {
      const names = [
        'process',
        'require',
        'fetch',
        'module',
        'Buffer',
        'Deno',
        'WebAssembly',
        'Worker',
        'XMLHttpRequest',
      ];
      const turn = await start(`[${names.map((name) => `typeof ${name}`).join(', ')}]`);
      assert.deepEqual(
        turn.value?.json,
        names.map(() => 'undefined'),
      );
      const escaped = await start("[Function('return typeof process')(), (0, eval)('typeof require')]");
      assert.deepEqual(escaped.value?.json, ['undefined', 'undefined']);
      assert.equal((await start("await import('node:fs')")).state, 'failed');
      assert.equal((await start("import fs from 'node:fs';")).state, 'failed');
    }),
    promise(
      'ends a program that computes too long; the session goes on as it was before it',
      async ({ start }) => {
        await start('let n = 1;');
        const turn = await start('n = 2; while (true) {}');
        assert.equal(turn.state, 'failed');
        assert.equal(errorOf(turn).name, 'TimeoutError');
        assert.equal((await start('n')).value?.json, 1);
      },
      { limits: { turnMs: 100 } },
    ),
    promise('says that a program waits for what can never come', async ({ start }) => {
      const turn = await start('await new Promise(() => {})');
      assert.equal(turn.state, 'failed');
      assert.equal((await start('1')).state, 'done');
    }),
    promise('fails a program whose rejection nobody handled', async ({ start }) => {
      const turn = await start("Promise.reject(new RangeError('lost')); 1");
      assert.equal(turn.state, 'failed');
      assert.equal(errorOf(turn).name, 'RangeError');
    }),
    promise('refuses what its caller got wrong', async ({ session, start }) => {
      await assert.rejects(session.settle([{ id: 9, value: 1 }], NOW), { code: 'sandbox-failed' });
      await start('await price({})');
      await assert.rejects(start('1'), { code: 'sandbox-failed' });
      session.close();
      await assert.rejects(start('1'), { code: 'sandbox-failed' });
    }),
  ];
}

interface World {
  sandbox: Sandbox;
  session: Session;
  open(options?: Partial<SandboxOptions>): Promise<Session>;
  start(source: string): Promise<Turn>;
  give(...results: [id: number, value: PendingCall['args']][]): Promise<Turn>;
}

const assertRefused = (restoring: Promise<Session>, problem: string) =>
  assert.rejects(restoring, (error: SandboxError) => {
    assert.deepEqual([error.code, error.facts.problem], ['snapshot-refused', problem]);
    return true;
  });

function callsOf(turn: Turn): PendingCall[] {
  assert.equal(turn.state, 'waiting');
  return turn.state === 'waiting' ? turn.calls : [];
}

function errorOf(turn: Turn) {
  return turn.state === 'failed' ? turn.error : assert.fail(`expected a failed turn, got ${turn.state}`);
}
