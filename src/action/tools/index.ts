/** Tools that come with the package. */
export { fileReadTools } from './file-read-tools.ts';
export { type FileWriteOptions, fileWriteTools } from './file-write-tools.ts';
export { queryTableTool } from './query-table-tool.ts';
