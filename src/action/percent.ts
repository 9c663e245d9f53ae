/**
 * Percent and fractions: a parameter that takes percent gets 0.07 where the task says 7 %. Small models write that again and
 * again, and the result looks as good as any.
 *
 * Looked for in the program, through its constants, and in the calls that were made.
 *
 * @module
 */
import type { Finding, Json } from '../record/index.ts';
import { withoutComments } from './numbers.ts';
import type { NamedTool } from './tool.ts';

/** Tools are immutable. */
const percents = new WeakMap<NamedTool, string[]>();

/** Parameters of a tool whose text says that they take percent. */
export function percentParameters(tool: NamedTool): string[] {
  const known = percents.get(tool);
  if (known !== undefined) return known;
  const properties = (tool.input.properties ?? {}) as { [name: string]: { description?: unknown } };
  const found = Object.entries(properties)
    .map(([name, property]) => ({ name, doc: String(property?.description ?? '') }))
    .filter(({ name, doc }) => /%|per\s?cent\b|percentage/i.test(`${spaced(name)} ${doc}`))
    .filter(({ doc }) => !/fraction|0 (?:to|-|and) 1\b|0\.\.1/i.test(doc))
    .map(({ name }) => name);
  percents.set(tool, found);
  return found;
}

const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ');

/** Fractions that a program gives where percent is asked for. `named` are the percentages of the task. */
export function percentFindings(tools: readonly NamedTool[], code: string, named: readonly number[]): Finding[] {
  const plain = withoutComments(code);
  return tools.flatMap((tool) => {
    if (!plain.includes(tool.name)) return [];
    return argumentTexts(plain, tool.name).flatMap((text) =>
      percentParameters(tool).flatMap((parameter) => {
        const written = expressionOf(text, parameter);
        if (written === undefined) return [];
        const direct = numberOf(written);
        const given = direct === undefined ? behind(written, plain, DEPTH) : [direct];
        const findings = given.filter(isFraction).map((one) => percentFinding(tool.name, parameter, one, named));
        // Through a constant, only what the task proves is said.
        return findings.filter(({ severity }) => direct !== undefined || severity === 'block').slice(0, 1);
      }),
    );
  });
}

/** A place in the program where a fraction stands. */
interface Written {
  at: number;
  length: number;
  value: number;
}

/**
 * The program with percent where it gave fractions, and what was changed; `undefined` where there is nothing to mend, or
 * where a fraction is used for something else too.
 *
 * @example
 * ```ts
 * // Where `rate` of `tariff` takes percent:
 * mendPercent(toTools(tools), 'const rate = 0.07; await tariff({ rate });', [7])?.code; // 'const rate = 7; await tariff({ rate });'
 * ```
 */
export function mendPercent(
  tools: readonly NamedTool[],
  source: string,
  named: readonly number[],
): { code: string; changed: [from: number, to: number][] } | undefined {
  const code = blanked(source);
  const edits = new Map<number, Written>();
  for (const tool of tools) {
    const parameters = percentParameters(tool);
    if (parameters.length === 0 || !code.includes(tool.name)) continue;
    for (const [text, start] of argumentsOf(code, tool.name)) {
      for (const parameter of parameters) {
        const given = expressionAt(text, parameter);
        if (given === undefined) continue;
        const places = fractionsBehind(given.text, start + given.at, code, { tools, named });
        if (places === undefined) return undefined;
        for (const place of places) edits.set(place.at, place);
      }
    }
  }
  if (edits.size === 0) return undefined;
  let mended = source;
  for (const { at, length, value } of [...edits.values()].sort((a, b) => b.at - a.at)) {
    mended = `${mended.slice(0, at)}${percentOf(value)}${mended.slice(at + length)}`;
  }
  return { code: mended, changed: [...edits.values()].map(({ value }) => [value, percentOf(value)]) };
}

const percentOf = (fraction: number) => Number((fraction * 100).toPrecision(12));

/** Comments as spaces, so that places stay. */
const blanked = (code: string) =>
  code
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => ' '.repeat(comment.length))
    .replace(
      /(^|[^:'"`\\])(\/\/[^\n]*)/g,
      (_whole, before: string, comment: string) => before + ' '.repeat(comment.length),
    );

/** Where the fractions stand that an argument comes from; none where it gives no fraction, `undefined` where that is not certain. */
function fractionsBehind(
  expression: string,
  at: number,
  code: string,
  known: { tools: readonly NamedTool[]; named: readonly number[] },
): Written[] | undefined {
  const isNamed = (value: number) => known.named.includes(percentOf(value));
  const direct = numberOf(expression);
  if (direct !== undefined) {
    if (!isFraction(direct)) return [];
    return isNamed(direct) ? [{ at, length: expression.length, value: direct }] : undefined;
  }
  const name = /^(?:[\w$]+(?:\[\w+\])?\.)*([\w$]+)$/.exec(expression)?.[1];
  if (name === undefined) return [];
  const isProperty = expression !== name;
  const escaped = name.replaceAll('$', '\\$');
  const declares = isProperty
    ? `(?<![\\w$.])["']?${escaped}["']?\\s*:\\s*`
    : `(?:const|let|var)\\s+${escaped}\\s*(?::\\s*number\\s*)?=\\s*`;
  const literals = [
    ...code.matchAll(new RegExp(`(${declares})(\\d*\\.?\\d+(?:\\s*/\\s*\\d*\\.?\\d+)?)(?=\\s*[,;}\\n]|$)`, 'g')),
  ].map(({ index, 1: before = '', 2: text = '' }) => ({
    at: index + before.length,
    length: text.length,
    value: numberOf(text) ?? 0,
  }));
  const fractions = literals.filter(({ value }) => isFraction(value));
  if (fractions.length === 0) return [];
  const uses = [
    ...code.matchAll(new RegExp(isProperty ? `\\.${escaped}(?![\\w$])` : `(?<![\\w$.])${escaped}(?![\\w$])`, 'g')),
  ].length;
  const asPercent = usesAsPercent(name, isProperty, code, known.tools);
  const others = uses - asPercent - (isProperty ? 0 : literals.length);
  return others === 0 && fractions.every(({ value }) => isNamed(value)) ? fractions : undefined;
}

/** How often a name is what a percent parameter is given, and nothing else. */
function usesAsPercent(name: string, isProperty: boolean, code: string, tools: readonly NamedTool[]): number {
  let uses = 0;
  for (const tool of tools) {
    for (const [text] of argumentsOf(code, tool.name)) {
      for (const parameter of percentParameters(tool)) {
        const given = expressionAt(text, parameter)?.text;
        // The shorthand `{ rate }` is one use; `{ rate: rate }` names the parameter beside it.
        if (given === undefined || (isProperty ? !given.endsWith(`.${name}`) : given !== name)) continue;
        const repeats = !isProperty && parameter === name && new RegExp(`${name}\\s*:\\s*${name}`).test(text);
        uses += repeats ? 2 : 1;
      }
    }
  }
  return uses;
}

/** A fraction where percent is asked for: provable when the task names that percentage. */
export function percentFinding(tool: string, parameter: string, given: number, named: readonly number[]): Finding {
  const percent = percentOf(given);
  return {
    rule: 'percent-as-fraction',
    severity: named.includes(percent) ? 'block' : 'warn',
    message: `\`${parameter}\` of ${tool} takes percent, and got ${given}.`,
    remedy: `Give ${percent} for ${percent} %.`,
  };
}

/** The first call that surely gave a fraction for a percentage which the task names. */
export function percentInCalls(
  tools: readonly NamedTool[],
  calls: readonly { tool: string; args?: Json | undefined }[],
  named: readonly number[],
): Finding | undefined {
  if (named.length === 0) return undefined;
  for (const tool of tools) {
    for (const parameter of percentParameters(tool)) {
      for (const call of calls) {
        const given = call.tool === tool.name ? fractionIn(call.args, parameter) : undefined;
        if (given === undefined) continue;
        const finding = percentFinding(tool.name, parameter, given, named);
        if (finding.severity === 'block') return finding;
      }
    }
  }
  return undefined;
}

/** The fraction that arguments give for a parameter, if it is one. */
function fractionIn(args: Json | undefined, parameter: string): number | undefined {
  if (args === null || typeof args !== 'object' || Array.isArray(args)) return undefined;
  const given = args[parameter];
  return typeof given === 'number' && isFraction(given) ? given : undefined;
}

/** Fractions that one call gives where percent is asked for. */
export function percentInCall(tool: NamedTool, args: Json, named: readonly number[]): Finding[] {
  return percentParameters(tool).flatMap((parameter) => {
    const given = fractionIn(args, parameter);
    return given === undefined ? [] : [percentFinding(tool.name, parameter, given, named)];
  });
}

const isFraction = (value: number) => value > 0 && value < 1;

/** The object literals given to a tool, as text; nested braces are followed. */
export function argumentTexts(code: string, tool: string): string[] {
  return argumentsOf(code, tool).map(([text]) => text);
}

/** The same, each with the place where it begins. */
function argumentsOf(code: string, tool: string): [text: string, at: number][] {
  return [...code.matchAll(new RegExp(`(?<![\\w$.])${tool}\\s*\\(\\s*\\{`, 'g'))].map(({ index, 0: opening }) => {
    const at = index + opening.length;
    return [bracesFrom(code, at), at];
  });
}

/** The text from behind an opening brace to the one that closes it. */
function bracesFrom(code: string, start: number): string {
  let depth = 1;
  let at = start;
  while (at < code.length && depth > 0) {
    if (code[at] === '{') depth += 1;
    if (code[at] === '}') depth -= 1;
    at += 1;
  }
  return code.slice(start, at);
}

/** What an object literal gives for a property: `rate: x`, or `rate` alone. */
const expressionOf = (text: string, property: string) => expressionAt(text, property)?.text;

function expressionAt(text: string, property: string): { text: string; at: number } | undefined {
  const given = new RegExp(`((?<![\\w$.])["']?${property}["']?\\s*)(?:(:\\s*)([^,}\\n]+?)\\s*)?(?=[,}\\n])`).exec(text);
  if (given === null) return undefined;
  const [, name = '', colon = '', value] = given;
  return value === undefined
    ? { text: property, at: given.index }
    : { text: value, at: given.index + name.length + colon.length };
}

/** A number, or one divided by another. */
function numberOf(expression: string): number | undefined {
  const found = /^(\d*\.?\d+)(?:\s*\/\s*(\d*\.?\d+))?$/.exec(expression.trim());
  return found === null ? undefined : Number(found[1]) / Number(found[2] ?? 1);
}

/** Constants that stand for constants. */
const DEPTH = 3;

/** The numbers that an expression may stand for: a variable's, a property's of an object or of rows that are gone through. */
function behind(expression: string, code: string, depth: number): number[] {
  const direct = numberOf(expression);
  if (direct !== undefined) return [direct];
  const path = /^(?:[\w$]+(?:\[\w+\])?\.)*([\w$]+)$/.exec(expression.trim());
  const name = path?.[1];
  if (name === undefined || depth === 0) return [];
  const pattern = path?.[0] === name ? `(?:const|let|var)\\s+${name}\\s*(?::[^=;]+)?=` : `["']?${name}["']?\\s*:`;
  const given = [...code.matchAll(new RegExp(`(?<![\\w$.])${pattern.replaceAll('$', '\\$')}\\s*([^,;}\\n]+)`, 'g'))];
  return given.flatMap(([, value = '']) => behind(value, code, depth - 1));
}
