/**
 * Reading an action out of a reply in ReAct's text format: `Action:` and `Action Input:`, the paper's `Action: tool[words]`,
 * and what models make of them.
 *
 * @module
 */
import { type Json, jsonAt } from '../record/index.ts';
import { wordsToJson } from './read-answer.ts';

/** One action: a tool with its arguments, or the end. */
export type ReadAction = { tool: string; args: Json } | { answer: Json };

/** A tool as it was offered: its name, and the JSON Schema of its arguments. */
export interface Offered {
  name: string;
  input: { [key: string]: unknown };
}

/** Where an action begins: at a line's start in any case, or after the thought on the same line. */
const ACTION = /(?:(?:^|\n)[ \t>#*-]*(?:[Aa]ction|ACTION)|\bAction)[ \t]*\d*\**[ \t]*:/g;
const FINAL = /(?:(?:^|\n)[ \t>#*-]*(?:[Ff]inal[ ])?[Aa]nswer|\bFinal Answer)\**[ \t]*:/;
/** What a model wrote past its action. It is not its to write. */
const PAST = /\n[ \t>#*-]*(?:observation|question)\b/i;
const INPUT = /^\s*\**action[ _]input[ \t]*\d*\**[ \t]*:\**/i;
const NAME = /^[\s*`"']*([A-Za-z_$][\w$.-]*)[*`"']*/;
/** The paper's action that ends a run, and its relatives. */
const FINISH = /^(?:finish|answer|final_answer)$/i;

/**
 * The first action of a reply, or the answer where that comes first. An action with a tool that was not offered gives way
 * to an answer after it (`Action: None`). `undefined` when there is neither.
 *
 * @example
 * ```ts
 * readAction('Thought: look.\nAction: price\nAction Input: {"item": "lamp"}', [{ name: 'price', input: {} }]);
 * // { tool: 'price', args: { item: 'lamp' } }
 * ```
 */
export function readAction(reply: string, offered: readonly Offered[]): ReadAction | undefined {
  const text = reply.split(PAST)[0] as string;
  const final = FINAL.exec(text);
  const answer = final === null ? undefined : answerOf(text.slice(final.index + final[0].length));
  for (const mark of text.matchAll(ACTION)) {
    if (answer !== undefined && mark.index > (final?.index ?? 0)) break;
    const action = actionAt(text, mark, offered);
    if (action !== undefined && ('answer' in action || offered.some(({ name }) => name === action.tool))) return action;
    // In the middle of a line it may be prose: "the next Action: is to …".
    if (mark.index === 0 || mark[0].startsWith('\n')) return answer ?? action;
  }
  return answer;
}

/** What a reply says before its action: the thought, without its label. */
export function thoughtOf(reply: string): string {
  const [before = ''] = (reply.split(PAST)[0] as string).split(new RegExp(`${ACTION.source}|${FINAL.source}`));
  return before.replace(/^[\s*]*thought[ \t]*\d*\**[ \t]*:\**/i, '').trim();
}

function actionAt(text: string, mark: RegExpExecArray, offered: readonly Offered[]): ReadAction | undefined {
  const said = text.slice(mark.index + mark[0].length);
  const named = NAME.exec(said);
  if (named === null) return undefined;
  const tool = named[1] as string;
  const found = offered.find(({ name }) => name === tool);
  const args = argsOf(said.slice(named[0].length), found !== undefined || FINISH.test(tool));
  if (args === undefined) return undefined;
  if (found === undefined && FINISH.test(tool)) return isEmpty(args) ? undefined : { answer: unwrapped(args) };
  return { tool, args: fitting(args, found) };
}

/** The first complete JSON value, in whatever brackets or fences; else the words. Words after an unknown name are prose. */
function argsOf(rest: string, known: boolean): Json | undefined {
  const input = INPUT.exec(rest);
  const said = rest
    .slice(input?.[0].length ?? 0)
    .replace(/^\s*`{1,3}(?:json)?\s*/i, '')
    .trim();
  const text = said.startsWith('(') ? said.slice(1).trimStart() : said;
  if (text === '' || text.startsWith(')')) return {};
  const json = jsonAt(text, 0)?.value;
  if (json !== undefined) return input === null && Array.isArray(json) && json.length === 1 ? (json[0] as Json) : json;
  if (input === null && text.startsWith('['))
    return wordsToJson(/^\[\s*([^\]]*?)\s*\]/.exec(text)?.[1] ?? text.slice(1));
  const line = (text.split('\n')[0] as string).replace(said === text ? /`+$/ : /\)?`*$/, '').trim();
  return known || input !== null || typeof wordsToJson(line) === 'number' ? wordsToJson(line) : undefined;
}

/** Words for a tool that takes one thing are that thing. */
function fitting(args: Json, tool: Offered | undefined): Json {
  const [only, ...more] = Object.keys(Object(tool?.input.properties));
  if (only === undefined || more.length > 0 || isObject(args)) return args;
  return { [only]: args };
}

/** The answer is what follows on the line where that is JSON, else all that follows. */
function answerOf(said: string): { answer: Json } | undefined {
  const text = said.replace(/^[\s*]+/, '').trim();
  if (text === '') return undefined;
  const json = jsonAt(text, 0)?.value;
  if (json !== undefined && typeof json !== 'string') return { answer: unwrapped(json) };
  const first = wordsToJson((text.split('\n')[0] as string).replace(/[.*]+$/, '').trim());
  return { answer: typeof first === 'string' ? wordsToJson(text.replace(/\*+$/, '')) : first };
}

/** `{ "answer": 20 }` is 20. */
function unwrapped(value: Json): Json {
  return isObject(value) && Object.keys(value).length === 1 && value.answer !== undefined ? value.answer : value;
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: Json) => value === '' || (isObject(value) && Object.keys(value).length === 0);
