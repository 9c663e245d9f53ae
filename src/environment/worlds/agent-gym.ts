/**
 * A world behind AgentGym's HTTP protocol (arXiv 2406.04151): one server, many instances by id, acts and observations as text.
 *
 * What state the server holds is not to be seen, so the hash is of the task and of all acts since the reset, and there are no
 * snapshots: a fork is a new instance with the same acts again.
 *
 * @module
 */
import { digestOf, type Json, OptionError, requirePositive, ToolError } from '../../record/index.ts';
import { checkAct } from '../check-args.ts';
import type { ActKind, Environment, Seen } from '../environment.ts';

/** Where the server is, and how it names things. */
export interface AgentGymOptions {
  /** Its address, without a path: `http://127.0.0.1:36001`. */
  url: string;
  /** What its requests call an instance. Some servers say `env_idx`. @default 'id' */
  idName?: string;
  /** What an action is, for the model. @default 'Does one action, in the words of the environment.' */
  about?: string;
  /** Longest wait for one reply, in milliseconds. @default 30_000 */
  replyMs?: number;
  /** @default the global one */
  fetch?: typeof fetch;
}

/** Also tells the server's reward: for who judges, never for the agent. */
export interface AgentGymWorld extends Environment {
  /** The reward of the last act. @default 0 before the first */
  reward(): number;
}

interface Reply {
  observation: string;
  reward: number;
  done: boolean;
}

/**
 * An instance of a server's environment. It is made at the first reset; a task is the number of the item, as text.
 *
 * @throws {OptionError} `replyMs` is not a whole number of at least 1.
 */
export function agentGym(options: AgentGymOptions): AgentGymWorld {
  const { url, idName = 'id', replyMs = 30_000, fetch: ask = fetch } = options;
  const { about = 'Does one action, in the words of the environment.' } = options;
  requirePositive({ replyMs });
  const acts: { readonly [name: string]: ActKind } = {
    step: {
      description: about,
      input: { type: 'object', properties: { action: { type: 'string' } }, required: ['action'] },
      output: { type: 'string' },
      effect: 'unknown',
    },
  };
  let id: number | undefined;
  let done: { task: string; actions: string[] } | undefined;
  let last: Reply = { observation: '', reward: 0, done: false };
  let closed = false;
  let shown = 0;

  async function request(path: string, body?: { [name: string]: Json }): Promise<Json> {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const where = `${url}${path}`;
    try {
      const reply = await ask(where, { ...(body !== undefined && post), signal: AbortSignal.timeout(replyMs) });
      if (reply.ok) return (await reply.json()) as Json;
      throw new ToolError('tool-failed', `The environment's server answered ${reply.status} at ${path}.`, { url });
    } catch (problem) {
      if (problem instanceof ToolError) throw problem;
      const late = (problem as Error).name === 'TimeoutError';
      const why = late
        ? `gave no answer at ${path} within ${replyMs} ms`
        : `cannot be reached at ${where}, or spoke no JSON`;
      throw new ToolError(late ? 'tool-timeout' : 'tool-failed', `The environment's server ${why}.`, { url }, problem);
    }
  }
  function here(): { id: number; task: string; actions: string[] } {
    if (closed) throw new OptionError('environment', 'the world is closed.');
    if (id === undefined || done === undefined) {
      throw new OptionError('environment', 'the world needs a reset before anything else.');
    }
    return { id, ...done };
  }
  function see(observation: string): Seen {
    const { task, actions } = here();
    shown += 1;
    return { observation, stateHash: digestOf([task, actions]), id: shown, done: last.done };
  }

  return {
    name: 'agent-gym',
    can: { deterministic: false, snapshot: 'none', fork: 'replay', clock: 'wall' },
    acts,
    async reset({ task }) {
      if (closed) here();
      if (!/^\d+$/.test(task)) throw new OptionError('task', `expected the number of an item, got "${task}".`);
      id ??= idIn(await request('/create', {}));
      last = replyIn(await request('/reset', { [idName]: id, data_idx: Number(task) }));
      done = { task, actions: [] };
      return see(last.observation);
    },
    async observe() {
      const { id } = here();
      return see(textIn(await request(`/observation?${idName}=${id}`)));
    },
    async act(act) {
      const { id, task, actions } = here();
      checkAct(acts, act);
      if (last.done) throw new ToolError('tool-refused', 'It is over: nothing more can be done.');
      const action = String(act.args.action);
      last = replyIn(await request('/step', { [idName]: id, action }));
      done = { task, actions: [...actions, action] };
      return see(last.observation);
    },
    reward: () => last.reward,
    async close() {
      if (closed) return;
      closed = true;
      if (id !== undefined) await request('/close', { [idName]: id });
    },
  };
}

/** Some servers give the bare number. */
function idIn(reply: Json): number {
  const id = typeof reply === 'object' && reply !== null && !Array.isArray(reply) ? (reply.id ?? reply.env_idx) : reply;
  if (Number.isInteger(id)) return id as number;
  throw new ToolError('tool-failed', "The environment's server gave no id for a new instance.", {});
}

const textIn = (reply: Json): string => (typeof reply === 'string' ? reply : replyIn(reply).observation);

function replyIn(reply: Json): Reply {
  if (typeof reply === 'string') return { observation: reply, reward: 0, done: false };
  const { observation, reward, done } = (reply ?? {}) as { [name: string]: Json };
  if (typeof observation !== 'string') {
    throw new ToolError('tool-failed', "The environment's server gave no observation.", {});
  }
  return { observation, reward: typeof reward === 'number' ? reward : 0, done: done === true };
}
