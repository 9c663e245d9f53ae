/**
 * What work inside a run may use, over the run's log.
 *
 * @module
 */
import type { Held } from '../action/index.ts';
import type { Json, Projection, RunEvent } from '../record/index.ts';
import { toolCaller } from './call-tool.ts';
import { childRunner } from './child-run.ts';
import type { ContextParts, OwnedContext } from './context-parts.ts';
import { generator } from './generate.ts';
import type { RunLog } from './log.ts';
import { turns } from './turn.ts';

export function runContext(parts: ContextParts): OwnedContext {
  const { log, clock, random, signal, discreet = (model) => model, failpoint = () => {} } = parts;
  const generate = generator({ ...parts, paid: unusedReplies(log) });
  const { view } = log;
  const holding = new Map<string, Promise<Held<unknown>>>();
  const remembering = new Map<string, Promise<Json>>();
  const remember = async (name: string, work: () => Promise<Json>): Promise<Json> => {
    const value = await work();
    log.append<'note'>({ kind: 'note', by: 'action', name, value });
    await log.commit();
    return value;
  };
  const letGo = (key: string) => {
    const held = holding.get(key);
    holding.delete(key);
    held?.then(
      ({ close }) => close(),
      () => {},
    );
  };
  return {
    run: view.run,
    view,
    clock,
    random,
    signal,
    blobs: { put: async (content) => log.blobs.add(content), get: (name) => log.blobs.get(name) },
    generate: (request, other) => generate(request, other && discreet(other)),
    call: toolCaller({
      ...parts,
      failpoint,
      childIn: (call, over) => childRunner(parts, runContext, { prefix: `${call}/`, unnamed: () => '', over }),
    }),
    child: childRunner(parts, runContext, { unnamed: () => `${log.step}/` }),
    // A copy: the caller may use its object again.
    append: (event) => log.append({ ...event }),
    commit: () => log.commit(),
    note: (name, value) => void log.append<'note'>({ kind: 'note', by: 'action', name, value }),
    async hold<T>(key: string, open: () => Promise<Held<T>>) {
      let held = holding.get(key);
      if (held === undefined) {
        held = open();
        holding.set(key, held);
        held.catch(() => holding.delete(key));
      }
      return ((await held) as Held<T>).value;
    },
    letGo,
    keep(key, held) {
      letGo(key);
      holding.set(key, Promise.resolve(held));
    },
    async memo<T extends Json>(key: string, work: () => Promise<T>) {
      const name = `memo:${key}`;
      const known = view.project(notes).get(name);
      if (known !== undefined) return known.value as T;
      let doing = remembering.get(name);
      if (doing === undefined) {
        doing = remember(name, work).finally(() => remembering.delete(name));
        remembering.set(name, doing);
      }
      return doing as Promise<T>;
    },
    failpoint,
    close() {
      for (const key of [...holding.keys()]) letGo(key);
    },
  };
}

/** The last note of each name. */
const notes: Projection<Map<string, RunEvent<'note'>>> = {
  start: () => new Map(),
  next: (state, event) => (event.kind === 'note' ? state.set(event.name, event) : state),
};

/** Replies since the last decision, of which no decision was made: they are not paid for twice. */
function unusedReplies({ view }: RunLog): RunEvent<'model-call'>[] {
  const { decision, proposal } = view.project(turns);
  if (decision !== undefined || proposal !== undefined) return [];
  const unused: RunEvent<'model-call'>[] = [];
  for (let seq = view.length - 1; seq >= 0; seq--) {
    const event = view.at(seq);
    if (event?.kind === 'decision' || event?.kind === 'task' || event?.kind === 'undo') break;
    if (event?.kind === 'model-call' && event.reply !== undefined) unused.unshift(event);
  }
  return unused;
}
