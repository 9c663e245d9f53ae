// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand here as text.
import { expect, it } from 'vitest';
import { withoutLiterals } from './source-text.ts';

it.each([
  ['a / b / c', 'a / b / c'],
  ['"a/b" + x', "'' + x"],
  ['answer(`${(a / b).toFixed(1)} % of /`)', "answer(''((a / b).toFixed(1)))"],
  ['`a${`b${1 / 2}`}c/d`', "''(''(1 / 2))"],
  ['rows.filter((row) => /night/.test(row.kind))', "rows.filter((row) => ''.test(row.kind))"],
  ['f(x) / 2 + /x"y/.test(z)', "f(x) / 2 + ''.test(z)"],
  ['return /a[/]b/g.exec(x)', "return ''.exec(x)"],
  ['`${{ a: 1 }.a}/`', "''({ a: 1 }.a)"],
  ["it's / open `", "it's / open ''"],
])('leaves out texts and patterns, and no division: %s', (code, plain) => {
  expect(withoutLiterals(code)).toBe(plain);
});
