/**
 * The `trade_calculator` and `web_browsing` tasks of M3ToolEval (CodeAct, arXiv 2402.01030), with the tools they need.
 *
 * Instructions, pages and expected answers come from the data; the tools are written here after their descriptions and
 * behave as the original's. Each takes one object, as tools of poact do, so `find_minimum(1, 2)` became
 * `find_minimum({ values: [1, 2] })`, and a calculator that fails throws instead of giving text for a number.
 *
 * Effects: what only computes or looks is `read`. Clicking, scrolling and going back change where the one browser of the
 * task stands, so they are `reversible`, and `undo` puts it back where it stood before that call. They are not `read`:
 * two candidate programs that clicked in the same browser would read each other's pages.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Effect } from '../../src/record/index.ts';
import { type Browser, type BrowserState, openBrowser, type WebPage } from './browser.ts';
import { calculate } from './calculator.ts';
import type { Expected } from './score.ts';

/** A tool's definition, as `tool()` takes it. */
export interface ToolDefinition {
  description: string;
  input: z.ZodObject;
  output: z.ZodType;
  effect: Effect;
  run(args: never, context: { call: string }): unknown;
  undo?(args: never, result: never, context: { call: string }): unknown;
}

export type ToolDefinitions = { readonly [name: string]: ToolDefinition };

export interface M3Task {
  family: 'trade_calculator' | 'web_browsing';
  name: string;
  instruction: string;
  expected: Expected;
}

export interface M3Data {
  tasks: readonly M3Task[];
  pages: readonly WebPage[];
}

/** Other families expect objects; only the two that are run are read closely. */
const dataSchema = z.object({ tasks: z.array(z.looseObject({ family: z.string() })) });
const taskSchema = z.object({
  family: z.enum(['trade_calculator', 'web_browsing']),
  name: z.string(),
  instruction: z.string(),
  expected: z.union([z.number(), z.string(), z.array(z.number())]),
});
const pageSchema = z.object({ name: z.string(), content: z.string() });

/** Reads the tasks of the two families from a folder with `tasks.json` and `web_pages.jsonl`. */
export function loadM3(folder: string): M3Data {
  const { tasks } = dataSchema.parse(JSON.parse(readFileSync(`${folder}/tasks.json`, 'utf8')));
  const lines = readFileSync(`${folder}/web_pages.jsonl`, 'utf8').trim().split('\n');
  return {
    tasks: tasks.filter(({ family }) => FAMILIES.has(family)).map((task) => taskSchema.parse(task)),
    pages: lines.map((line) => pageSchema.parse(JSON.parse(line))),
  };
}

const FAMILIES = new Set(['trade_calculator', 'web_browsing']);

/** The tools of a task, fresh: each task has a browser of its own. */
export function definitionsOf(task: M3Task, { pages }: M3Data): ToolDefinitions {
  return task.family === 'trade_calculator' ? tradeTools() : browserTools(openBrowser(pages));
}

/** The schema of the answer: the form that the task's expected answer has, and nothing of its value. */
export function answerSchema({ expected }: M3Task): z.ZodType<number | string | number[]> {
  if (Array.isArray(expected)) return z.array(z.number());
  return typeof expected === 'number' ? z.number() : z.string();
}

const number = z.number();

function tradeTools(): ToolDefinitions {
  return {
    convert_currency: {
      description: 'Converts the commodity price to local currency.',
      input: z.object({ base_price: number, conversion_rate: number }),
      output: number,
      effect: 'read',
      run: ({ base_price, conversion_rate }: { base_price: number; conversion_rate: number }) =>
        base_price * conversion_rate,
    },
    calculate_tariff: {
      description: 'Calculates the trade tariff based on the converted price. tariff_rate is in %.',
      input: z.object({ price: number, tariff_rate: number.describe('in %') }),
      output: number,
      effect: 'read',
      run: ({ price, tariff_rate }: { price: number; tariff_rate: number }) => (price * tariff_rate) / 100,
    },
    estimate_final_value: {
      description: 'Estimates the final trade value including the tariff.',
      input: z.object({ price: number, tariff: number }),
      output: number,
      effect: 'read',
      run: ({ price, tariff }: { price: number; tariff: number }) => price + tariff,
    },
    calculator,
    find_minimum: {
      description: 'Finds the minimum value among the given values.',
      input: z.object({ values: z.array(number).min(1) }),
      output: number,
      effect: 'read',
      run: ({ values }: { values: number[] }) => Math.min(...values),
    },
    find_maximum: {
      description: 'Finds the maximum value among the given values.',
      input: z.object({ values: z.array(number).min(1) }),
      output: number,
      effect: 'read',
      run: ({ values }: { values: number[] }) => Math.max(...values),
    },
  };
}

const calculator: ToolDefinition = {
  description:
    'Evaluates the given expression and returns the result. For example, "2 + (3 * 4)" will return 14. Throws if it cannot.',
  input: z.object({ expression: z.string() }),
  output: number,
  effect: 'read',
  run: ({ expression }: { expression: string }) => calculate(expression),
};

function browserTools(browser: Browser): ToolDefinitions {
  const before = new Map<string, BrowserState>();
  const moves = (description: string, move: (args: { url: string }) => string): ToolDefinition => ({
    description: `${description} Returns the rendered content of the webpage.`,
    input: z.object({}),
    output: z.string(),
    effect: 'reversible',
    run: (args: { url: string }, { call }) => {
      before.set(call, browser.state());
      return move(args);
    },
    undo: (_args, _result, { call }) => {
      const state = before.get(call);
      if (state === undefined) throw new Error('This browser did not make that call.');
      browser.restore(state);
    },
  });
  return {
    click_url: {
      ...moves("Clicks on a URL. A clickable URL looks like [Clickable '<url>'] in the webpage.", ({ url }) =>
        browser.clickUrl(url),
      ),
      input: z.object({ url: z.string() }),
    },
    go_to_previous_page: moves('Goes back to the previous page.', () => browser.previousPage()),
    scroll_down: moves('Scrolls down the view.', () => browser.scrollDown()),
    scroll_up: moves('Scrolls up the view.', () => browser.scrollUp()),
    view: {
      description: 'Returns the current view of the rendered webpage. Call it to see the current webpage.',
      input: z.object({}),
      output: z.string(),
      effect: 'read',
      run: () => browser.view(),
    },
    calculator,
  };
}
