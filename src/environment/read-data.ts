/**
 * Files and folders made typed variables: the prompt carries their declarations, never the data.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { DataError, requirePositive } from '../record/index.ts';
import type { DataRead, Found, LoadedVariable, Lost } from './data.ts';
import { type DataFile, filesOf } from './data-files.ts';
import { count, sourceOf } from './describe.ts';
import { namer } from './names.ts';
import { isBinary } from './readers/text.ts';
import { withReferences } from './references.ts';
import { openTables, type TableBuilder } from './tables.ts';
import { dataVariable } from './variable.ts';

/** What {@link readData} may be told. */
export interface ReadDataOptions {
  /** Most bytes of JSON that stand in the session, all variables together; what does not fit is queried as a table. @default 20 MiB */
  maxInlineBytes?: number;
  /** Names that no variable may have: those of the tools. */
  reserved?: readonly string[];
  /** Most files that are read; more are skipped, and said so. @default 200 */
  maxFiles?: number;
}

type Reader = (file: { path: string; title: string }) => Promise<(Found | Lost)[]>;

const bytesOf =
  (read: (bytes: Uint8Array, title: string) => Found[] | Promise<Found[]>): Reader =>
  async ({ path, title }) =>
    read(await readFile(path), title);

/** How each kind of file is read; loaded on first use. */
const READERS: { readonly [extension: string]: () => Promise<Reader> } = {
  '.csv': async () => bytesOf((await import('./readers/csv.ts')).readCsv),
  '.tsv': async () => bytesOf((await import('./readers/csv.ts')).readCsv),
  '.tab': async () => bytesOf((await import('./readers/csv.ts')).readCsv),
  '.json': async () => bytesOf((await import('./readers/json.ts')).readJson),
  '.jsonl': async () => bytesOf((await import('./readers/json.ts')).readJsonLines),
  '.ndjson': async () => bytesOf((await import('./readers/json.ts')).readJsonLines),
  '.md': async () => bytesOf((await import('./readers/markdown.ts')).readMarkdown),
  '.markdown': async () => bytesOf((await import('./readers/markdown.ts')).readMarkdown),
  '.txt': () => textReader(),
  '.ini': () => textReader(),
  '.cfg': () => textReader(),
  '.conf': () => textReader(),
  '.properties': () => textReader(),
  '.log': async () => bytesOf((await import('./readers/log-lines.ts')).readLog),
  '.xlsx': async () => bytesOf((await import('./readers/excel.ts')).readExcel),
  '.sqlite': () => sqliteReader(),
  '.sqlite3': () => sqliteReader(),
  '.db': () => sqliteReader(),
};

const textReader = async (): Promise<Reader> => bytesOf((await import('./readers/plain-text.ts')).readText);

const sqliteReader = async (): Promise<Reader> => {
  const { readSqlite } = await import('./readers/sqlite.ts');
  return ({ path, title }) => readSqlite(path, title);
};

/** Text formats: bytes of a program under such a name are no data. */
const TEXTS = new Set(
  '.csv .tsv .tab .json .jsonl .ndjson .md .markdown .txt .ini .cfg .conf .properties .log'.split(' '),
);

/**
 * Reads data files, and folders of them.
 *
 * A file that cannot be read is skipped with the reason; the rest is there. Variables come in the order of the files'
 * names, so that the same folder always gives the same names and prompt.
 *
 * @throws {DataError} a path that was named is not there.
 * @example
 * ```ts
 * const { variables } = await readData('examples/suppliers');
 * variables.map(({ name, type }) => `declare const ${name}: ${type}`);
 * ```
 */
export async function readData(paths: string | readonly string[], options: ReadDataOptions = {}): Promise<DataRead> {
  const { maxInlineBytes = 20 * 1024 * 1024, reserved = [], maxFiles = 200 } = options;
  requirePositive({ maxInlineBytes, maxFiles });
  const { files, others, skipped } = await filesOf(
    typeof paths === 'string' ? [paths] : paths,
    (path) => extname(path).toLowerCase() in READERS,
  );
  const more = files.length - maxFiles;
  if (more > 0) {
    const why = `only the first ${maxFiles} are read; name the ones that matter.`;
    skipped.push({ file: count(more, 'more file'), why, ...(more > 1 && { files: more }) });
  }
  const nameOf = namer(reserved);
  const variables: LoadedVariable[] = [];
  let tables: TableBuilder | undefined;
  let left = maxInlineBytes;
  const lose = ({ title: file }: DataFile, { title, why }: Lost) => skipped.push({ file: sourceOf(file, title), why });

  for (const file of files.slice(0, maxFiles)) {
    try {
      const extension = extname(file.path).toLowerCase();
      if (TEXTS.has(extension) && (await isBinary(file.path))) throw new DataError(`${file.title} is no text.`);
      if (file.bytes > maxInlineBytes) {
        tables ??= await openTables();
        for (const one of await tables.addFile(file, nameOf)) lose(file, one);
        continue;
      }
      const read = await (READERS[extension] as () => Promise<Reader>)();
      for (const one of await read({ path: file.path, title: basename(file.path) })) {
        if ('why' in one) {
          lose(file, one);
          continue;
        }
        const { title, value, notes } = one;
        const variable = dataVariable({
          name: nameOf(title),
          value,
          source: sourceOf(file.title, title),
          ...(notes ? { notes } : {}),
        });
        if ((variable.bytes ?? 0) <= left) {
          left -= variable.bytes ?? 0;
          variables.push(variable);
          continue;
        }
        tables ??= await openTables();
        tables.addValue(variable, notes);
      }
    } catch (problem) {
      skipped.push({ file: file.title, why: problem instanceof Error ? problem.message : String(problem) });
    }
  }
  const opened = tables === undefined ? undefined : await tables.done();
  return { variables: withReferences(variables), skipped, others, ...(opened === undefined ? {} : { tables: opened }) };
}
