/**
 * More of the development half: tables in other shapes, each with the questions about it.
 *
 * @module
 */
import { jsonText, type MadeFile } from './kinds.ts';
import { byTotal, development, mostFrequent, round, sumOf, type Template } from './template.ts';
import { dayOf, MONTHS, spoken, type World } from './world.ts';

const ARTICLES = ['bolts', 'cable', 'filters', 'hinges', 'paint', 'tiles'] as const;
const WAREHOUSES = ['North', 'Harbour', 'Mill', 'East Gate'] as const;
const CITIES = ['Bergen', 'Cork', 'Lyon', 'Porto', 'Riga', 'Split', 'Turin'] as const;
const CLUBS = ['Chess', 'Rowing', 'Choir', 'Judo'] as const;
const COST_CENTRES = ['Travel', 'Printing', 'Catering', 'Software'] as const;
const SHORT_MONTHS = MONTHS.map((month) => month.slice(0, 3));

/** Stock movements with a bar between cells: pieces that came in and went out. */
function movements(world: World) {
  const rows = world.times(world.int(30, 70), () => ({
    date: world.day('2026-03-01', '2026-05-31'),
    article: world.pick(ARTICLES),
    warehouse: world.pick(WAREHOUSES),
    direction: world.pick(['in', 'in', 'out']),
    pieces: world.int(5, 120),
  }));
  const lines = rows.map((row) => Object.values(row).join(' | '));
  const text = `${[['date', 'article', 'warehouse', 'direction', 'pieces'].join(' | '), ...lines].join('\n')}\n`;
  const file: MadeFile = { name: 'movements.txt', kind: 'pipe table', text };
  return { rows, file };
}

/** Projects as one JSON object, with a project for each id. */
function projects(world: World) {
  const people = world.people(5);
  const rows = world.times(world.int(14, 24), (index) => ({
    id: `P-${101 + index}`,
    lead: world.pick(people),
    hours: world.int(4, 90),
    finished: world.chance(0.5),
    due: world.day('2026-02-01', '2026-11-30'),
  }));
  const text = jsonText(Object.fromEntries(rows.map(({ id, ...rest }) => [id, rest])));
  const file: MadeFile = { name: 'projects.json', kind: 'json by id', text };
  return { rows, file };
}

/** Millimetres of rain: a row a city, a column a month. */
function rainfall(world: World) {
  const cities = world.sample(CITIES, 5);
  const rows = cities.map((city) => ({ city, months: world.sample(range(5, 160), 12) }));
  const lines = rows.map(({ city, months }) => [city, ...months].join(','));
  const text = `${[['city', ...SHORT_MONTHS].join(','), ...lines].join('\n')}\n`;
  const file: MadeFile = { name: 'rainfall.csv', kind: 'wide csv', text };
  return { rows, file };
}

/** Expenses as a spreadsheet of the continent writes them: 1.234,50 and 05.03.2026. */
function expenses(world: World) {
  const people = world.people(5);
  const rows = world.times(world.int(25, 50), () => ({
    date: world.day('2026-01-01', '2026-04-30'),
    person: world.pick(people),
    centre: world.pick(COST_CENTRES),
    eur: world.money(8, 2_400),
  }));
  const lines = rows.map(({ date, person, centre, eur }) =>
    [date.split('-').reverse().join('.'), person, centre, continental(eur)].join('\t'),
  );
  const text = `${[['date', 'person', 'cost centre', 'amount (EUR)'].join('\t'), ...lines].join('\n')}\n`;
  const file: MadeFile = { name: 'expenses.tsv', kind: 'continental tsv', text };
  return { rows, people, file };
}

/** Members of clubs, since when and until when; who is still there has no last day. */
function members(world: World) {
  const rows = world.people(world.int(15, 20)).map((name) => {
    const joined = world.day('2026-01-05', '2026-06-30');
    const stayed = Date.parse(joined) + world.int(20, 150) * 86_400_000;
    return { name, club: world.pick(CLUBS), joined, left: world.chance(0.45) ? null : dayOf(stayed) };
  });
  const lines = rows.map(({ name, club, joined, left }) => [name, club, joined, left ?? '-'].join(','));
  const text = `Members of the house clubs\n\n${['Name,Club,Joined on,Left on', ...lines].join('\n')}\n`;
  const file: MadeFile = { name: 'members.csv', kind: 'titled csv', text };
  return { rows, file };
}

export const TABLE_TEMPLATES: readonly Template[] = [
  development('d17-net-stock', ['pipe table'], ['sum', 'filter'], (world) => {
    const { rows, file } = movements(world);
    const { article } = world.pick(rows);
    const moved = rows.filter((row) => row.article === article);
    return {
      wordings: [
        `By how many pieces did the stock of ${article} change over all warehouses (pieces in less pieces out)?`,
        `Net movement of ${article}: add what came in, subtract what went out. How many pieces?`,
        `Taking every warehouse together, what is the number of pieces of ${article} that came in minus the number that went out?`,
      ],
      files: [file],
      answer: sumOf(moved, ({ direction, pieces }) => (direction === 'in' ? pieces : -pieces)),
      form: { form: 'count' },
    };
  }),

  development('d18-largest-outflow', ['pipe table'], ['sum', 'ranking', 'filter', 'date'], (world) => {
    const { month, totals, file } = world.until(
      () => {
        const made = movements(world);
        const month = world.int(3, 5);
        const out = made.rows.filter((row) => row.direction === 'out' && row.date.startsWith(`2026-0${month}`));
        return {
          ...made,
          month,
          totals: byTotal(
            out,
            (row) => row.warehouse,
            (row) => row.pieces,
          ),
        };
      },
      ({ totals }) => totals.length > 2 && (totals[0]?.[1] ?? 0) > (totals[1]?.[1] ?? 0),
    );
    const named = `${MONTHS[month - 1]} 2026`;
    return {
      wordings: [
        `From which warehouse did the most pieces go out in ${named}?`,
        `Which warehouse sent out the largest number of pieces during ${named}?`,
        `Name the warehouse with the highest total of outgoing pieces in ${named}.`,
      ],
      files: [file],
      answer: (totals[0] as [string, number])[0],
      form: { form: 'name' },
    };
  }),

  development('d19-open-hours', ['json by id'], ['sum', 'ranking', 'filter'], (world) => {
    const { totals, file } = world.until(
      () => {
        const made = projects(world);
        const open = made.rows.filter((row) => !row.finished);
        return {
          ...made,
          totals: byTotal(
            open,
            (row) => row.lead,
            (row) => row.hours,
          ),
        };
      },
      ({ totals }) => totals.length > 2 && (totals[0]?.[1] ?? 0) > (totals[1]?.[1] ?? 0),
    );
    return {
      wordings: [
        'Who leads the most hours of projects that are not finished?',
        'Add up the hours of the unfinished projects for each lead. Which lead has the largest total?',
        'Which project lead has the greatest number of hours still open (projects not finished)?',
      ],
      files: [file],
      answer: (totals[0] as [string, number])[0],
      form: { form: 'name' },
    };
  }),

  development('d20-projects-due', ['json by id'], ['filter', 'date', 'order'], (world) => {
    const { due, day, file } = world.until(
      () => {
        const made = projects(world);
        const day = world.day('2026-03-01', '2026-06-30');
        return { ...made, day, due: made.rows.filter((row) => !row.finished && row.due < day) };
      },
      ({ due }) => due.length >= 2 && due.length <= 6,
    );
    return {
      wordings: [
        `List the ids of the unfinished projects that were due before ${spoken(day)}, in ascending order.`,
        `Which projects are not finished although they were due before ${spoken(day)}? Give their ids, sorted.`,
        `Give the sorted ids of all projects with a due date earlier than ${spoken(day)} that are not finished.`,
      ],
      files: [file],
      answer: due.map(({ id }) => id).sort(),
      form: { form: 'names', ordered: true },
    };
  }),

  development('d21-wettest-month', ['wide csv'], ['ranking'], (world) => {
    const { rows, file } = rainfall(world);
    const { city, months } = world.pick(rows);
    return {
      wordings: [
        `In which month did ${city} have the most rain? Answer with the month as the file writes it.`,
        `Which month was the wettest in ${city}? Use the name of the column.`,
        `Name the month (as it stands in the heading) with the highest rainfall in ${city}.`,
      ],
      files: [file],
      answer: SHORT_MONTHS[months.indexOf(Math.max(...months))] as string,
      form: { form: 'name' },
    };
  }),

  development('d22-dry-cities', ['wide csv'], ['count', 'filter', 'sum'], (world) => {
    const { rows, file, limit } = world.until(
      () => ({ ...rainfall(world), limit: world.int(16, 24) * 50 }),
      (made) => made.rows.some(({ months }) => sumOf(months, Number) < made.limit),
    );
    return {
      wordings: [
        `How many cities had less than ${limit} mm of rain in the whole year?`,
        `Count the cities whose rainfall over all twelve months adds up to less than ${limit} mm.`,
        `In how many of the cities was the yearly total of rain below ${limit} mm?`,
      ],
      files: [file],
      answer: rows.filter(({ months }) => sumOf(months, Number) < limit).length,
      form: { form: 'count' },
    };
  }),

  development('d23-rain-change', ['wide csv'], ['ratio', 'rounding'], (world) => {
    const { rows, file } = rainfall(world);
    const { city, months } = world.pick(rows);
    const from = world.int(0, 10);
    const [before, after] = [months[from] as number, months[from + 1] as number];
    const [first, second] = [MONTHS[from], MONTHS[from + 1]];
    return {
      wordings: [
        `By what percentage did the rainfall in ${city} change from ${first} to ${second}? Round to one decimal; a fall is negative.`,
        `Rain in ${city}: give the change from ${first} to ${second} in percent of ${first}, to one decimal place (negative if it fell).`,
        `What is the percentage change of rainfall in ${city} between ${first} and ${second}, rounded to one decimal?`,
      ],
      files: [file],
      answer: round(((after - before) / before) * 100, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d24-expenses-of', ['continental tsv'], ['sum', 'filter', 'date'], (world) => {
    const { rows, file, person, month } = world.until(
      () => {
        const made = expenses(world);
        return { ...made, person: world.pick(made.people), month: world.int(1, 4) };
      },
      (made) => made.rows.filter((row) => row.person === made.person && monthOf(row.date) === made.month).length > 1,
    );
    const counted = rows.filter((row) => row.person === person && monthOf(row.date) === month);
    const named = `${MONTHS[month - 1]} 2026`;
    return {
      wordings: [
        `How many euros did ${person} spend in ${named}?`,
        `What is the total of the expenses of ${person} in ${named}, in euros?`,
        `Add up the amounts that ${person} claimed for days in ${named}. How many euros are that?`,
      ],
      files: [file],
      answer: round(
        sumOf(counted, (row) => row.eur),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d25-largest-expense', ['continental tsv'], ['ranking', 'filter'], (world) => {
    const { rows, file } = expenses(world);
    const { centre } = world.pick(rows);
    const largest = rows.filter((row) => row.centre === centre).reduce((a, b) => (b.eur > a.eur ? b : a));
    return {
      wordings: [
        `Who had the largest single expense for ${centre}?`,
        `Name the person with the highest amount in the cost centre ${centre}.`,
        `Which person claimed the biggest single amount on the cost centre ${centre}?`,
      ],
      files: [file],
      answer: largest.person,
      form: { form: 'name' },
    };
  }),

  development('d26-members-on', ['titled csv'], ['count', 'date', 'missing'], (world) => {
    const { rows, file } = members(world);
    const day = world.day('2026-05-01', '2026-08-31');
    return {
      wordings: [
        `How many people were members of a club on ${spoken(day)}? Someone is a member from the day of joining up to and including the day of leaving; without a day of leaving they still are.`,
        `Count the members on ${spoken(day)}: joined on or before that day, and left on or after it or not at all.`,
        `On ${spoken(day)}, how many memberships were running (joined by then, not left before that day or still there)?`,
      ],
      files: [file],
      answer: rows.filter(({ joined, left }) => joined <= day && (left === null || left >= day)).length,
      form: { form: 'count' },
    };
  }),

  development('d27-club-sizes', ['titled csv'], ['tie', 'ranking', 'missing', 'order'], (world) => {
    const { rows, file } = world.until(
      () => members(world),
      (made) => made.rows.filter(({ left }) => left === null).length > 3,
    );
    return {
      wordings: [
        'Which club has the most members who have not left? Give all clubs that share first place, in alphabetical order.',
        'Count only the people who are still members. Which club is the largest (all of them if several are equal), as a sorted list?',
        'Name the club or clubs with the highest number of members that never left, alphabetically.',
      ],
      files: [file],
      answer: mostFrequent(rows.filter(({ left }) => left === null).map(({ club }) => club)),
      form: { form: 'names', ordered: true },
    };
  }),
];

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const monthOf = (day: string) => Number(day.slice(5, 7));

/** 1234.5 as 1.234,50. */
function continental(value: number): string {
  const [whole, decimals] = value.toFixed(2).split('.') as [string, string];
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${decimals}`;
}
