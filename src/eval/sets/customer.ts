/**
 * Who speaks for the customer: a script that tells what it is asked for, or a model that plays one (as in tau-bench).
 *
 * @module
 */
import type { Model } from '../../model/index.ts';

/** What a customer knows and tells when asked: the facts, each with words that ask for it. */
export interface CustomerFact {
  /** Words, in lower case, of which one stands in a question for the fact. */
  asked: readonly string[];
  tells: string;
}

/** Answers a question, or says that it does not know. */
export type Customer = (question: string) => Promise<string>;

const UNKNOWN = 'I do not know. Please do what you can.';

/** A customer by script: tells every fact that a question has a word for. The same question, the same answer. */
export function scriptedCustomer(facts: readonly CustomerFact[]): Customer {
  return async (question) => {
    const words = question.toLowerCase();
    const told = facts.filter(({ asked }) => asked.some((word) => words.includes(word)));
    return told.length === 0 ? UNKNOWN : told.map(({ tells }) => tells).join(' ');
  };
}

const REPLY_TOKENS = 80;

/**
 * A customer played by a model, at temperature 0. The conversation so far is told with each question.
 *
 * @param wish - what the customer wants, in its own words
 */
export function modelCustomer(model: Model, wish: string, facts: readonly CustomerFact[]): Customer {
  const said: string[] = [];
  return async (question) => {
    said.push(`Agent: ${question}`);
    const lines = [
      'You are a customer of a shop. Answer the agent in one short sentence, with what is asked for and nothing else.',
      `What you want: ${wish}`,
      `What you know: ${facts.map(({ tells }) => tells).join(' ')}`,
      ...said,
      'Customer:',
    ];
    const reply = await model.generate({
      messages: [{ role: 'user', parts: [{ text: lines.join('\n') }] }],
      temperature: 0,
      seed: 1,
      maxTokens: REPLY_TOKENS,
    });
    said.push(`Customer: ${reply.text.trim()}`);
    return reply.text.trim();
  };
}
