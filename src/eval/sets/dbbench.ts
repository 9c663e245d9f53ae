/**
 * DBBench (AgentBench, arXiv 2308.03688): questions about one SQL table, and changes to it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { environmentTools } from '../../action/index.ts';
import { type SnapshotEnvironment, sqlTable } from '../../environment/index.ts';
import { type Json, lazily, type Random } from '../../record/index.ts';
import { asserted } from '../assertions/asserted.ts';
import type { Scorer } from '../score.ts';
import { type EvalTask, type TaskSet, withFolds } from '../task-set.ts';
import { pick } from './chance.ts';
import { sameRows } from './dbbench/same-rows.ts';
import { readJsonLines } from './read-rows.ts';

const cellSchema = lazily((z) => z.union([z.string(), z.number()]).transform(String));
const rowSchema = lazily((z) =>
  z.object({
    description: z.string(),
    add_description: z.string(),
    label: z.array(z.string()),
    type: z.tuple([z.string()]),
    table: z.object({
      table_name: z.string(),
      table_info: z.object({
        columns: z.array(z.object({ name: z.string() })),
        rows: z.array(z.array(cellSchema())),
      }),
    }),
    answer_md5: z.string().optional(),
  }),
);
type Row = ReturnType<ReturnType<typeof rowSchema>['parse']>;

/** Loads the set from its folder. */
export async function dbbench(folder: string): Promise<TaskSet> {
  const rows = await readJsonLines(folder, 'dev.jsonl', rowSchema());
  return {
    name: 'dbbench',
    version: 2,
    about: 'Questions about one SQL table, and changes to it.',
    rule: 'SELECT: the answers as a set, numbers within 0.01. INSERT and UPDATE: the MD5 of the final table (AgentBench).',
    source: 'THUDM/AgentBench, Apache-2.0, tables from Wikipedia, CC BY-SA; the 60 rows for development.',
    tasks: withFolds(rows.map((row, at) => taskOf(`${at + 1}`, row))),
  };
}

const ASK = 'Answer with a list of values as the table has them; where there is no value, ["none"].';

function taskOf(id: string, row: Row): Omit<EvalTask, 'fold'> {
  const { description, add_description: about, label, type, answer_md5: md5, table } = row;
  const [kind] = type;
  const isChange = md5 !== undefined;
  return {
    id,
    kind: isChange ? kind : 'SELECT',
    text: isChange ? `${about}\n${description}` : `${about}\n${description}\n${ASK}`,
    ...(!isChange && { answer: { type: 'array', items: { type: ['string', 'number', 'null'] } } }),
    async open() {
      const { table_name: name, table_info: info } = table;
      const world = sqlTable({ name, columns: info.columns.map((column) => column.name), rows: info.rows });
      await world.reset({ task: id, seed: 1 });
      return {
        tools: environmentTools(world),
        score: isChange ? tableScore(world, md5) : answerScore(label),
        oracle: isChange ? () => execute(world, label[0] ?? '') : () => label,
        guess: (random) => (isChange ? guessChange(world, kind, table, random) : [pick(info.rows.flat(), random)]),
        close: world.close,
      };
    },
  };
}

const answerScore =
  (label: readonly string[]): Scorer =>
  ({ answer }) => [asserted('answer', sameRows(answer, label), answer, `Expected ${JSON.stringify(label)}`)];

/** @param expected - as the original prints it: `[('09aa…',)]` */
const tableScore =
  (world: SnapshotEnvironment, expected: string): Scorer =>
  async () => {
    const md5 = md5OfTable((await world.snapshot()) as (string | null)[][]);
    return [asserted('final table', expected.includes(md5), md5, `Expected the MD5 ${expected.replace(/\W/g, '')}`)];
  };

/**
 * The hash that the original has MySQL make: of each row the first five digits of the MD5 of its cells that are there, joined
 * by commas; sorted, joined by commas; and of that the MD5.
 */
export function md5OfTable(rows: readonly (readonly (string | null)[])[]): string {
  const hashes = rows.map((row) => md5(row.filter((cell) => cell !== null).join(',')).slice(0, 5));
  return md5(hashes.sort().join(','));
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

async function execute(world: SnapshotEnvironment, sql: string): Promise<Json> {
  return (await world.act({ name: 'execute', args: { sql } })).observation;
}

/** A row of cells of the table, each from its column; or such a cell in some row. */
function guessChange(
  world: SnapshotEnvironment,
  kind: string,
  { table_name, table_info }: Row['table'],
  random: Random['next'],
) {
  const { columns, rows } = table_info;
  const cellOf = (column: number) => text(pick(rows, random)[column] ?? '');
  const table = `"${table_name.replaceAll('"', '""')}"`;
  if (kind === 'INSERT')
    return execute(world, `INSERT INTO ${table} VALUES (${columns.map((_, at) => cellOf(at)).join(', ')})`);
  const [set, where] = [Math.floor(random() * columns.length), Math.floor(random() * columns.length)];
  const column = (at: number) => `"${(columns[at]?.name ?? '').replaceAll('"', '""')}"`;
  return execute(
    world,
    `UPDATE ${table} SET ${column(set)} = ${cellOf(set)} WHERE ${column(where)} = ${cellOf(where)}`,
  );
}

const text = (cell: string) => `'${cell.replaceAll("'", "''")}'`;
