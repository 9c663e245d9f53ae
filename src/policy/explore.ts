/**
 * Looks around before the model is asked: opens what tools that only look have shown, best first, until what the task names
 * is found. A focused crawl (Chakrabarti, van den Berg and Dom 1999) as a policy around a policy.
 *
 * A small model guesses addresses, or reads one page and stops there; looking costs no token of it. Each round is a program
 * as any other: reviewed, guarded, logged.
 *
 * @module
 */
import { patternOf, sharedWords, soughtIn, withoutAsides } from '../environment/index.ts';
import { OptionError, requirePositive, type ToolFacts } from '../record/index.ts';
import { EXPLORE, LOOK_FOR } from './dialogue.ts';
import { finding, lookingHere, type Opener, opening, said } from './explore-programs.ts';
import type { Policy } from './policy.ts';
import { type Place, placesIn, type Surroundings, surroundings, withoutAddresses } from './surroundings.ts';

export interface ExploreOptions {
  /** Most addresses that one program opens. @default 16 */
  atOnce?: number;
  /** Most addresses that are opened by this policy in a run; the rest is left to the policy within. @default 64 */
  pages?: number;
}

/**
 * Builds a policy that looks around first, and leaves every other step to the one within, where tools say that they only look:
 *
 * - one opens addresses (`looks: { at: 'url' }`), and the task names what it looks for;
 * - one finds texts by words (`looks: { for: 'query' }`): the task's question and the names in it are looked for once.
 *
 * No tool is called so that waits for a person.
 *
 * @throws {OptionError} the policy acts by calls as data; `atOnce` or `pages` is not a whole number of at least 1.
 * @example
 * ```ts
 * const agent = createAgent({ model: 'local', tools, policy: explore(codeAct(), { pages: 20 }) });
 * ```
 */
export function explore(policy: Policy, options: ExploreOptions = {}): Policy {
  const { atOnce = 16, pages = 64 } = options;
  requirePositive({ atOnce, pages });
  if (policy.format === 'json')
    throw new OptionError('policy', `explore writes programs, and \`${policy.name}\` acts by calls as data.`);
  return {
    ...policy,
    version: `${policy.version ?? ''} explore ${atOnce}/${pages}`.trim(),
    decide(view, context) {
      const tools = lookersOf(context.tools);
      const around = view.project(surroundings);
      const look =
        lookFor(around, tools) ??
        (tools.at === undefined ? undefined : nextLook(around, { ...tools, at: tools.at }, { atOnce, pages }));
      if (look === undefined) return policy.decide(view, context);
      context.switched(EXPLORE, look.rule, look.reason);
      return Promise.resolve({ kind: 'act', code: look.code });
    },
  };
}

/** The tools to look with. */
interface Eyes {
  at: Opener;
  for?: Opener;
  here?: string;
  on?: string;
}

function lookersOf(tools: readonly ToolFacts[]): Partial<Eyes> {
  const eyes: Partial<Eyes> = {};
  for (const { name, looks, needsApproval } of tools) {
    if (looks === undefined || needsApproval) continue;
    if (typeof looks === 'string') eyes[looks] ??= name;
    else if ('at' in looks) eyes.at ??= { name, argument: looks.at };
    else eyes.for ??= { name, argument: looks.for };
  }
  return eyes;
}

interface Look {
  rule: string;
  reason: string;
  code: string;
}

/** Most names of a task that are looked for beside its question. */
const MOST_NAMES = 4;

/** What the task asks, and the names in it, before anything else was found. */
function lookFor({ task, calls, blocked }: Surroundings, { for: finder }: Partial<Eyes>): Look | undefined {
  const sought = soughtIn(task);
  if (finder === undefined || sought.length === 0 || blocked) return undefined;
  const { name, argument } = finder;
  const before = new Set(calls.flatMap(({ tool, args }) => (tool === name ? [args[argument]] : [])));
  const question = withoutAsides(task).replace(/\s+/g, ' ').trim();
  if (before.has(question)) return undefined;
  const queries = [...new Set([question, ...sought.slice(0, MOST_NAMES)])];
  return { rule: LOOK_FOR, reason: `Looks for ${said(sought)}.`, code: finding(queries, finder) };
}

function nextLook(around: Surroundings, eyes: Eyes, { atOnce, pages }: Required<ExploreOptions>): Look | undefined {
  const { task, calls, blocked } = around;
  const sought = soughtIn(task);
  if (sought.length === 0 || blocked) return undefined;
  const { at, here, on } = eyes;
  const opened = new Set(calls.flatMap(({ tool, args }) => (tool === at.name ? [String(args[at.argument])] : [])));
  const texts = calls.flatMap(({ tool, text }) =>
    text !== undefined && (tool === at.name || tool === here || tool === on) ? [text] : [],
  );
  if (here !== undefined && texts.length === 0 && opened.size === 0) {
    return { rule: 'look-here', reason: 'Nothing was looked at yet.', code: lookingHere(here, on) };
  }
  const places = unopened([task, ...texts], opened);
  const lines = texts.map(withoutAddresses);
  const missing = sought.filter((text) => {
    const pattern = patternOf([text]);
    return !lines.some((line) => pattern.test(line));
  });
  const pattern = patternOf(sought);
  const next = (rule: string, reason: string, chosen: readonly Place[]): Look | undefined => {
    const addresses = chosen.slice(0, Math.min(atOnce, pages - opened.size)).map(({ address }) => address);
    return addresses.length === 0 ? undefined : { rule, reason, code: opening(addresses, eyes, sought) };
  };
  const named = places.filter(({ address, label }) => pattern.test(`${label} ${address}`));
  if (named.length > 0) return next('open-named', 'What the task names is shown, and was not opened yet.', named);
  if (missing.length === 0) return undefined;
  const leads = places.filter(({ address, label }) => sharedWords(missing, `${label} ${address}`) > 0);
  if (leads.length > 0)
    return next('open-leads', `What is shown has words of ${said(missing)}.`, bestFirst(leads, missing));
  return next('open-all', `Nothing seen names ${said(missing)}.`, bestFirst(places, [withoutAsides(task)]));
}

/** Each address once, where it was shown first. */
function unopened(texts: readonly string[], opened: ReadonlySet<string>): Place[] {
  const places = new Map<string, Place>();
  for (const place of texts.flatMap(placesIn)) {
    if (!opened.has(place.address) && !places.has(place.address)) places.set(place.address, place);
  }
  return [...places.values()];
}

/** Those that share most words first; else in the order in which they were shown. */
function bestFirst(places: readonly Place[], texts: readonly string[]): Place[] {
  const shared = ({ address, label }: Place) => sharedWords(texts, `${label} ${address}`);
  return places
    .map((place) => ({ place, words: shared(place) }))
    .sort((one, other) => other.words - one.words)
    .map(({ place }) => place);
}
