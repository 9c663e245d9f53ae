/** Interpreters. */
export type {
  GuestLog,
  PendingCall,
  Program,
  Sandbox,
  SandboxLimits,
  SandboxOptions,
  Session,
  SettledCall,
  Snapshot,
  Turn,
  TurnFacts,
} from './sandbox.ts';
