/**
 * A script for each task that reaches the expected answer with the task's tools alone: proof that the tools suffice.
 *
 * @module
 */
import type { Json } from '../../src/record/index.ts';
import type { M3Task, ToolDefinitions } from './tasks.ts';

type Call = (tool: string, args?: Json) => Json;

/** Plays a task's script on fresh tools, and gives the answer it comes to. */
export function playOracle(task: M3Task, tools: ToolDefinitions): Json {
  let calls = 0;
  const call: Call = (name, args = {}) => {
    const definition = tools[name];
    if (definition === undefined) throw new Error(`No tool ${name}.`);
    const parsed = definition.input.parse(args) as never;
    calls += 1;
    return definition.output.parse(definition.run(parsed, { call: `oracle.${calls}` })) as Json;
  };
  return task.family === 'trade_calculator' ? trade(task.name, call) : browse(task.instruction, call);
}

/** What a quantity comes to, converted and with tariff. */
function finalValue(call: Call, price: number, rate: number, tariffRate: number): number {
  const converted = call('convert_currency', { base_price: price, conversion_rate: rate });
  const tariff = call('calculate_tariff', { price: converted, tariff_rate: tariffRate });
  return call('estimate_final_value', { price: converted, tariff }) as number;
}

function trade(name: string, call: Call): Json {
  const value = (price: number, rate: number, tariffRate: number) => finalValue(call, price, rate, tariffRate);
  const least = (values: number[]) => call('find_minimum', { values });
  const most = (values: number[]) => call('find_maximum', { values });
  const off = (expression: string) => call('calculator', { expression }) as number;
  const scripts: { [name: string]: () => Json } = {
    best_trade_route_selection: () => least([value(500, 1.3, 7), value(500, 1.4, 9), value(500, 1.2, 4)]),
    taxed_commodity_export: () => value(200 * 120, 2, 5),
    optimizing_bulk_purchase_discounts: () =>
      most([
        value(950 * 150, 1.6, 7),
        value(off('1050 * 150 * 0.95'), 1.6, 7),
        value(950 * 180, 1.6, 7),
        value(off('1050 * 180 * (1 - 5 / 100)'), 1.6, 7),
      ]),
    currency_fluctuation_hedging: () => least([1.5, 1.65, 1.8].map((rate) => value(500 * 250, rate, 8))),
    fluctuating_conversion_rates_impact: () => [
      value(100 * 200, 1.7, 7),
      value(150 * 200, 1.5, 7),
      value(200 * 200, 1.6, 7),
    ],
    seasonal_price_fluctuation_impact: () => [200, 250, 180].map((price) => value(200 * price, 1.8, 7)),
    variable_tariff_profit_maximization: () =>
      most([value(400 * 300, 1.7, 6), value(350 * 300, 1.7, 4), value(450 * 300, 1.7, 7)]),
    quantity_tariff_tradeoff: () => most([value(200 * 400, 1.7, 10), value(150 * 400, 1.7, 5)]),
    bulk_trade_quantity_discount: () => value(off('2500 * 1500 * 0.95'), 1.8, 12),
  };
  const script = scripts[name.replace('trade_calculator/', '')];
  if (script === undefined) throw new Error(`No script for ${name}.`);
  return script();
}

/** Browses as a patient reader does: lists, then pages, scrolling to the end of each. */
function browse(instruction: string, call: Call): Json {
  const wanted = (pattern: RegExp) => pattern.exec(instruction)?.[1];
  const person = wanted(/^Find the (?:email|phone number|department|expertise) of (.+)\.$/m);
  if (person !== undefined) {
    const text = personPages(call).find((page) => page.startsWith(`${person} of `)) ?? '';
    if (instruction.includes('department')) return find(text, /of (.+) Department/);
    if (instruction.includes('email')) return find(text, /Email: (.+)/);
    return find(text, instruction.includes('expertise') ? /Expertise: (.+)/ : /Phone: (.+)/);
  }
  const phone = wanted(/phone number is (.+)\?/);
  if (phone !== undefined) {
    return find(personPages(call).find((page) => page.includes(`Phone: ${phone}`)) ?? '', /^(.+) of .+ Department/);
  }
  const item = wanted(/current price of (.+)\.$/m);
  if (item !== undefined) return price(call, item);
  const items = wanted(/total price of \[(.+)\]/)?.split(', ') ?? [];
  const sum = `(${items.map((each) => price(call, each)).join(' + ')})`;
  return call('calculator', { expression: instruction.includes('10% off') ? `${sum} * (1 - 0.1)` : sum });
}

function personPages(call: Call): string[] {
  // The team page links `/team/customer_support`; the page is `/team/customer-support`.
  const teams = ['engineering', 'marketing', 'sales', 'customer-support'].map((team) => `/team/${team}`);
  return teams.flatMap((team) => links(open(call, team))).map((url) => open(call, url));
}

function price(call: Call, item: string): number {
  const slug = item.toLowerCase().replaceAll(' ', '_');
  const kind = slug.split('_').slice(1).join('_');
  const text = open(call, `/products/${kind}/${slug}`);
  return Number(find(text, /(?:Now at )?Price: \$([\d.]+)/));
}

/** A whole page: opened, and scrolled to its end. */
function open(call: Call, url: string): string {
  let text = '';
  for (
    let view = call('click_url', { url }) as string;
    !view.startsWith('[Reached');
    view = call('scroll_down') as string
  ) {
    const shown = /\[Viewing page \d+ of \d+\]\n\n([\s\S]*)\n-{10}$/.exec(view);
    if (shown === null) throw new Error(view);
    text += `${shown[1]}\n`;
  }
  return text;
}

const links = (text: string) => [...text.matchAll(/\[Clickable '([^']+)'\]/g)].map((match) => match[1] as string);

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Nothing like ${pattern} in: ${text}`);
  return found;
}
