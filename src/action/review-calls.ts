/**
 * Judges tool calls that were decided as data.
 *
 * @module
 */
import type { Awaitable, Call, Decision, Finding, Json, ToolCall, Verdict } from '../record/index.ts';
import type { RunContext } from './action.ts';
import { dependenciesOf, hasRefs, standsAlone } from './execute-json.ts';
import { nearest } from './nearest.ts';
import { taskPercentages } from './numbers.ts';
import { percentInCall } from './percent.ts';
import { inventedIn, offeredTools, type ProgramReview } from './review-program.ts';
import type { NamedTool } from './tool.ts';
import { callKey, turns } from './turns.ts';
import { verdictOf } from './verdict.ts';

export async function reviewCalls(parts: ProgramReview, decision: Decision & Call, run: RunContext): Promise<Verdict> {
  const offered = offeredTools(parts.tools, decision.selection, run);
  const findings = parts.on('calls-circular') ? circularFindings(decision.calls) : [];
  for (const call of decision.calls) {
    const tool = offered.find(({ name }) => name === call.tool);
    if (tool === undefined) {
      if (parts.on('tool-unknown'))
        findings.push(
          unknownTool(
            call,
            offered.map(({ name }) => name),
          ),
        );
      continue;
    }
    const wrong = argumentFinding(parts, call, tool);
    const found = wrong instanceof Promise ? await wrong : wrong;
    if (found !== undefined) findings.push(found);
    if (!tool.poll) findings.push(...repeatFindings(parts, call, run));
    if (parts.on('percent-as-fraction'))
      findings.push(...percentInCall(tool, call.args, run.view.project(taskPercentages)));
    if (parts.on('effect-invented') && tool.effect !== 'read')
      findings.push(...inventedIn(textsOf(call.args), tool, run));
  }
  return verdictOf(findings);
}

function circularFindings(calls: readonly ToolCall[]): Finding[] {
  if (standsAlone(calls)) return [];
  const block = (message: string): Finding[] => [{ rule: 'calls-circular', severity: 'block', message }];
  const byId = new Map(calls.map((call) => [call.id, call]));
  if (byId.size < calls.length) return block('Two calls have the same id.');
  const done = new Set<string>();
  const leadsBack = (id: string, above: readonly string[]): boolean => {
    if (above.includes(id)) return true;
    if (done.has(id)) return false;
    const call = byId.get(id) as ToolCall;
    const circular = dependenciesOf(call, byId).some((need) => leadsBack(need, [...above, id]));
    done.add(id);
    return circular;
  };
  return calls.some(({ id }) => leadsBack(id, [])) ? block('Calls wait for each other in a circle.') : [];
}

function unknownTool({ tool }: ToolCall, names: readonly string[]): Finding {
  const near = nearest(tool, names);
  return {
    rule: 'tool-unknown',
    severity: 'block',
    message: `There is no tool \`${tool}\` in this step.`,
    remedy: near === undefined ? `There are: ${names.slice(0, 20).join(', ')}.` : `Did you mean \`${near}\`?`,
  };
}

/** Arguments that refer to results are known only when those are there, and are checked then. */
function argumentFinding({ on }: ProgramReview, { args }: ToolCall, tool: NamedTool): Awaitable<Finding | undefined> {
  if (!on('arguments-invalid') || hasRefs(args)) return undefined;
  const invalid = (error: unknown): Finding => ({
    rule: 'arguments-invalid',
    severity: 'block',
    message: (error as Error).message,
  });
  try {
    const input = tool.parseInput(args);
    return input instanceof Promise ? input.then(() => undefined, invalid) : undefined;
  } catch (error) {
    return invalid(error);
  }
}

function repeatFindings({ on }: ProgramReview, call: ToolCall, run: RunContext): readonly Finding[] {
  const earlier = run.view.project(turns).calls.get(callKey(call));
  if (earlier?.ok === false && on('failed-repeated')) {
    const failure = earlier.error === undefined ? '' : `: ${earlier.error.message.slice(0, 200)}`;
    return [
      {
        rule: 'failed-repeated',
        severity: 'block',
        message: `${call.tool} with these arguments already failed${failure}.`,
        remedy: 'Change the arguments, or use another tool.',
      },
    ];
  }
  if (earlier?.ok === true && on('repeated')) {
    return [
      {
        rule: 'repeated',
        severity: 'warn',
        message: `${call.tool} was already called with these arguments; its result stands in the history.`,
      },
    ];
  }
  return [];
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(textsOf);
}
