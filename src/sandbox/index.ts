/** Interpreters. */
export { type Prepared, prepare, stripTypes } from './prepare.ts';
export { type QuickjsOptions, quickjs } from './quickjs.ts';
export { type DeclarationKind, type Rewritten, rewrite } from './rewrite.ts';
export type {
  GuestLog,
  PendingCall,
  Program,
  RestoreOptions,
  Sandbox,
  SandboxLimits,
  SandboxOptions,
  Session,
  SessionName,
  SettledCall,
  Snapshot,
  Turn,
  TurnFacts,
} from './sandbox.ts';
