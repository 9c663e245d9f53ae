/**
 * Tools as the model and the check see them: TypeScript declarations with doc comments.
 *
 * @module
 */

import { docText } from '../environment/index.ts';
import type { Json } from '../record/index.ts';
import { notes, schemaToType } from './schema-to-type.ts';
import type { NamedTool } from './tool.ts';

/** Longest description of a tool, in characters. */
const DESCRIPTION_CHARS = 600;
const BRIEF_CHARS = 120;
const EXAMPLE_CHARS = 300;
const MOST_EXAMPLES = 3;

/**
 * The declarations of some tools, one after another.
 *
 * @example
 * ```ts
 * declareTools(toTools({ price }));
 * // /** Price of an item, euros *\/
 * // declare function price(args: { item: "lamp" | "mug" }): Promise<number>;
 * ```
 */
export function declareTools(tools: readonly NamedTool[]): string {
  return tools.map(declareTool).join('\n');
}

/** Texts of tools, which are immutable. */
const declared = new WeakMap<NamedTool, string>();

function declareTool(tool: NamedTool): string {
  const known = declared.get(tool);
  if (known !== undefined) return known;
  const prefix = tool.name.charAt(0).toUpperCase() + tool.name.slice(1);
  const input = schemaToType(tool.input, { side: 'input', prefix });
  const output =
    tool.outputType === undefined
      ? schemaToType(tool.output ?? true, { side: 'output', prefix: `${prefix}Result` })
      : { type: tool.outputType, declarations: [] };
  const optional = Array.isArray(tool.input.required) && tool.input.required.length > 0 ? '' : '?';
  const text = [
    comment(tool),
    ...input.declarations,
    ...output.declarations,
    `declare function ${tool.name}(args${optional}: ${input.type}): Promise<${output.type}>;`,
  ].join('\n');
  declared.set(tool, text);
  return text;
}

function comment(tool: NamedTool): string {
  const lines = [docText(tool.description, DESCRIPTION_CHARS)];
  const result = notes(tool.output, tool.output);
  if (result !== '') lines.push(`@returns ${result}`);
  for (const { args, result: value } of (tool.examples ?? []).slice(0, MOST_EXAMPLES)) {
    const call = `await ${tool.name}(${example(args)})`;
    lines.push(`@example ${docText(value === undefined ? call : `${call} // ${example(value)}`, EXAMPLE_CHARS)}`);
  }
  return lines.length === 1 ? `/** ${lines[0]} */` : `/**\n${lines.map((line) => ` * ${line}`).join('\n')}\n */`;
}

/** A value as a program writes it. */
function example(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(example).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, inner]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${example(inner)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/**
 * A name and one line for each tool: enough to plan with.
 *
 * @example
 * ```ts
 * briefTools(toTools({ price })); // 'price: Price of an item, euros'
 * ```
 */
export function briefTools(tools: readonly NamedTool[]): string {
  return tools.map(({ name, description }) => `${name}: ${firstSentence(description)}`).join('\n');
}

function firstSentence(description: string): string {
  const line = docText(description, DESCRIPTION_CHARS);
  return docText(/^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line, BRIEF_CHARS);
}
