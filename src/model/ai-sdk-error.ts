/**
 * What an AI SDK provider throws, as a {@link ModelError}.
 *
 * Errors are known by name and status, not by class: a provider may bring its own copy of the SDK.
 *
 * @module
 */
import { isPoactError, ModelError } from '../record/index.ts';

/** Turns what was thrown into an error of this package. One of this package stays as it is. */
export function aiSdkError(problem: unknown, model: string): Error {
  if (isPoactError(problem)) return problem;
  const { name, message, status, body, headers } = read(problem);
  const said = withoutKeys(message);
  const facts = { model, ...(status === undefined ? {} : { status }) };

  if (name === 'AI_RetryError' && problem instanceof Error && 'lastError' in problem)
    return aiSdkError(problem.lastError, model);
  if (name === 'AI_LoadAPIKeyError' || status === 401 || status === 403) {
    return new ModelError('model-unauthorised', `${model} refused the key, or there is none: ${said}`, facts);
  }
  if (status === 429) {
    const retryAfterMs = retryAfter(headers);
    return new ModelError('model-rate-limited', `${model} asks to wait: ${said}`, {
      ...facts,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (status === 413 || (status === 400 && CONTEXT.test(`${message} ${body}`))) {
    return new ModelError('model-context-exceeded', `The prompt is too long for ${model}: ${said}`, facts);
  }
  if (status === 404 || name === 'AI_NoSuchModelError') {
    return new ModelError('model-unknown', `${model} is not known to its provider: ${said}`, facts);
  }
  if (status === 408 || status === 409 || (status !== undefined && status >= 500) || isUnreachable(problem, status)) {
    return new ModelError('model-unreachable', `${model} could not be reached, or broke off: ${said}`, facts);
  }
  return new ModelError('model-failed', `${model} failed: ${said}`, facts);
}

const CONTEXT =
  /context.{0,20}(length|window|exceed)|prompt is too long|too many tokens|maximum.{0,30}tokens|input.{0,20}too long/i;

/** The forms keys have, whole or with stars in them. */
const KEYS = /\b(?:sk|pk|rk|gsk|xai|key|api|AIza|hf|ghp|Bearer)[-_ ][\w*.-]{6,}|\bAIza[\w-]{10,}|[?&]key=[^&\s]+/g;

const withoutKeys = (text: string) => text.replace(KEYS, '[key]').slice(0, 500);

function read(problem: unknown) {
  const {
    name = 'Error',
    message = String(problem),
    statusCode,
    responseBody,
    responseHeaders,
  } = (typeof problem === 'object' && problem !== null ? problem : {}) as {
    name?: string;
    message?: string;
    statusCode?: number;
    responseBody?: string;
    responseHeaders?: Record<string, string>;
  };
  return { name, message, status: statusCode, body: responseBody ?? '', headers: responseHeaders ?? {} };
}

/** A call without a status never came to an answer. */
function isUnreachable(problem: unknown, status: number | undefined): boolean {
  if (status !== undefined || !(problem instanceof Error)) return false;
  if (problem.name === 'AI_APICallError') return true;
  const { cause } = problem;
  return (
    problem.message === 'fetch failed' ||
    (cause instanceof Error && 'code' in cause) ||
    /terminated|socket|ECONN|ENOTFOUND/.test(problem.message)
  );
}

function retryAfter(headers: Record<string, string>): number | undefined {
  const ms = Number(headers['retry-after-ms']);
  if (ms > 0) return ms;
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  return seconds >= 0 ? seconds * 1000 : undefined;
}
