/**
 * A model as an OpenAI-compatible server on this machine, for programs that speak that and nothing else.
 *
 * It listens on the loopback interface only, answers requests whose `Host` is loopback and that no web page sent, and
 * keeps nothing.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPoactError, OptionError, type PoactError } from '../record/index.ts';
import type { Model, ModelReply } from './model.ts';
import { badRequest, type ChatRequest, chatRequest } from './serve-request.ts';

/** Where it listens. */
export interface ServeModelOptions {
  /** 0 takes a free one. @default 8080 */
  port?: number;
  /** A loopback address; any other is refused. @default '127.0.0.1' */
  host?: '127.0.0.1' | '::1' | 'localhost';
  /** Longest request, in bytes. @default 16 MiB */
  bodyBytes?: number;
}

/** A server that listens. */
export interface ModelServer {
  /** For example `http://127.0.0.1:8080/v1`; with `#name` behind it, a name that `resolveModel` takes. */
  readonly url: string;
  /** Ends open replies and the server. The model stays its owner's. */
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Serves a model: `/v1/models` and `/v1/chat/completions`, streamed or whole, with `stop`, `seed`, `temperature`,
 * `max_tokens`, `tools`, `response_format` and usage. A request that its client gives up is cancelled.
 *
 * @throws {OptionError} `host` is not loopback.
 * @throws {Error} the port is taken.
 */
export async function serveModel(model: Model, options: ServeModelOptions = {}): Promise<ModelServer> {
  const { port = 8080, host = '127.0.0.1', bodyBytes = 16 * 1024 * 1024 } = options;
  if (!LOOPBACK.has(host)) throw new OptionError('host', `expected a loopback address, got ${host}.`);

  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    answer(model, request, response, bodyBytes).catch((problem: unknown) => fail(response, problem));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  const { port: taken } = server.address() as AddressInfo;

  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${taken}/v1`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function answer(model: Model, request: IncomingMessage, response: ServerResponse, bodyBytes: number) {
  requireLocal(request);
  const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '');
  if (path === '/v1/models' && request.method === 'GET') {
    return json(response, 200, {
      object: 'list',
      data: [{ id: model.id, object: 'model', created: 0, owned_by: 'poact' }],
    });
  }
  if (path !== '/v1/chat/completions') throw badRequest(`There is no ${path} here.`, 404);
  if (request.method !== 'POST') throw badRequest('Use POST.', 405);

  const wanted = chatRequest(await bodyOf(request, bodyBytes), model.can);
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  const call = { ...wanted.request, signal: controller.signal };
  const head = { id: `chatcmpl-${crypto.randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.id };
  if (!wanted.stream) {
    const reply = await model.generate(call);
    return json(response, 200, {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message: messageOf(reply), finish_reason: finishOf(reply) }],
      usage: usageOf(reply),
    });
  }
  return stream(model, call, wanted, head, response);
}

/** Text goes out as it is written, unless it may turn out to be a tool call. */
async function stream(
  model: Model,
  call: ChatRequest['request'],
  { includeUsage }: ChatRequest,
  head: object,
  response: ServerResponse,
) {
  const send = (choices: object[], more: object = {}) => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  };
  const delta = (content: object, finish: string | null = null) => [
    { index: 0, delta: content, finish_reason: finish },
  ];
  const held = call.tools !== undefined;
  const reply = await model.generate(call, {
    delta(text) {
      if (!held) send(delta({ content: text }));
    },
  });
  if (held) {
    const { content, tool_calls } = messageOf(reply);
    if (content) send(delta({ content }));
    if (tool_calls) send(delta({ tool_calls: tool_calls.map((toolCall, index) => ({ index, ...toolCall })) }));
  }
  send(delta({}, finishOf(reply)));
  if (includeUsage) send([], { usage: usageOf(reply) });
  response.end('data: [DONE]\n\n');
}

/** A page in a browser must not reach the model through its user's machine, by whatever name it resolves. */
function requireLocal({ headers: { host = '', origin } }: IncomingMessage): void {
  const isLocal = (url: string) => URL.canParse(url) && LOOPBACK.has(new URL(url).hostname.replace(/^\[|\]$/g, ''));
  if (!isLocal(`http://${host}`)) throw badRequest('This server answers on loopback names only.', 403);
  if (origin !== undefined && !isLocal(origin)) throw badRequest('This server does not answer web pages.', 403);
}

async function bodyOf(request: IncomingMessage, most: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw badRequest(`The request is longer than ${most} bytes.`, 413);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badRequest('The request is not JSON.');
  }
}

function messageOf({ text, calls }: ModelReply) {
  const tool_calls = calls?.map(({ id, tool, args }) => ({
    id,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(args) },
  }));
  return {
    role: 'assistant',
    content: text === '' && tool_calls !== undefined ? null : text,
    ...(tool_calls === undefined ? {} : { tool_calls }),
  };
}

const FINISHES = {
  stop: 'stop',
  length: 'length',
  calls: 'tool_calls',
  filter: 'content_filter',
  other: 'stop',
} as const;

const finishOf = ({ finish }: ModelReply) => FINISHES[finish];

function usageOf({ usage: { sent, evaluated, written } }: ModelReply) {
  return {
    prompt_tokens: sent,
    completion_tokens: written,
    total_tokens: sent + written,
    prompt_tokens_details: { cached_tokens: sent - evaluated },
  };
}

const STATUS: { [code: string]: number } = {
  'option-invalid': 400,
  'model-context-exceeded': 400,
  'model-unauthorised': 401,
  'model-unknown': 404,
  'model-rate-limited': 429,
  'model-unreachable': 502,
};

/** A stream that has begun can only end. */
function fail(response: ServerResponse, problem: unknown): void {
  if (response.destroyed) return;
  const known: Pick<PoactError, 'code' | 'message' | 'facts'> = isPoactError(problem)
    ? problem
    : { code: 'model-failed', message: 'The model failed.', facts: {} };
  const status = typeof known.facts.status === 'number' ? known.facts.status : (STATUS[known.code] ?? 500);
  const error = { message: known.message, type: known.code, code: known.code };
  if (response.headersSent) response.end(`data: ${JSON.stringify({ error })}\n\n`);
  else json(response, status, { error });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
