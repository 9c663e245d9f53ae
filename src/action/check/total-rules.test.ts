import { expect, it } from 'vitest';
import { checkProgram } from './check-program.ts';
import { PROGRAM_DATA_TEXT, PROGRAM_TOOLS_TEXT } from './fixtures/programs.ts';

const doubtsOf = (source: string) => {
  const { findings } = checkProgram({ source, tools: PROGRAM_TOOLS_TEXT, data: PROGRAM_DATA_TEXT, session: [] }).result;
  return findings.filter(({ rule }) => rule === 'total-across-rows').length;
};

it.each([
  'let t = 0, n = 0;\nfor (const s of suppliers) { t += s.priceEur; if (t < 9) n++; }\nanswer(n)',
  'let t = 0, n = 0;\nfor (const s of suppliers) { t += s.priceEur; if (9 > t) n++; }\nanswer(n)',
  'let t = 0, n = 0;\nfor (const s of suppliers) { t = t + s.priceEur; if (t < 9) n++; }\nanswer(n)',
  'const LIMIT = 9;\nlet t = 0, n = 0;\nfor (const s of suppliers) { t += s.priceEur; if (t < LIMIT) n++; }\nanswer(n)',
  'let t = 0, n = 0;\nsuppliers.forEach((s) => { t += s.priceEur; if (t < 9) n++; });\nanswer(n)',
  'let t = 0, n = 0;\nfor (const s of suppliers) { t += s.priceEur; n += t < 9 ? 1 : 0; }\nanswer(n)',
  'let t = 0, n = 0;\nsuppliers.forEach((s) => { t += s.priceEur; if (t > 9) return; n++; });\nanswer(n)',
])('doubts a total of all rows that is compared at each: %s', (source) => {
  expect(doubtsOf(source)).toBe(1);
});

it.each([
  'let n = 0;\nfor (const s of suppliers) { let t = 0; t += s.priceEur; if (t < 9) n++; }\nanswer(n)',
  'let t = 0, n = 0;\nfor (const s of suppliers) { t = 0; t += s.priceEur; if (t < 9) n++; }\nanswer(n)',
  'let n = 0;\nfor (const s of suppliers) { n += 1; if (n < 9) console.log(s); }\nanswer(n)',
  'let n = 0;\nfor (const s of suppliers) { n = n + 1; if (n < 9) console.log(s); }\nanswer(n)',
  'let t = 0;\nfor (const s of suppliers) { t += s.priceEur; }\nif (t < 9) answer(t)',
])('but not what begins anew, counts, or is compared at the end: %s', (source) => {
  expect(doubtsOf(source)).toBe(0);
});

// "On which day did the donations pass 200 euros in all?" asks for the total of all rows up to there.
it.each([
  'let t = 0, at = "";\nfor (const s of suppliers) { t += s.priceEur; if (t > 9) { at = s.supplier; break; } }\nanswer(at)',
  'let t = 0, at = "";\nfor (const s of suppliers) { t += s.priceEur; if (t <= 9) continue; at = s.supplier; break; }\nanswer(at)',
  'function first() { let t = 0; for (const s of suppliers) { t += s.priceEur; if (t > 9) return s.supplier; } }\nanswer(first())',
  'let t = 0, at = "";\nsuppliers.forEach((s) => { t += s.priceEur; if (t > 9 && !at) at = s.supplier; });\nanswer(at)',
  'let t = 0, at = "";\nfor (const s of suppliers) { t += s.priceEur; if (t > 9) { if (at === "") at = s.supplier; } }\nanswer(at)',
  'let t = 0, at;\nfor (const s of suppliers) { t += s.priceEur; if (t > 9) at ??= s.supplier; }\nanswer(at)',
])('nor the row at which it passes a limit: %s', (source) => {
  expect(doubtsOf(source)).toBe(0);
});
