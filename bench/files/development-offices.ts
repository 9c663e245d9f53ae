/**
 * More of the development half: tables of offices (a hotel's bookings, electricity meters, an election), and their questions.
 *
 * @module
 */
import { type MadeFile, separated } from './kinds.ts';
import { byTotal, development, round, sumOf, type Template } from './template.ts';
import { DAY_MS, dayOf, MONTHS, spoken, type World } from './world.ts';

const ROOMS = { single: [55, 110], double: [90, 190], suite: [180, 420] } as const;
const CHANNELS = ['phone', 'website', 'agency', 'e-mail'] as const;
const REMARKS = ['', '', '', '', 'late arrival', 'dog', 'ground floor', 'cot needed'] as const;
const PARTIES = ['Civic Union', 'Green Forum', 'Harbour List', 'New Start', 'Workers First'] as const;
const DISTRICTS =
  'Beech Park/Castle Hill/Docklands/Eastgate/Harbour End/Lower Town/Market Square/North Quay/Old Mill/Riverside/South Quay/Upper Town';

const after = (day: string, days: number) => dayOf(Date.parse(day) + days * DAY_MS);
const continentalDay = (day: string) => day.split('-').reverse().join('.');
const continentalMoney = (eur: number) => {
  const [whole, cents] = eur.toFixed(2).split('.') as [string, string];
  return `${whole.replace(/\B(?=(?:\d{3})+$)/g, '.')},${cents}`;
};

/** A hotel's bookings as its program writes them where a comma is the decimal sign; the channel is typed by hand. */
function bookings(world: World) {
  const guests = world.people(18);
  const rows = world.times(world.int(26, 48), (index) => {
    const room = world.pick(['single', 'double', 'double', 'suite'] as const);
    const nights = world.int(1, 8);
    const rate = world.money(ROOMS[room][0], ROOMS[room][1]);
    const arrival = world.day('2026-04-28', '2026-06-10');
    return {
      number: 2200 + index,
      guest: world.pick(guests),
      room,
      channel: world.pick(CHANNELS),
      arrival,
      departure: after(arrival, nights),
      persons: room === 'single' ? 1 : world.int(1, room === 'suite' ? 4 : 2),
      rate,
      total: round(rate * nights, 2),
      remark: world.pick(REMARKS),
    };
  });
  const cells = rows.map(({ number, guest, room, channel, arrival, departure, persons, total, remark }) => ({
    booking: number,
    guest,
    room,
    channel: world.chance(0.2) ? `${channel.slice(0, 1).toUpperCase()}${channel.slice(1)}` : channel,
    arrival: continentalDay(arrival),
    departure: continentalDay(departure),
    persons,
    total_eur: continentalMoney(total),
    remark,
  }));
  const file: MadeFile = { name: 'hotel-bookings.tsv', kind: 'continental tsv', text: separated(cells, '\t') };
  return { rows, file };
}

/** The flats of a house, and what the caretaker reads off their meters on the first day of each month. */
function meters(world: World) {
  const tenants = world.people(world.int(8, 12));
  const flats = [...tenants, null].map((tenant, index) => ({
    flat: `${Math.floor(index / 3) + 1}${'ABC'[index % 3]}`,
    tenant,
    m2: world.int(32, 110),
    meter: `EM-${40_100 + index * 7 + world.int(0, 6)}`,
  }));
  const months = ['01', '02', '03', '04', '05', '06', '07'] as const;
  const used = flats.map(({ tenant }) =>
    months.map(() => (tenant === null ? world.int(2, 6) : world.int(90, 380))).slice(1),
  );
  const starts = flats.map(() => world.int(1_500, 28_000));
  const kwh = (flat: number, month: number) =>
    (starts[flat] as number) + sumOf((used[flat] ?? []).slice(0, month), Number);
  const cells = months.flatMap((month, at) =>
    world
      .shuffle(flats)
      .map((flat) => ({ meter: flat.meter, read_on: `2026-${month}-01`, kwh: kwh(flats.indexOf(flat), at) })),
  );
  const title = 'Linden Court, electricity\nMeter readings on the first day of each month, 7 am\n\n';
  const files: MadeFile[] = [
    { name: 'flats.csv', kind: 'csv', text: separated(flats, ',') },
    { name: 'meter-readings.csv', kind: 'titled csv', text: `${title}${separated(cells, ',')}` },
  ];
  return { tenants, used, files };
}

/** A town's election: the votes of each district, a column a party, and who may vote there. */
function election(world: World) {
  const names = world.sample(DISTRICTS.split('/'), world.int(9, 11));
  const districts = names.map((name) => {
    const votes = PARTIES.map((party) => (party === 'New Start' && world.chance(0.3) ? null : world.int(40, 620)));
    const invalid = world.int(4, 45);
    const cast = sumOf(votes, Number) + invalid;
    return { name, votes, invalid, cast, registered: Math.round(cast / (world.int(420, 830) / 1000)) };
  });
  const line = (district: string, votes: readonly (number | null)[], invalid: number) => ({
    district,
    ...Object.fromEntries(PARTIES.map((party, at) => [party, votes[at] ?? null])),
    invalid,
  });
  const totals = PARTIES.map((_, at) => sumOf(districts, ({ votes }) => votes[at] ?? 0));
  const cells = [
    ...districts.map(({ name, votes, invalid }) => line(name, votes, invalid)),
    line(
      'Total',
      totals,
      sumOf(districts, ({ invalid }) => invalid),
    ),
  ];
  const registers = world
    .shuffle(districts)
    .map(({ name, registered }) => [
      name,
      registered.toLocaleString('en-US'),
      world.pick(['school', 'town hall', 'gym']),
    ]);
  const files: MadeFile[] = [
    { name: 'votes.csv', kind: 'wide csv', text: separated(cells, ',') },
    {
      name: 'voters.txt',
      kind: 'pipe table',
      text: `${[['district', 'registered voters', 'polling place'], ...registers].map((row) => row.join(' | ')).join('\n')}\n`,
    },
  ];
  return { districts, files };
}

export const OFFICE_TEMPLATES: readonly Template[] = [
  development('d50-booked-through', ['continental tsv'], ['sum', 'filter', 'text'], (world) => {
    const { rows, file } = bookings(world);
    const { channel } = world.pick(rows);
    const through = {
      phone: 'by phone',
      website: 'on the website',
      agency: 'through the agency',
      'e-mail': 'by e-mail',
    };
    return {
      wordings: [
        `How much money, in euros, do all the bookings made ${through[channel]} come to?`,
        `Total amount in euros of the rooms that were booked ${through[channel]}?`,
        `What did guests who booked ${through[channel]} pay altogether for those bookings, in EUR?`,
      ],
      files: [file],
      answer: round(
        sumOf(
          rows.filter((row) => row.channel === channel),
          ({ total }) => total,
        ),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d51-slept-here', ['continental tsv'], ['sum', 'date', 'filter'], (world) => {
    const { file, day, staying } = world.until(
      () => {
        const { rows, file } = bookings(world);
        const day = world.day('2026-05-04', '2026-06-10');
        const staying = rows.filter(({ arrival, departure }) => arrival <= day && departure > day);
        return { file, day, staying, leaving: rows.some(({ departure }) => departure === day) };
      },
      (made) => made.leaving && made.staying.length > 2 && made.staying.some(({ arrival }) => arrival === made.day),
    );
    const morning = spoken(after(day, 1));
    return {
      wordings: [
        `How many people slept at the hotel in the night from ${spoken(day)} to ${morning}? Count every person of a booking.`,
        `Add up the persons of all bookings that include the night of ${spoken(day)} (guests who leave that day are gone by then, those who arrive that day are there).`,
        `For the night between ${spoken(day)} and ${morning}, what is the number of persons staying in the house, over all bookings?`,
      ],
      files: [file],
      answer: sumOf(staying, ({ persons }) => persons),
      form: { form: 'count' },
    };
  }),

  development('d52-dearest-night', ['continental tsv'], ['ranking', 'ratio', 'date', 'filter'], (world) => {
    const { file, room, best } = world.until(
      () => {
        const { rows, file } = bookings(world);
        const room = world.pick(['single', 'double', 'suite'] as const);
        const sorted = rows.filter((row) => row.room === room).sort((one, other) => other.rate - one.rate);
        return { file, room, best: sorted[0], next: sorted[1], dearest: Math.max(...sorted.map(({ total }) => total)) };
      },
      ({ best, next, dearest }) =>
        best !== undefined && next !== undefined && next.rate < best.rate && best.total < dearest,
    );
    return {
      wordings: [
        `Who paid the highest price per night for a ${room} room? (The total of the booking divided by its nights.)`.replace(
          'suite room',
          'suite',
        ),
        `Divide the total of each booking by its number of nights: which guest has the most expensive night in the room type ${room}?`,
        `Name the guest whose booking of the type "${room}" cost the most per night, that is, its amount over the nights from arrival to departure.`,
      ],
      files: [file],
      answer: best?.guest as string,
      form: { form: 'name' },
    };
  }),

  development('d53-kwh-between', ['csv', 'titled csv'], ['join', 'date', 'sum'], (world) => {
    const { tenants, used, files } = meters(world);
    const at = world.int(0, tenants.length - 1);
    const from = world.int(0, 3);
    const to = from + world.int(2, 3);
    const [first, last] = [from, to].map((month) => `2026-0${month + 1}-01`) as [string, string];
    return {
      wordings: [
        `How many kWh of electricity did ${tenants[at]} use from the reading of ${spoken(first)} to that of ${spoken(last)}?`,
        `What is ${tenants[at]}'s consumption in kWh between the meter readings on ${spoken(first)} and ${spoken(last)}?`,
        `By how many kWh did the meter of ${tenants[at]} go up between ${spoken(first)} and ${spoken(last)}?`,
      ],
      files,
      answer: sumOf((used[at] ?? []).slice(from, to), Number),
      form: { form: 'count' },
    };
  }),

  development('d54-largest-rise', ['csv', 'titled csv'], ['join', 'date', 'ranking', 'order'], (world) => {
    const month = world.int(0, 4);
    const { files, rises } = world.until(
      () => {
        const { tenants, used, files } = meters(world);
        const rise = (at: number) => (used[at]?.[month + 1] as number) - (used[at]?.[month] as number);
        const rows = tenants.map((tenant, at) => ({ tenant, rise: rise(at) }));
        return {
          files,
          rises: byTotal(
            rows,
            ({ tenant }) => tenant,
            ({ rise }) => rise,
          ),
        };
      },
      ({ rises }) => (rises[0]?.[1] ?? 0) > Math.max(20, rises[1]?.[1] ?? 0),
    );
    const [earlier, later] = [MONTHS[month], MONTHS[month + 1]];
    return {
      wordings: [
        `A month's consumption is the reading on the first of the next month minus the one on the first of that month. Which tenant's consumption grew by the most kWh from ${earlier} to ${later} 2026?`,
        `Who used more electricity in ${later} 2026 than in ${earlier} 2026 by the largest number of kWh? The meters are read at the start of each month, so take the difference to the next reading as the use of a month.`,
        `Compare each tenant's use in ${earlier} and in ${later} 2026 (from one month's first day to the next month's): whose went up the most, in kWh?`,
      ],
      files,
      answer: rises[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d55-votes-of-party', ['wide csv'], ['sum', 'filter'], (world) => {
    const { districts, files } = election(world);
    const at = world.int(0, PARTIES.length - 1);
    const group = world.sample(districts, 3);
    const [one, two, three] = group.map(({ name }) => name);
    return {
      wordings: [
        `How many votes did ${PARTIES[at]} get in ${one}, ${two} and ${three} together? (An empty field means that it did not stand there.)`,
        `Add up the votes for ${PARTIES[at]} in the districts ${one}, ${two} and ${three}; where nothing is filled in, it had no votes.`,
        `${one}, ${two}, ${three}: what is the total of votes for ${PARTIES[at]} in these three districts? Blank stands for none.`,
      ],
      files,
      answer: sumOf(group, ({ votes }) => votes[at] ?? 0),
      form: { form: 'count' },
    };
  }),

  development('d56-districts-won', ['wide csv'], ['ranking', 'filter', 'order'], (world) => {
    const { files, party, won } = world.until(
      () => {
        const { districts, files } = election(world);
        const party = world.int(0, PARTIES.length - 1);
        const winners = districts.map(({ name, votes }) => {
          const most = Math.max(...votes.map(Number));
          return { name, first: votes.indexOf(most), last: votes.lastIndexOf(most) };
        });
        const won = winners.filter(({ first }) => first === party).map(({ name }) => name);
        return { files, party, won, tied: winners.some(({ first, last }) => first !== last) };
      },
      ({ won, tied }) => !tied && won.length > 1,
    );
    return {
      wordings: [
        `In which districts did ${PARTIES[party]} get more votes than any other party? List them in alphabetical order.`,
        `List the districts that ${PARTIES[party]} won, that is, where no other party has as many votes, sorted alphabetically.`,
        `Where is ${PARTIES[party]} the strongest party? Give the names of these districts from A to Z.`,
      ],
      files,
      answer: won.sort(),
      form: { form: 'names', ordered: true },
    };
  }),

  development('d57-turnout', ['wide csv', 'pipe table'], ['join', 'ratio', 'ranking', 'sum'], (world) => {
    const { districts, files } = world.until(
      () => election(world),
      (made) => {
        const shares = made.districts.map(({ cast, registered }) => cast / registered).sort((a, b) => a - b);
        return shares.every((share, at) => at === 0 || share - (shares[at - 1] ?? 0) > 0.001);
      },
    );
    const sorted = [...districts].sort((one, other) => other.cast / other.registered - one.cast / one.registered);
    const [which, best] = world.pick([
      ['highest', sorted[0]],
      ['lowest', sorted.at(-1)],
    ] as const);
    return {
      wordings: [
        `Which district had the ${which} turnout? Turnout is all votes, the invalid ones too, divided by the registered voters.`,
        `Name the district with the ${which} share of registered voters who voted; invalid votes count as having voted.`,
        `Turnout means valid and invalid votes together as a percentage of those registered. Where was it ${which}?`,
      ],
      files,
      answer: best?.name as string,
      form: { form: 'name' },
    };
  }),
];
