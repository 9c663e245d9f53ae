/**
 * A chat request of the OpenAI API, parsed at the door.
 *
 * @module
 */
import type { z } from 'zod';
import { type Json, type JsonSchema, lazily, type Message, OptionError, type Part, zod } from '../record/index.ts';
import type { ModelAbilities, ModelRequest } from './model.ts';

const schemas = lazily((z) => {
  const content = z.union([
    z.string(),
    z.array(z.object({ type: z.literal('text'), text: z.string() }, 'only text parts are taken')),
  ]);

  const messageSchema = z.discriminatedUnion('role', [
    z.object({ role: z.enum(['system', 'developer']), content }),
    z.object({ role: z.literal('user'), content }),
    z.object({
      role: z.literal('assistant'),
      content: content.nullish(),
      tool_calls: z
        .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
        .nullish(),
    }),
    z.object({ role: z.literal('tool'), tool_call_id: z.string(), content }),
  ]);

  const document = z.record(z.string(), z.json());

  const requestSchema = z.object({
    messages: z.array(messageSchema).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    stop: z.union([z.string(), z.array(z.string())]).nullish(),
    seed: z.number().int().nullish(),
    temperature: z.number().min(0).nullish(),
    max_tokens: z.number().int().positive().nullish(),
    max_completion_tokens: z.number().int().positive().nullish(),
    n: z.literal(1, 'only one reply is given').nullish(),
    response_format: z
      .discriminatedUnion('type', [
        z.object({ type: z.literal('text') }),
        z.object({ type: z.literal('json_object') }),
        z.object({ type: z.literal('json_schema'), json_schema: z.object({ schema: document }) }),
      ])
      .nullish(),
    tools: z
      .array(
        z.object({
          type: z.literal('function'),
          function: z.object({
            name: z.string(),
            description: z.string().default(''),
            parameters: document.default({}),
          }),
        }),
      )
      .nullish(),
  });
  return { content, message: messageSchema, request: requestSchema };
});
type Schemas = ReturnType<typeof schemas>;

/** What was asked, in the words of a model. */
export interface ChatRequest {
  request: ModelRequest;
  stream: boolean;
  includeUsage: boolean;
}

/** An error that is the client's, with the HTTP status that says so. */
export function badRequest(problem: string, status = 400): OptionError {
  const error = new OptionError('request', problem);
  error.facts.status = status;
  return error;
}

/** @throws {OptionError} the request has not the form of one, or wants what the model cannot do. */
export function chatRequest(body: unknown, can: ModelAbilities): ChatRequest {
  const parsed = schemas().request.safeParse(body);
  if (!parsed.success) throw badRequest(zod().prettifyError(parsed.error));
  const { max_tokens, max_completion_tokens, messages, response_format, seed, stop, temperature, tools } = parsed.data;
  const maxTokens = max_completion_tokens ?? max_tokens;
  const schema = schemaOf(response_format);
  if (schema !== undefined && !can.schema) throw badRequest('this model takes no response_format.');
  return {
    stream: parsed.data.stream ?? false,
    includeUsage: parsed.data.stream_options?.include_usage ?? false,
    request: {
      messages: messagesOf(messages),
      ...(stop == null ? {} : { stop: typeof stop === 'string' ? [stop] : stop }),
      ...(temperature == null ? {} : { temperature }),
      ...(seed == null ? {} : { seed }),
      ...(maxTokens == null ? {} : { maxTokens }),
      ...(schema === undefined ? {} : { constraint: { schema } }),
      ...(tools == null || tools.length === 0
        ? {}
        : {
            tools: tools.map(({ function: { name, description, parameters } }) => ({
              name,
              description,
              input: parameters as JsonSchema,
            })),
          }),
    },
  };
}

function schemaOf(format: z.infer<Schemas['request']>['response_format']): JsonSchema | undefined {
  if (format?.type === 'json_schema') return format.json_schema.schema as JsonSchema;
  return format?.type === 'json_object' ? { type: 'object' } : undefined;
}

function messagesOf(given: z.infer<Schemas['message']>[]): Message[] {
  const tools = new Map<string, string>();
  return given.map((message): Message => {
    if (message.role === 'tool') {
      const tool = tools.get(message.tool_call_id) ?? 'tool';
      return { role: 'tool', parts: [{ result: message.tool_call_id, tool, value: textOf(message.content) }] };
    }
    const parts: Part[] = message.content == null ? [] : [{ text: textOf(message.content) }];
    if (message.role !== 'assistant') return { role: message.role === 'user' ? 'user' : 'system', parts };
    for (const { id, function: called } of message.tool_calls ?? []) {
      tools.set(id, called.name);
      parts.push({ call: id, tool: called.name, args: parse(called.arguments) });
    }
    return { role: 'assistant', parts };
  });
}

const textOf = (given: z.infer<Schemas['content']>) =>
  typeof given === 'string' ? given : given.map(({ text }) => text).join('');

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
