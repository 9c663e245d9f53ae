/**
 * The model's replies to each question, kept beside the cells: what it wrote is worth more than one measurement.
 *
 * @module
 */

export interface KeptReplies {
  task: string;
  /** Each as the policy read it: with the beginning that was written for the model. */
  replies: string[];
}

/** Relative to this folder. */
export const repliesFile = (half: string, model: string) =>
  `../.cache/replies-${half}-${model.replace(/\W+/g, '-')}.jsonl`;
