/**
 * How fast a new program is checked, warm, in a session of 30 earlier programs, with 50 and with 1,000 tools.
 *
 * `node bench/check-time.ts [--json] [--quick]`
 *
 * @module
 */
import { createChecker } from '../src/action/index.ts';
import { median, quantile } from '../src/eval/index.ts';
import { type Measured, printRows, timed } from './rows.ts';

const EARLIER = 30;
const DATA = `declare const rows: { id: number; name: string; amount: number; country: string; paid: boolean; note: string | null }[];`;

/** Measures; `rounds` programs with each number of tools. */
export async function measureCheckTime(rounds: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [count, goalMs] of [
    [50, 15],
    [1_000, 50],
  ] as const) {
    const tools = Array.from({ length: count }, (_, at) => declaration(at)).join('\n');
    const session = Array.from({ length: EARLIER }, (_, at) => program(at, count).join('\n'));
    const checker = createChecker({ checkMs: 60_000 });
    const check = (source: string) => checker.check({ source, tools, data: DATA, session });
    const cold = await timed(() => check('1'));
    const times: number[] = [];
    for (let round = 0; round < rounds + 10; round++) {
      const lines = program(EARLIER + round, count);
      // Every other one has an error, which takes the compiler's spelling help.
      if (round % 2 === 1) lines.push(`answer(rows[0].amuont)`);
      let blocks = 0;
      times.push(
        await timed(async () => {
          blocks = (await check(lines.join('\n'))).findings.filter(({ severity }) => severity === 'block').length;
        }),
      );
      if (blocks !== round % 2) throw new Error(`The check went wrong: ${blocks} blocks in round ${round}.`);
    }
    checker.close();
    const warm = times.slice(10);
    const how = `${rounds} new programs of 8 lines, every other with an error, after ${EARLIER} earlier ones`;
    measured.push(
      {
        what: `check with ${count} tools, warm`,
        value: median(warm),
        unit: 'ms',
        goal: `≤ ${goalMs} ms`,
        holds: median(warm) <= goalMs,
        how: `median of ${how}`,
      },
      { what: `the same, 95 % within`, value: quantile(warm, 0.95), unit: 'ms' },
      {
        what: `first check with ${count} tools`,
        value: cold,
        unit: 'ms',
        how: 'starts the worker and loads the compiler',
      },
    );
  }
  return measured;
}

function declaration(at: number): string {
  const more = at % 3 === 0 ? '; limit?: number' : '';
  return `/**\n * Tool number ${at}: looks something up, in euros.\n * @example await tool${at}({ key: "a" })\n */
declare function tool${at}(args: { key: string; kind?: "small" | "large"${more} }): Promise<{ id: number; value: number; tags: string[]; next${at}: { name: string } | null }>;`;
}

/** Leans on what two earlier ones left, and leaves something itself. */
function program(at: number, tools: number): string[] {
  const one = (at * 7) % tools;
  const other = (at * 13 + 1) % tools;
  const before = at > 1 ? `total${Math.min(at, EARLIER) - 1} + list${Math.min(at, EARLIER) - 2}.length` : '0';
  return [
    `const found${at} = await tool${one}({ key: "k${at}" });`,
    `const list${at} = rows.filter((row) => row.amount > ${at}).map((row) => ({ ...row, value: found${at}.value }));`,
    `let total${at} = ${before};`,
    `for (const row of list${at}) {`,
    `  const more = await tool${other}({ key: row.name, kind: "small" });`,
    `  total${at} += more.value * row.amount;`,
    `}`,
    `console.log(total${at}, found${at}.next${one}?.name, list${at}.map((row) => row.country).join());`,
  ];
}

if (import.meta.main) {
  printRows(await measureCheckTime(process.argv.includes('--quick') ? 20 : 200));
  process.exit(0);
}
