/** The command line. */
export { EXIT_CODES, type ExitCode } from './exit-codes.ts';
export type { Io, Output } from './io.ts';
export { main } from './main.ts';
