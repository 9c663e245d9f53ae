import { expect, it } from 'vitest';
import { quickjs } from '../../sandbox/index.ts';
import { compile } from './compile.ts';
import { diagnosticsOf } from './diagnose.ts';
import { surroundingsOf } from './session.ts';

/** Every builtin of the guest, and what each has: `Math.max`, `Array.prototype.at`. */
const LISTING = `
  const names = [];
  for (const global of Object.getOwnPropertyNames(globalThis).filter((name) => name !== 'names' && name !== 'globalThis')) {
    names.push(global);
    const value = globalThis[global];
    if (value === null || (typeof value !== 'function' && typeof value !== 'object')) continue;
    for (const name of Object.getOwnPropertyNames(value)) names.push(global + '.' + name);
    for (const name of Object.getOwnPropertyNames(value.prototype ?? {})) names.push(global + '.prototype.' + name);
  }
  answer(names.filter((name) => /^[\\w$.]+$/.test(name) && !/[.](?:arguments|caller)$/.test(name)));`;

it('knows everything that the guest has', async () => {
  const session = await quickjs().open({ tools: [] });
  const turn = await session.start({ source: LISTING, now: 0 });
  session.close();
  const names = (turn.answer?.value ?? []) as string[];
  expect(names.length).toBeGreaterThan(600);
  const compiled = compile(names.join(';\n'), surroundingsOf('', '', []));
  const unknown = diagnosticsOf(compiled)
    .types()
    .map(({ start = 0 }) => names[compiled.file.getLineAndCharacterOfPosition(start).line]);
  expect(unknown).toEqual([]);
});

it.each(['fetch', 'process', 'window', 'document', 'require', 'Buffer', 'structuredClone', 'Temporal', 'Intl'])(
  'knows no %s',
  (name) => {
    const compiled = compile(`${name}.x`, surroundingsOf('', '', []));
    expect(diagnosticsOf(compiled).types()).toHaveLength(1);
  },
);
