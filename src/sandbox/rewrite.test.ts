import { expect, it } from 'vitest';
import { SandboxError } from '../record/index.ts';
import { prepare } from './prepare.ts';
import { rewrite } from './rewrite.ts';

it.each([
  ['const', 'const x = 1; x', 'var   x = 1; x'],
  ['let', 'let x = 1', 'var x = 1'],
  ['let without a value starts afresh', 'let x; x', 'var x=void 0; x'],
  ['let uses the room of a stripped type', 'let x        ; x', 'var x=void 0 ; x'],
  ['var stays', 'var x = 1', 'var x = 1'],
  ['destructuring', 'const { a, b: [c] } = f()', 'var   { a, b: [c] } = f()'],
  ['functions stay', 'function f() {}', 'function f() {}'],
  ['class', 'class A {}\n(1)', 'A=class {};\n(1)\nvar A;'],
  ['class with a parent', 'class A extends B {}', 'A=class extends B {};\nvar A;'],
  ['class over two lines', 'class\nA {}', 'A=class\n {};\nvar A;'],
  ['exported const', 'export const x = 1', '       var   x = 1'],
  ['exported class', 'export class A {}', '       A=class {};\nvar A;'],
  ['default value', 'export default { a: 1 }', ';(             { a: 1 })'],
  ['default function without a name', 'export default function () {}', '       ;void   function () {}'],
  ['export list', 'const a = 1; export { a };', 'var   a = 1;              '],
  ['nested declarations stay', '{ const x = 1 } for (const y of []) {}', '{ const x = 1 } for (const y of []) {}'],
  ['top-level await stays', 'const x = await f()', 'var   x = await f()'],
])('rewrites in place: %s', (_title, source, expected) => {
  expect(rewrite(source).js).toBe(expected);
});

it('lists what a program declares, once each, with its kind', () => {
  const { declared } = rewrite(
    'const { a, ...b } = c, [d = 1, , e] = f; let g; var h; function i() {} class J {} var h;',
  );
  expect(declared.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'const a',
    'const b',
    'const d',
    'const e',
    'let g',
    'var h',
    'function i',
    'class J',
  ]);
});

it.each([
  ['an expression', 'f(); 1', true],
  ['an expression before functions', '1; function f() {}', true],
  ['a declaration', '1; const x = 2', false],
  ['a loop', 'for (;;) {}', false],
  ['a default export', 'export default 1', true],
  ['nothing', '', false],
])('knows whether a program has a value: %s', (_title, source, expected) => {
  expect(rewrite(source).valued).toBe(expected);
});

it.each([
  ["import fs from 'node:fs'", 1],
  ["\n  import 'x'", 2],
  ["export * from 'x'", 1],
  ["export { a } from 'x'", 1],
])('refuses to load modules, and says where: %s', (source, line) => {
  const refused = () => rewrite(source);
  expect(refused).toThrow(SandboxError);
  expect(refused).toThrow('Tools are global functions');
  expect(catching(refused)).toMatchObject({ facts: { line } });
});

it('strips types in place, and transpiles with a map what cannot be stripped', () => {
  expect(prepare('const x: number = 1;')).toEqual({ js: 'const x         = 1;' });
  const { js, map } = prepare('enum Size { Small }\nSize.Small');
  expect(js).toContain('Size["Small"]');
  expect(map?.mappings).toBeTruthy();
});

it('tells where the syntax is wrong', () => {
  expect(catching(() => prepare('const a = 1;\nconst b: = 2;'))).toMatchObject({
    code: 'program-invalid',
    message: 'Type expected.',
    facts: { line: 2, column: 10 },
  });
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (problem) {
    return problem;
  }
}
