/**
 * More of the development half: two tables that belong together, and the questions that need both.
 *
 * @module
 */
import { type MadeFile, separated } from './kinds.ts';
import { byTotal, development, isClear, round, sumOf, type Template, tally } from './template.ts';
import { spoken, twoDigits, type World } from './world.ts';

const TYPES = ['city', 'cargo', 'electric', 'child'] as const;
const STATIONS = ['Harbour', 'Market', 'Old Town', 'University', 'West Park'] as const;

/** Bikes, and each time that one was rented: the rentals know a bike by its id alone. */
function rentals(world: World) {
  const bikes = world.times(world.int(8, 12), (index) => ({
    id: `B${twoDigits(index + 1)}`,
    type: TYPES[index % TYPES.length] as string,
    eur_per_hour: world.int(4, 18) / 2,
  }));
  const idle = world.int(1, 2);
  const rented = world.shuffle(bikes).slice(idle);
  const rows = world.times(world.int(30, 60), () => ({
    bike: world.pick(rented).id,
    day: world.day('2026-06-01', '2026-07-15'),
    start: `${twoDigits(world.int(6, 20))}:${twoDigits(world.int(0, 11) * 5)}`,
    station: world.pick(STATIONS),
    minutes: world.int(10, 180),
  }));
  const files: MadeFile[] = [
    { name: 'bikes.csv', kind: 'csv', text: separated(bikes, ',') },
    { name: 'rentals.csv', kind: 'csv', text: separated(rows, ',') },
  ];
  const bikeOf = (id: string) => bikes.find((bike) => bike.id === id) as (typeof bikes)[number];
  return { bikes, rows, files, bikeOf };
}

type Rental = ReturnType<typeof rentals>['rows'][number];
const minutesOf = ({ minutes }: Rental) => minutes;

export const JOINED_TEMPLATES: readonly Template[] = [
  development('d39-minutes-of-type', ['csv'], ['join', 'sum', 'filter'], (world) => {
    const { rows, files, bikeOf } = rentals(world);
    const type = bikeOf(world.pick(rows).bike).type;
    return {
      wordings: [
        `For how many minutes in all were ${type} bikes rented?`,
        `Add up the minutes of all rentals of ${type} bikes.`,
        `What is the total duration, in minutes, of the rentals of bikes of the type ${type}?`,
      ],
      files,
      answer: sumOf(
        rows.filter(({ bike }) => bikeOf(bike).type === type),
        minutesOf,
      ),
      form: { form: 'count' },
    };
  }),

  development('d40-most-rented-type', ['csv'], ['join', 'count', 'ranking'], (world) => {
    const { files, counts } = world.until(
      () => {
        const made = rentals(world);
        return { ...made, counts: tally(made.rows.map(({ bike }) => made.bikeOf(bike).type)) };
      },
      (made) => isClear(made.counts),
    );
    return {
      wordings: [
        'Which type of bike was rented most often?',
        'Of which bike type are there the most rentals?',
        'Name the type whose bikes were rented the largest number of times.',
      ],
      files,
      answer: counts[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d41-never-rented', ['csv'], ['join', 'missing', 'order'], (world) => {
    const { bikes, rows, files } = rentals(world);
    const rented = new Set(rows.map(({ bike }) => bike));
    return {
      wordings: [
        'Which bikes were never rented? Give their ids in alphabetical order.',
        'List the ids of the bikes that no rental names, sorted.',
        'Give the ids of all bikes without a single rental, in alphabetical order.',
      ],
      files,
      answer: bikes.map(({ id }) => id).filter((id) => !rented.has(id)),
      form: { form: 'names', ordered: true },
    };
  }),

  development('d42-share-longer', ['csv'], ['ratio', 'rounding', 'filter'], (world) => {
    const { rows, files } = rentals(world);
    const limit = world.int(3, 9) * 15;
    return {
      wordings: [
        `What percentage of the rentals lasted longer than ${limit} minutes? Round to one decimal.`,
        `Of all rentals, how many percent took more than ${limit} minutes, to one decimal place?`,
        `Give the share of rentals over ${limit} minutes in percent, rounded to one decimal.`,
      ],
      files,
      answer: round((rows.filter(({ minutes }) => minutes > limit).length / rows.length) * 100, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d43-early-rentals', ['csv'], ['count', 'filter', 'text'], (world) => {
    const { rows, files } = rentals(world);
    const hour = world.int(9, 12);
    const station = world.pick(rows).station;
    return {
      wordings: [
        `How many rentals at ${station} began before ${hour}:00?`,
        `Count the rentals that started before ${hour} in the morning at the station ${station}.`.replace(
          '12 in the morning',
          'noon',
        ),
        `At ${station}, how many times was a bike rented earlier than ${hour}:00?`,
      ],
      files,
      answer: rows.filter((row) => row.station === station && Number(row.start.slice(0, 2)) < hour).length,
      form: { form: 'count' },
    };
  }),

  development('d44-longest-at', ['csv'], ['ranking', 'filter'], (world) => {
    const { files, best, station } = world.until(
      () => {
        const made = rentals(world);
        const at = world.pick(made.rows).station;
        const sorted = made.rows.filter((row) => row.station === at).sort((one, other) => other.minutes - one.minutes);
        return { ...made, station: at, best: sorted[0] as Rental, next: sorted[1] };
      },
      (made) => made.next !== undefined && made.next.minutes < made.best.minutes,
    );
    return {
      wordings: [
        `Which bike had the longest rental that began at ${station}? Give its id.`,
        `Give the id of the bike of the longest single rental at ${station}.`,
        `At ${station}, which bike (its id) was rented for the most minutes at a time?`,
      ],
      files,
      answer: best.bike,
      form: { form: 'name' },
    };
  }),

  development('d45-days-rented', ['csv'], ['distinct', 'date', 'filter'], (world) => {
    const { rows, files } = rentals(world);
    const { bike } = world.pick(rows);
    return {
      wordings: [
        `On how many different days was bike ${bike} rented?`,
        `Count the days on which there is at least one rental of ${bike}.`,
        `How many distinct days have a rental of the bike ${bike}?`,
      ],
      files,
      answer: new Set(rows.filter((row) => row.bike === bike).map(({ day }) => day)).size,
      form: { form: 'count' },
    };
  }),

  development('d46-mean-of-type', ['csv'], ['join', 'mean', 'rounding'], (world) => {
    const { rows, files, bikeOf } = rentals(world);
    const type = bikeOf(world.pick(rows).bike).type;
    const its = rows.filter(({ bike }) => bikeOf(bike).type === type);
    return {
      wordings: [
        `How many minutes does a rental of a ${type} bike last on average? Round to one decimal.`,
        `What is the average duration of the rentals of ${type} bikes in minutes, to one decimal place?`,
        `Give the mean minutes of all rentals of bikes of type ${type}, rounded to one decimal.`,
      ],
      files,
      answer: round(sumOf(its, minutesOf) / its.length, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d47-earned-at', ['csv'], ['join', 'sum', 'filter', 'rounding'], (world) => {
    const { rows, files, bikeOf } = rentals(world);
    const station = world.pick(rows).station;
    const its = rows.filter((row) => row.station === station);
    return {
      wordings: [
        `A rental costs its minutes at the hourly price of the bike. How many euros did the rentals at ${station} bring in all? Round to two decimals.`,
        `What did the rentals at ${station} earn in euros, when each is paid by the minute at the bike's price per hour? Round to two decimals.`,
        `Each rental is charged minutes / 60 times the price per hour of its bike. What is the total of ${station}, rounded to two decimals?`,
      ],
      files,
      answer: round(
        sumOf(its, ({ bike, minutes }) => (minutes / 60) * bikeOf(bike).eur_per_hour),
        2,
      ),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d48-busiest-day', ['csv'], ['sum', 'ranking', 'date'], (world) => {
    const { files, totals, month } = world.until(
      () => {
        const made = rentals(world);
        const at = world.pick(['06', '07']);
        const its = made.rows.filter(({ day }) => day.slice(5, 7) === at);
        return { ...made, month: at, totals: byTotal(its, ({ day }) => day, minutesOf) };
      },
      (made) => made.totals.length > 2 && isClear(made.totals),
    );
    const named = month === '06' ? 'June' : 'July';
    return {
      wordings: [
        `On which day in ${named} were bikes rented for the most minutes in all? Answer as YYYY-MM-DD.`,
        `Which day of ${named} has the highest total of rented minutes (YYYY-MM-DD)?`,
        `Add up the minutes of each day in ${named}. Which day has the most, as YYYY-MM-DD?`,
      ],
      files,
      answer: totals[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d49-since', ['csv'], ['date', 'count', 'filter', 'join'], (world) => {
    const { rows, files, bikeOf } = rentals(world);
    const type = bikeOf(world.pick(rows).bike).type;
    const day = world.day('2026-06-10', '2026-07-05');
    return {
      wordings: [
        `How many rentals of ${type} bikes were there after ${spoken(day)}?`,
        `Count the rentals of ${type} bikes on days later than ${spoken(day)}.`,
        `After ${spoken(day)}, how often was a bike of the type ${type} rented?`,
      ],
      files,
      answer: rows.filter((row) => row.day > day && bikeOf(row.bike).type === type).length,
      form: { form: 'count' },
    };
  }),
];
