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

/** A fraction where percent is asked for: provable when the task names that percentage. */
export function percentFinding(tool: string, parameter: string, given: number, named: readonly number[]): Finding {
  const percent = Number((given * 100).toPrecision(12));
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
        const { args } = call;
        if (call.tool !== tool.name || args === null || typeof args !== 'object' || Array.isArray(args)) continue;
        const given = args[parameter];
        if (typeof given !== 'number' || !isFraction(given)) continue;
        const finding = percentFinding(tool.name, parameter, given, named);
        if (finding.severity === 'block') return finding;
      }
    }
  }
  return undefined;
}

const isFraction = (value: number) => value > 0 && value < 1;

/** The object literals given to a tool, as text; nested braces are followed. */
export function argumentTexts(code: string, tool: string): string[] {
  const found: string[] = [];
  for (const { index, 0: opening } of code.matchAll(new RegExp(`(?<![\\w$.])${tool}\\s*\\(\\s*\\{`, 'g'))) {
    found.push(bracesFrom(code, index + opening.length));
  }
  return found;
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
function expressionOf(text: string, property: string): string | undefined {
  const given = new RegExp(`(?<![\\w$.])["']?${property}["']?\\s*(?::\\s*([^,}\\n]+?)\\s*)?(?=[,}\\n])`).exec(text);
  return given === null ? undefined : (given[1] ?? property);
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
