/** Choosing the next step. */
export { answer } from './answer.ts';
export { type AnyStepOptions, anyStep } from './any-step.ts';
export { cutEntry, type EntryKind, inventsObservation, stopsFor } from './breakpoints.ts';
export { type CodePolicyOptions, code } from './code.ts';
export { CODE_ACT_INSTRUCTIONS, type CodeActOptions, codeAct } from './code-act.ts';
export { codeBlocks } from './code-blocks.ts';
export { type Dialogue, dialogue } from './dialogue.ts';
export { type ExploreOptions, explore } from './explore.ts';
export { plan, type StepPolicyOptions } from './plan.ts';
export { PLAN_EXECUTE_TEXTS, type PlanExecuteOptions, planExecute } from './plan-execute.ts';
export { type ControllerRule, POACT_RULES, type PoactControllerOptions, poactController } from './poact-controller.ts';
export type { Choice, Policy, PolicyContext, PolicyController } from './policy.ts';
export { REACT_RULES, type ReactOptions, react } from './react.ts';
export { read } from './read.ts';
export { readAnswer } from './read-answer.ts';
export { type SwitchPoliciesOptions, switchPolicies } from './switch-policies.ts';
export { ANY_STEP_TEXT, POACT_TEXT, STEP_TEXTS } from './texts.ts';
export { thought } from './thought.ts';
