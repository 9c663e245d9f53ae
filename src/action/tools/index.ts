/** Tools that come with the package. */
export { fileReadTools } from './file-read-tools.ts';
export { type FileWriteOptions, fileWriteTools } from './file-write-tools.ts';
export { keyValueTools } from './key-value-tools.ts';
export { queryTableTool } from './query-table-tool.ts';
export { type SqliteRowOptions, sqliteRowTools } from './sqlite-row-tools.ts';
