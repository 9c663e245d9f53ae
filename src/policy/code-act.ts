/**
 * Code-act: every step is one model call, answered with one block of TypeScript to run next,
 * or with prose, which proposes it as the answer.
 *
 * Nothing is kept between calls. What this policy knows it reads off the log, so a resumed
 * or forked run decides exactly as the first one did.
 *
 * @module
 */
import type { Model } from '../model/index.ts';
import { cutMiddle, type Decision, type Message, type Projection, requirePositive, textOf } from '../record/index.ts';
import { codeBlocks, fence } from './code-blocks.ts';
import type { Policy } from './policy.ts';
import { readAnswer } from './read-answer.ts';
import { fitted } from './step-prompt.ts';

/** What {@link codeAct} is built from. Nothing is needed. */
export interface CodeActOptions {
  /** The model that decides. @default the agent's */
  model?: Model;
  /** Said to the model ahead of tools and task. @default {@link CODE_ACT_INSTRUCTIONS} */
  instructions?: string;
  /** Longest observation shown to the model, in characters; a longer one loses its middle. @default 10_000 */
  observationChars?: number;
  /** Longest reply, in tokens. @default 800 */
  replyTokens?: number;
}

export const CODE_ACT_INSTRUCTIONS =
  'Reply with one ```ts block to run next; await the functions, console.log what you need to see, and call answer(value) with the final value. When the task is done, reply with the answer and no block.';

/**
 * Builds a policy that acts by code (Wang et al. 2024, CodeAct, section 2).
 *
 * @throws {OptionError} `observationChars` or `replyTokens` is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, policy: codeAct() });
 * ```
 */
export function codeAct(options: CodeActOptions = {}): Policy {
  const { model, instructions = CODE_ACT_INSTRUCTIONS, observationChars = 10_000, replyTokens = 800 } = options;
  requirePositive({ observationChars, replyTokens });
  const heard = hearing(observationChars);

  return {
    name: 'code-act',
    async decide(view, { generate, select, can, signal }) {
      const space = await select('act');
      const said = view.project(heard);
      const reply = await generate(
        {
          messages: fitted(
            [{ role: 'system', parts: [{ text: `${instructions}\n\n${space.text}` }] }, ...said.messages],
            (model?.can ?? can).contextTokens,
            replyTokens,
          ),
          stop: ['\n```\n', '\nObservation:'],
          temperature: said.slips === 0 ? 0 : 0.7,
          seed: 1 + said.slips,
          maxTokens: replyTokens,
          purpose: 'code',
          signal,
        },
        model,
      );
      return { ...toDecision(reply.text), selection: space.seq, call: reply.seq };
    },
  };
}

interface Heard {
  messages: Message[];
  /** Replies in a row that came to nothing: the next is not sampled the same way. */
  slips: number;
}

/** The log as the model hears it: the task, then in turn its own programs and what came of them. Slips are left out. */
function hearing(observationChars: number): Projection<Heard> {
  const user = (text: string): Message => ({ role: 'user', parts: [{ text }] });
  return {
    rewinds: true,
    start: () => ({ messages: [], slips: 0 }),
    next(heard, event) {
      const { messages } = heard;
      if (event.kind === 'task') messages.push({ role: 'user', parts: event.parts });
      if (event.kind === 'decision') {
        heard.slips += 1;
        if (event.decision.kind === 'act')
          messages.push({ role: 'assistant', parts: [{ text: fence(event.decision.code) }] });
        if (event.decision.kind === 'answer')
          messages.push({ role: 'assistant', parts: [{ text: JSON.stringify(event.decision.value) }] });
      }
      if (event.kind === 'observation') {
        heard.slips = 0;
        messages.push(user(cutMiddle(textOf(event.parts), observationChars)));
      }
      if (event.kind === 'review' && event.verdict === 'block') {
        messages.push(user(`Not done: ${event.reason ?? event.rule}`));
      }
      if (event.kind === 'reply') messages.push({ role: 'user', parts: event.parts });
      return heard;
    },
  };
}

/** One block acts and none answers. Several are the model's slip: it is logged, and nothing throws. */
function toDecision(reply: string): Decision {
  const [code, ...more] = codeBlocks(reply);
  if (code === undefined) return { kind: 'answer', value: readAnswer(reply)?.value ?? reply.trim() };
  if (more.length === 0) return { kind: 'act', code };
  return { kind: 'correct', problem: `Reply with one code block, not ${more.length + 1}.` };
}
