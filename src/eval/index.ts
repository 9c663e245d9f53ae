/** How good is it: task sets, assertions, experiments, paired comparison. */
export { type ExpectedFile, fileIs } from './assertions/file.ts';
export { type JudgeOptions, judged } from './assertions/judge.ts';
export { type ProgramTest, passesTests } from './assertions/program.ts';
export { type States, sameState } from './assertions/state.ts';
export { fitsSchema, matches } from './assertions/text.ts';
export { equals, type MembersOptions, near, numberOf, sameList, sameSet, type Tolerance } from './assertions/values.ts';
export {
  type Assertion,
  type AssertionVerdict,
  type Attempt,
  type Score,
  type Scorer,
  type Sum,
  scored,
  scoreOf,
} from './score.ts';
export {
  type EvalTask,
  type Fold,
  type Selection,
  selectTasks,
  type TaskSet,
  type World,
  withFolds,
} from './task-set.ts';
