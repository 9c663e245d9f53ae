/**
 * A script for each task that reaches the expected answer with the task's tools alone: proof that the tools suffice.
 *
 * @module
 */
import type { Json } from '../../../record/index.ts';
import type { Play } from '../play.ts';

/** What of a task says which script it has. */
export interface ScriptedTask {
  family: string;
  name: string;
  instruction: string;
}

/** Plays a task's script, and gives the answer it comes to. */
export function playOracle({ family, name, instruction }: ScriptedTask, play: Play): Promise<Json> {
  if (family === 'web_browsing') return browse(instruction, play);
  const script = SCRIPTS[name.slice(name.indexOf('/') + 1)];
  if (script === undefined) throw new Error(`There is no script for ${name}.`);
  return script(play);
}

/** What a quantity comes to, converted and with tariff. */
async function value(play: Play, price: number, rate: number, tariffRate: number): Promise<number> {
  const converted = await play('convert_currency', { base_price: price, conversion_rate: rate });
  const tariff = await play('calculate_tariff', { price: converted, tariff_rate: tariffRate });
  return (await play('estimate_final_value', { price: converted, tariff })) as number;
}

type Lot = readonly [price: number, rate: number, tariffRate: number];
const values = async (play: Play, lots: readonly Lot[]): Promise<number[]> => {
  const found: number[] = [];
  for (const lot of lots) found.push(await value(play, ...lot));
  return found;
};
const least = async (play: Play, lots: readonly Lot[]) => play('find_minimum', { values: await values(play, lots) });
const most = async (play: Play, lots: readonly Lot[]) => play('find_maximum', { values: await values(play, lots) });
const off = async (play: Play, expression: string) => (await play('calculator', { expression })) as number;

/** From hexadecimal, reversed where asked, and by the cipher. */
async function decoded(play: Play, hex: string, shift: number, reverse = true): Promise<string> {
  const ascii = await play('convert_hex_to_ascii', { hex_string: hex });
  const message = reverse ? await play('reverse_string', { string: ascii }) : ascii;
  return (await play('caesar_decode', { message, shift })) as string;
}

const mostCommon = async (play: Play, dna: string) =>
  (await play('find_max_nucleotide', {
    nucleotide_counts: await play('count_nucleotides', { dna_sequence: dna }),
  })) as [string, number];

interface Stay {
  from: string;
  to: string;
  date: string;
  nights: number;
  preferences?: readonly string[];
  /** The best one there, instead of the cheapest. */
  rated?: boolean;
  without?: string;
}

/** The cheapest flights, and the cheapest or the best hotels. */
async function trip(play: Play, stays: readonly Stay[]): Promise<Json> {
  const budgets: Json[] = [];
  for (const { from, to, date, nights, preferences = [], rated = false, without } of stays) {
    const flights = (await play('find_flights', { from_location: from, to_location: to, date })) as { price: number }[];
    const found = await play('book_hotel', { location: to, preferences: [...preferences] });
    const hotels = (found as unknown as Hotel[]).filter((hotel) => !hotel.preferences.includes(without ?? ''));
    const [hotel] = hotels.toSorted((one, other) =>
      rated ? other.rating - one.rating : one.price_per_night - other.price_per_night,
    );
    budgets.push(
      await play('budget_calculator', {
        flight_price: await play('min', { values: flights.map(({ price }) => price) }),
        hotel_price_per_night: (hotel as Hotel).price_per_night,
        num_nights: nights,
      }),
    );
  }
  return play('sum', { values: budgets });
}

interface Hotel {
  preferences: string[];
  price_per_night: number;
  rating: number;
}

const SCRIPTS: { readonly [name: string]: (play: Play) => Promise<Json> } = {
  best_trade_route_selection: (play) =>
    least(play, [
      [500, 1.3, 7],
      [500, 1.4, 9],
      [500, 1.2, 4],
    ]),
  taxed_commodity_export: (play) => value(play, 200 * 120, 2, 5),
  optimizing_bulk_purchase_discounts: async (play) =>
    most(play, [
      [950 * 150, 1.6, 7],
      [await off(play, '1050 * 150 * 0.95'), 1.6, 7],
      [950 * 180, 1.6, 7],
      [await off(play, '1050 * 180 * (1 - 5 / 100)'), 1.6, 7],
    ]),
  currency_fluctuation_hedging: (play) =>
    least(
      play,
      [1.5, 1.65, 1.8].map((rate) => [500 * 250, rate, 8]),
    ),
  fluctuating_conversion_rates_impact: (play) =>
    values(play, [
      [100 * 200, 1.7, 7],
      [150 * 200, 1.5, 7],
      [200 * 200, 1.6, 7],
    ]),
  seasonal_price_fluctuation_impact: (play) =>
    values(
      play,
      [200, 250, 180].map((price) => [200 * price, 1.8, 7]),
    ),
  variable_tariff_profit_maximization: (play) =>
    most(play, [
      [400 * 300, 1.7, 6],
      [350 * 300, 1.7, 4],
      [450 * 300, 1.7, 7],
    ]),
  quantity_tariff_tradeoff: (play) =>
    most(play, [
      [200 * 400, 1.7, 10],
      [150 * 400, 1.7, 5],
    ]),
  bulk_trade_quantity_discount: async (play) => value(play, await off(play, '2500 * 1500 * 0.95'), 1.8, 12),
  length_based_decoding_puzzle: async (play) => {
    for (const hex of ['646566', '6a6b6c6d', '68696a6b6c']) {
      const message = await decoded(play, hex, 6, false);
      if ((await play('string_length', { string: message })) === 5) return message;
    }
    return '';
  },
  maximum_value_decoding: async (play) => {
    const numbers: number[] = [];
    for (const hex of ['313233', '343536', '373839']) numbers.push(Number(await decoded(play, hex, 4)));
    return play('maximum_value', { values: numbers });
  },
  longest_decoded_string: async (play) => {
    const lengths: Json[] = [];
    for (const [hex, shift] of [
      ['4a656d', 2],
      ['4b6867', 3],
      ['4c696f', 5],
    ] as const) {
      lengths.push(await play('string_length', { string: await decoded(play, hex, shift) }));
    }
    return play('maximum_value', { values: lengths });
  },
  hex_caesar_combined_decoding: (play) => decoded(play, '4d4f5252', 2, false),
  transcribe_translate_find_amino_acid: async (play) => {
    const mrna = await play('transcribe_dna_to_mrna', { dna_sequence: 'AGCTAGCGTA' });
    const chain = (await play('translate_mrna_to_amino_acid', { mrna_sequence: mrna })) as string;
    return chain.includes('Methionine');
  },
  find_most_common_nucleotide_combined_sequence: (play) => mostCommon(play, ['AGCT', 'CCGA', 'TTAG'].join('')),
  reverse_transcribe_count_max_nucleotide: async (play) => {
    const dna = (await play('reverse_transcribe_mrna_to_dna', { mrna_sequence: 'AUGCUUUUC' })) as string;
    return (await mostCommon(play, dna))[0];
  },
  reverse_transcribe_palindrome_check: async (play) =>
    play('count_nucleotides', {
      dna_sequence: await play('reverse_transcribe_mrna_to_dna', { mrna_sequence: 'AUGCGU' }),
    }),
  budget_trip_to_paris: (play) => trip(play, [{ from: 'E', to: 'A', date: '2023-12-25', nights: 4 }]),
  cultural_exploration_tour: (play) =>
    trip(play, [
      { from: 'E', to: 'A', date: '2023-12-25', nights: 4, preferences: ['wifi'] },
      { from: 'A', to: 'B', date: '2023-12-29', nights: 2, preferences: ['wifi'] },
      { from: 'B', to: 'D', date: '2024-01-01', nights: 3, preferences: ['wifi'], rated: true },
    ]),
  grand_tour_vacation: (play) =>
    trip(play, [
      { from: 'E', to: 'C', date: '2023-12-01', nights: 2, rated: true },
      { from: 'C', to: 'D', date: '2023-12-03', nights: 3, rated: true },
      { from: 'D', to: 'B', date: '2023-12-06', nights: 2, rated: true },
      { from: 'B', to: 'E', date: '2023-12-08', nights: 3, rated: true },
    ]),
  new_york_holiday_season: (play) =>
    trip(play, [{ from: 'E', to: 'B', date: '2023-12-15', nights: 7, preferences: ['gym', 'pool'] }]),
  adventure_trip: (play) =>
    trip(play, [
      { from: 'E', to: 'C', date: '2023-12-01', nights: 2, preferences: ['pool'] },
      { from: 'C', to: 'B', date: '2023-12-03', nights: 3 },
      { from: 'B', to: 'D', date: '2023-12-06', nights: 2, preferences: ['gym'] },
    ]),
  new_york_trip_with_specific_preferences: (play) =>
    trip(play, [{ from: 'E', to: 'B', date: '2023-11-10', nights: 3, preferences: ['gym'], without: 'pool' }]),
  leisure_and_business_combo: (play) =>
    trip(play, [
      { from: 'E', to: 'D', date: '2023-08-15', nights: 3, preferences: ['wifi', 'gym'] },
      { from: 'D', to: 'A', date: '2023-08-18', nights: 2, preferences: ['pool'] },
      { from: 'A', to: 'C', date: '2023-08-20', nights: 2, preferences: ['wifi', 'gym'] },
    ]),
  leisure_multi_city_trip: (play) =>
    trip(play, [
      { from: 'E', to: 'A', date: '2023-12-25', nights: 3 },
      { from: 'A', to: 'D', date: '2023-12-28', nights: 2 },
    ]),
};

/** Browses as a patient reader does: lists, then pages, scrolling to the end of each. */
async function browse(instruction: string, play: Play): Promise<Json> {
  const wanted = (pattern: RegExp) => pattern.exec(instruction)?.[1];
  const person = wanted(/^Find the (?:email|phone number|department|expertise) of (.+)\.$/m);
  if (person !== undefined) {
    const text = (await personPages(play)).find((page) => page.startsWith(`${person} of `)) ?? '';
    if (instruction.includes('department')) return find(text, /of (.+) Department/);
    if (instruction.includes('email')) return find(text, /Email: (.+)/);
    return find(text, instruction.includes('expertise') ? /Expertise: (.+)/ : /Phone: (.+)/);
  }
  const phone = wanted(/phone number is (.+)\?/);
  if (phone !== undefined) {
    const text = (await personPages(play)).find((page) => page.includes(`Phone: ${phone}`)) ?? '';
    return find(text, /^(.+) of .+ Department/);
  }
  const item = wanted(/current price of (.+)\.$/m);
  if (item !== undefined) return price(play, item);
  const prices: number[] = [];
  for (const each of wanted(/total price of \[(.+)\]/)?.split(', ') ?? []) prices.push(await price(play, each));
  const sum = `(${prices.join(' + ')})`;
  return play('calculator', { expression: instruction.includes('10% off') ? `${sum} * (1 - 0.1)` : sum });
}

async function personPages(play: Play): Promise<string[]> {
  const pages: string[] = [];
  // The team page links `/team/customer_support`; the page is `/team/customer-support`.
  for (const team of ['engineering', 'marketing', 'sales', 'customer-support']) {
    for (const url of links(await open(play, `/team/${team}`))) pages.push(await open(play, url));
  }
  return pages;
}

async function price(play: Play, item: string): Promise<number> {
  const slug = item.toLowerCase().replaceAll(' ', '_');
  const kind = slug.split('_').slice(1).join('_');
  const text = await open(play, `/products/${kind}/${slug}`);
  return Number(find(text, /(?:Now at )?Price: \$([\d.]+)/));
}

/** A whole page: opened, and scrolled to its end. */
async function open(play: Play, url: string): Promise<string> {
  let text = '';
  let view = (await play('click_url', { url })) as string;
  while (!view.startsWith('[Reached')) {
    const shown = /\[Viewing page \d+ of \d+\]\n\n([\s\S]*)\n-{10}$/.exec(view);
    if (shown === null) throw new Error(view);
    text += `${shown[1]}\n`;
    view = (await play('scroll_down')) as string;
  }
  return text;
}

const links = (text: string) => [...text.matchAll(/\[Clickable '([^']+)'\]/g)].map((match) => match[1] as string);

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`Nothing like ${pattern} in: ${text}`);
  return found;
}
