/** How good is it: task sets, scorers, experiments, paired comparison. */
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
