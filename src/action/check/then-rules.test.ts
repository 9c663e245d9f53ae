import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';

const tools = 'declare function price(args: { item: string }): Promise<number>;';
const mend = (source: string, session: string[] = []) =>
  checkProgram({ source, tools, data: '', session }).result.amended;

it.each([
  [
    'a failure that is only told',
    "price({ item: 'mug' })\n  .then((eur) => {\n    const twice = eur * 2;\n    answer(twice);\n  })\n  .catch((error) => {\n    console.error('Failed:', error);\n    answer(error);\n  });",
    "const eur = await price({ item: 'mug' });\nconst twice = eur * 2;\n    answer(twice);",
  ],
  [
    'a handler without a block, awaited',
    "await price({ item: 'mug' }).then((eur) => answer(eur)).catch(console.error)",
    "const eur = await price({ item: 'mug' });\nanswer(eur);",
  ],
  [
    'a name that is taken',
    "const eur = 1;\nprice({ item: 'mug' }).then((eur) => answer(eur)).catch((e) => console.log(e));",
    "const eur = 1;\n{\nconst eur = await price({ item: 'mug' });\nanswer(eur);\n}",
  ],
])('awaits %s', (_what, source, mended) => {
  expect(mend(source)).toBe(mended);
});

it('does not take the name of an earlier program', () => {
  const source = "price({ item: 'mug' }).then((eur) => answer(eur)).catch(console.error)";
  expect(mend(source, ['const eur = 1;'])).toContain('{\nconst eur = await');
});

it.each([
  ['what is done when it fails', "price({ item: 'mug' }).then((eur) => answer(eur)).catch(() => answer(0))"],
  [
    'a value of its own',
    "price({ item: 'mug' }).then((eur) => { if (eur > 1) return; answer(eur); }).catch(console.error)",
  ],
  ['a chain of two', "price({ item: 'mug' }).then((a) => a + 1).then((b) => answer(b)).catch(console.error)"],
  ['a chain that hides no failure', "price({ item: 'mug' }).then((eur) => answer(eur))"],
])('leaves %s', (_what, source) => {
  expect(mend(source)).toBeUndefined();
});
