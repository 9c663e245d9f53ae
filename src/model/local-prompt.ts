/**
 * Messages as a local model's own chat template writes them, and tool calls as it writes them back.
 *
 * Text from messages is always tokenized as text: a `<|im_end|>` inside an observation ends nothing.
 *
 * @module
 */
import type { ChatHistoryItem, ChatModelFunctions, ChatModelResponse, Token } from 'node-llama-cpp';
import type { CallPart, Json, Message, ResultPart } from '../record/index.ts';
import { jsonAt, textOf } from '../record/index.ts';
import type { Engine } from './local-engine.ts';
import type { ModelRequest, ModelTool } from './model.ts';

/** The tokens of a prompt, up to where the reply begins. */
export function promptTokens(
  { model, wrapper, preamble }: Pick<Engine, 'model' | 'wrapper' | 'preamble'>,
  { messages, tools, prefill = '' }: Pick<ModelRequest, 'messages' | 'tools' | 'prefill'>,
): Token[] {
  const functions = Object.fromEntries(
    (tools ?? []).map((tool) => [tool.name, { description: tool.description, params: tool.input }]),
  ) as ChatModelFunctions;
  const { contextText } = wrapper.generateContextState({
    chatHistory: [...historyOf(messages), { type: 'model', response: [''] }],
    availableFunctions: functions,
    documentFunctionParams: true,
  });
  const tokens = contextText.tokenize(model.tokenizer);
  const hasSystem = Object.keys(functions).length > 0 || messages.some(({ role }) => role === 'system');
  if (!hasSystem) tokens.unshift(...preamble);
  const { bos, shouldPrependBosToken } = model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  return prefill === '' ? tokens : [...tokens, ...model.tokenize(prefill)];
}

/** A call and its result are one item of the history, in the model's turn. */
function historyOf(messages: readonly Message[]): ChatHistoryItem[] {
  const results = new Map<string, ResultPart>();
  for (const part of messages.flatMap((message) => message.parts)) if ('result' in part) results.set(part.result, part);

  const history: ChatHistoryItem[] = [];
  for (const { role, parts } of messages) {
    const said = parts.filter((part) => !('result' in part));
    if (role === 'assistant') {
      const response = said.map((part) => ('call' in part ? callItem(part, results.get(part.call)) : textOf([part])));
      const before = history.at(-1);
      // After tool results the model goes on with its own turn.
      if (before?.type === 'model' && before.response.some((item) => typeof item === 'object')) {
        before.response.push(...response);
      } else {
        history.push({ type: 'model', response });
      }
    } else if (said.length > 0) {
      history.push(role === 'system' ? { type: 'system', text: textOf(said) } : { type: 'user', text: textOf(said) });
    }
  }
  return history;
}

function callItem(part: CallPart, result: ResultPart | undefined): ChatModelResponse['response'][number] {
  return { type: 'functionCall', name: part.tool, params: part.args, result: result?.value ?? null };
}

/**
 * Reads tool calls out of a reply: JSON objects with the name of a tool and its arguments, with or without the marks
 * that the template puts around them, which small models forget.
 *
 * @returns the calls, and the text that is none.
 */
export function readCalls(
  text: string,
  tools: readonly ModelTool[],
): { text: string; calls: { tool: string; args: Json }[] } {
  const known = new Set(tools.map((tool) => tool.name));
  const calls: { tool: string; args: Json }[] = [];
  let rest = '';
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('{', at);
    const found = start < 0 ? undefined : jsonAt(text, start);
    if (start < 0) break;
    const call = found === undefined ? undefined : asCall(found.value, known);
    if (call === undefined) {
      rest += text.slice(at, start + 1);
      at = start + 1;
      continue;
    }
    calls.push(call);
    rest += text.slice(at, start);
    at = found!.end;
  }
  rest += text.slice(at);
  return calls.length === 0
    ? { text, calls }
    : { text: rest.replace(/<\/?tool_call>|```(?:json)?/g, '').trim(), calls };
}

function asCall(value: Json, known: ReadonlySet<string>): { tool: string; args: Json } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { name, arguments: args, parameters } = value;
  if (typeof name !== 'string' || !known.has(name)) return undefined;
  return { tool: name, args: args ?? parameters ?? {} };
}
