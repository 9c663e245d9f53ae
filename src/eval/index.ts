/** How good is it: task sets, assertions, experiments, paired comparison. */
export { type Arm, type ArmAgent, ablations, oracleArm, randomArm, type Scene } from './arm.ts';
export { type ExpectedFile, fileIs } from './assertions/file.ts';
export { type JudgeOptions, judged } from './assertions/judge.ts';
export { type ProgramTest, passesTests } from './assertions/program.ts';
export { type States, sameState } from './assertions/state.ts';
export { fitsSchema, matches } from './assertions/text.ts';
export { equals, type MembersOptions, near, numberOf, sameList, sameSet, type Tolerance } from './assertions/values.ts';
export type { Cell } from './cell.ts';
export { type ExperimentOptions, experiment } from './experiment.ts';
export { type HtmlReportOptions, htmlReport } from './html-report.ts';
export type { Plan, PlannedAttempt, PlannedTask } from './plan.ts';
export { type ReportFormat, reportOf } from './report.ts';
export { type ExperimentResult, readExperiment, type Spent } from './results.ts';
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
export { sentBudget } from './sent-budget.ts';
export { anytimeP, type SequentialOptions, stopWhenClear } from './sequential.ts';
export { bank } from './sets/bank.ts';
export { type Customer, type CustomerFact, modelCustomer, scriptedCustomer } from './sets/customer.ts';
export type { CustomerOptions } from './sets/customer-task.ts';
export {
  PUBLIC_TASK_SETS,
  type PublicTaskSetName,
  TASK_SETS,
  type TaskSetName,
  type TaskSetOptions,
  taskSet,
} from './sets/named-set.ts';
export { shop } from './sets/shop.ts';
export {
  type BootstrapOptions,
  bootstrapMean,
  comparePaired,
  type Interval,
  mcnemarExact,
  mean,
  median,
  type Paired,
  quantile,
  wilson,
} from './stats.ts';
export { type ArmRow, type Comparison, type GroupRow, type ResultTable, type TableOptions, tableOf } from './table.ts';
export {
  type EvalTask,
  type Fold,
  type FoldOptions,
  type Selection,
  selectTasks,
  type TaskSet,
  type World,
  withFolds,
} from './task-set.ts';
