/** Worlds to act in: the contract and worlds of our own, and data files as typed variables. */
export type { DataRead, DataTables, LoadedVariable } from './data.ts';
export type {
  Act,
  ActKind,
  Environment,
  EnvironmentAbilities,
  Seen,
  SnapshotEnvironment,
  Start,
} from './environment.ts';
export { docText } from './inert.ts';
export { type InferredType, inferType, inferTypes } from './infer-type.ts';
export { monthNumber } from './months.ts';
export { type NamedText, namedTexts } from './named-texts.ts';
export { namer } from './names.ts';
export { changeMeant, onlyTells, ordersChange } from './orders-change.ts';
export { type ReadDataOptions, readData } from './read-data.ts';
export { type Reference, referencesIn, withReferences } from './references.ts';
export { refuse } from './refuse.ts';
export { ruledWorld, type Step, type WorldRules } from './ruled-world.ts';
export { patternOf, sharedWords, soughtIn, withoutAsides } from './sought.ts';
export { openTables, type TableBuilder } from './tables.ts';
export { type DataVariableOptions, dataVariable } from './variable.ts';
export { escaped, wordsOf } from './words.ts';
export { type AgentGymOptions, type AgentGymWorld, agentGym } from './worlds/agent-gym.ts';
export { type BankAccount, type BankState, bankWorld } from './worlds/bank.ts';
export {
  CRAFTING_LEVELS,
  type CraftingState,
  craftingWorld,
  isCrafted,
  type Recipe,
} from './worlds/crafting.ts';
export { isBrought, ROOMS_TASKS, type RoomsState, roomsWorld } from './worlds/rooms.ts';
export {
  type ScreenEdge,
  type ScreenGraphOptions,
  type ScreenState,
  screenGraph,
  type Touch,
  touchAct,
} from './worlds/screen-graph.ts';
export { type ShopCustomer, type ShopOrder, type ShopState, shopWorld } from './worlds/shop.ts';
export { type SqlTableOptions, sqlTable } from './worlds/sql-table.ts';
export { type WebPage, type WebSiteState, webSite } from './worlds/web-site.ts';
export { type Files, type WorkingCopyOptions, type WorkingCopyState, workingCopy } from './worlds/working-copy.ts';
export type { FileContent } from './worlds/working-copy-shell.ts';
export { type WrittenDate, writtenDates } from './written-dates.ts';
