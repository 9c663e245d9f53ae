/** Language models. */
export type {
  Constraint,
  Finish,
  Generate,
  Model,
  ModelAbilities,
  ModelListener,
  ModelReply,
  ModelRequest,
  ModelTool,
} from './model.ts';
