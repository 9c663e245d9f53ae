/**
 * More of the development half: short questions of a manager over a device's log, nested lists, a diary and a table.
 *
 * @module
 */
import { jsonText, type MadeFile, separated } from './kinds.ts';
import { byTotal, development, isClear, mostFrequent, round, sumOf, type Template, tally } from './template.ts';
import { spoken, twoDigits, type World } from './world.ts';

const COWS = ['Bluebell', 'Clover', 'Daisy', 'Heidi', 'Molly', 'Paula', 'Wanda'] as const;
const GROUPS = ['Badgers', 'Beavers', 'Foxes', 'Hedgehogs', 'Otters', 'Owls', 'Squirrels', 'Swallows'] as const;
const INSTRUMENTS = ['cello', 'flute', 'piano', 'trumpet'] as const;
const VILLAGES = ['Ashby', 'Brook End', 'Cold Hill', 'Denholm', 'Elmstead', 'Fenwick', 'Greyford'] as const;
const MATERIALS = ['glass', 'paper', 'metal', 'garden waste'] as const;

/** What a milking robot wrote: a time, a level, and a sentence of one of five forms. */
function milkings(world: World) {
  const rows = world.times(world.int(50, 105), () => ({
    at: `${world.day('2026-03-02', '2026-03-08')} ${[world.int(4, 21), world.int(0, 59), world.int(0, 59)].map(twoDigits).join(':')}`,
    kind: world.pick(['milked', 'milked', 'milked', 'kicked', 'kicked', 'away', 'away', 'rinsed', 'vacuum'] as const),
    cow: world.pick(COWS),
    litres: world.int(62, 178) / 10,
  }));
  rows.sort((a, b) => (a.at < b.at ? -1 : 1));
  const lines = rows.map(({ at, kind, cow, litres }) => {
    const said = {
      milked: `INFO Cow ${cow} gave ${litres.toFixed(1)} litres in ${world.int(4, 11)} minutes`,
      kicked: `WARN Cow ${cow} kicked off the cups`,
      away: `INFO Cow ${cow} was turned away, last milked ${world.int(2, 5)} hours ago`,
      rinsed: `INFO Rinsed the arm for ${world.int(30, 90)} seconds`,
      vacuum: `ERROR Vacuum too low while ${cow} was in the box`,
    }[kind];
    return `${at} ${said}`;
  });
  const file: MadeFile = { name: 'milking-robot.log', kind: 'syslog', text: `${lines.join('\n')}\n` };
  return { rows, file };
}

/** Groups of a kindergarten, each with its children. */
function kindergarten(world: World) {
  const teachers = world.people(8);
  const first = world.people(20).map((name) => name.split(' ')[0]);
  const last = world.people(20).map((name) => name.split(' ')[1]);
  let admitted = 0;
  const groups = world.sample(GROUPS, world.int(5, 8)).map((group, index) => ({
    group,
    teacher: teachers[index] as string,
    children: world.times(world.int(3, 10), () => {
      const number = admitted++;
      return {
        name: `${first[number % 20]} ${last[(number + Math.floor(number / 20)) % 20]}`,
        age: world.int(3, 6),
        allergy: world.chance(0.25) ? world.pick(['nuts', 'milk', 'egg', 'wheat']) : null,
        stays_for_lunch: world.chance(0.6),
        monthly_fee_eur: world.pick([95, 120, 145, 180]),
        fee_paid: world.chance(0.75),
      };
    }),
  }));
  const file: MadeFile = { name: 'kindergarten.json', kind: 'json', text: jsonText(groups) };
  return { groups, children: groups.flatMap(({ children }) => children), file };
}

/** What the players of a small orchestra noted, a sentence a line. */
function practice(world: World) {
  const people = world.people(6).map((name) => name.split(' ')[0] as string);
  const notes = world.times(world.int(25, 50), () => ({
    day: world.day('2026-05-01', '2026-06-14'),
    person: world.pick(people),
    instrument: world.pick(INSTRUMENTS),
    minutes: world.chance(0.85) ? world.int(2, 18) * 5 : null,
    other: world.pick(['forgot the music stand', 'brought new sheet music', 'missed the rehearsal']),
  }));
  notes.sort((a, b) => (a.day < b.day ? -1 : 1));
  const lines = notes.map(({ day, person, instrument, minutes, other }) => {
    const did = minutes === null ? other : `practised the ${instrument} for ${minutes} minutes`;
    return `${spoken(day)}: ${person} ${did}.`;
  });
  const rows = notes.flatMap(({ minutes, ...note }) => (minutes === null ? [] : [{ ...note, minutes }]));
  const file: MadeFile = { name: 'practice-diary.txt', kind: 'diary', text: `${lines.join('\n')}\n` };
  return { rows, file };
}

/** What villages brought to the recycling yard; some loads were not weighed. */
function recycling(world: World) {
  const rows = world.times(world.int(50, 105), () => ({
    date: world.day('2026-07-01', '2026-07-31'),
    village: world.pick(VILLAGES),
    material: world.pick(MATERIALS),
    weight_kg: world.chance(0.05) ? null : world.int(15, 420),
  }));
  rows.sort((a, b) => (a.date < b.date ? -1 : 1));
  const file: MadeFile = { name: 'recycling-yard.csv', kind: 'csv', text: separated(rows, ',') };
  return { rows, file };
}

export const PAPER_TEMPLATES: readonly Template[] = [
  development('d82-cups-kicked-off', ['syslog'], ['count', 'filter', 'text'], (world) => {
    const { file, cow, kicks } = world.until(
      () => {
        const { rows, file } = milkings(world);
        const cow = world.pick(COWS);
        return { file, cow, kicks: rows.filter((row) => row.kind === 'kicked' && row.cow === cow) };
      },
      (made) => made.kicks.length > 1,
    );
    return {
      wordings: [
        `How many times did ${cow} kick off the cups?`,
        `According to the milking robot, how often did the cow ${cow} kick the cups off?`,
        `Count the times that the cups were kicked off by ${cow}.`,
      ],
      files: [file],
      answer: kicks.length,
      form: { form: 'count' },
    };
  }),

  development('d83-turned-away-most', ['syslog'], ['count', 'ranking', 'text'], (world) => {
    const { file, counts } = world.until(
      () => {
        const { rows, file } = milkings(world);
        return { file, counts: tally(rows.filter(({ kind }) => kind === 'away').map(({ cow }) => cow)) };
      },
      (made) => isClear(made.counts),
    );
    return {
      wordings: [
        'Which cow was turned away most often?',
        'Name the cow that the milking robot turned away the largest number of times.',
        'Which of the cows got turned away more times than any other?',
      ],
      files: [file],
      answer: counts[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d84-litres-a-milking', ['syslog'], ['mean', 'filter', 'rounding', 'text'], (world) => {
    const { file, cow, its } = world.until(
      () => {
        const { rows, file } = milkings(world);
        const cow = world.pick(COWS);
        return { file, cow, its: rows.filter((row) => row.kind === 'milked' && row.cow === cow) };
      },
      (made) => made.its.length > 1,
    );
    return {
      wordings: [
        `How many litres does ${cow} give on average each time she gives milk? Round to two decimals.`,
        `What is the average number of litres per milking of the cow ${cow}, to two decimal places?`,
        `Take all the times that ${cow} gave milk: what is the mean amount in litres, rounded to two decimals?`,
      ],
      files: [file],
      answer: round(sumOf(its, ({ litres }) => litres) / its.length, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d85-allergy-at-lunch', ['json'], ['nested', 'count', 'filter', 'missing'], (world) => {
    const { children, file } = kindergarten(world);
    return {
      wordings: [
        'How many children in the whole kindergarten have an allergy and stay for lunch?',
        'Count the children with an allergy who stay for lunch, all groups together.',
        'Over all groups of the kindergarten, how many of the children who stay for lunch have an allergy?',
      ],
      files: [file],
      answer: children.filter(({ allergy, stays_for_lunch }) => allergy !== null && stays_for_lunch).length,
      form: { form: 'count' },
    };
  }),

  development('d86-largest-group', ['json'], ['nested', 'count', 'ranking'], (world) => {
    const { file, sizes } = world.until(
      () => {
        const { groups, file } = kindergarten(world);
        return { file, sizes: tally(groups.flatMap(({ group, children }) => children.map(() => group))) };
      },
      (made) => isClear(made.sizes),
    );
    return {
      wordings: [
        'Which group of the kindergarten has the most children?',
        'Name the kindergarten group with the largest number of children.',
        'In which of the kindergarten groups are there more children than in any other?',
      ],
      files: [file],
      answer: sizes[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d87-fees-to-come', ['json'], ['nested', 'sum', 'filter'], (world) => {
    const { children, file } = world.until(
      () => kindergarten(world),
      (made) => made.children.some(({ fee_paid }) => !fee_paid),
    );
    return {
      wordings: [
        'How many euros of the monthly kindergarten fees are not paid yet, in total?',
        'Add up the monthly fees of all children whose fee has not been paid. How many euros is that?',
        'What do the unpaid monthly fees of the children come to in euros, all groups together?',
      ],
      files: [file],
      answer: sumOf(
        children.filter(({ fee_paid }) => !fee_paid),
        ({ monthly_fee_eur }) => monthly_fee_eur,
      ),
      form: { form: 'count' },
    };
  }),

  development('d88-groups-without-allergy', ['json'], ['nested', 'missing', 'order'], (world) => {
    const { file, free } = world.until(
      () => {
        const { groups, file } = kindergarten(world);
        const free = groups.filter(({ children }) => children.every(({ allergy }) => allergy === null));
        return { file, free: free.map(({ group }) => group).sort() };
      },
      (made) => made.free.length > 0,
    );
    return {
      wordings: [
        'In which kindergarten groups does no child have an allergy? List the groups in alphabetical order.',
        'Give the names of the kindergarten groups without a single child with an allergy, from A to Z.',
        'List, in alphabetical order, every group of the kindergarten where none of the children has an allergy.',
      ],
      files: [file],
      answer: free,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d89-practised-most', ['diary'], ['sum', 'ranking', 'filter', 'text'], (world) => {
    const { file, instrument, totals } = world.until(
      () => {
        const { rows, file } = practice(world);
        const instrument = world.pick(INSTRUMENTS);
        const its = rows.filter((row) => row.instrument === instrument);
        const totals = byTotal(
          its,
          ({ person }) => person,
          ({ minutes }) => minutes,
        );
        return { file, instrument, totals };
      },
      (made) => made.totals.length > 2 && isClear(made.totals),
    );
    return {
      wordings: [
        `Who practised the ${instrument} for the most minutes in total?`,
        `Add up the minutes that each person practised the ${instrument}. Who has the highest total?`,
        `Which person spent the most time overall on practising the ${instrument}?`,
      ],
      files: [file],
      answer: totals[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d90-longest-practice', ['diary'], ['ranking', 'tie', 'order', 'text'], (world) => {
    const wanted = world.pick([1, 2, 2, 3]);
    const { file, longest } = world.until(
      () => {
        const { rows, file } = practice(world);
        const most = Math.max(...rows.map(({ minutes }) => minutes));
        return {
          file,
          longest: mostFrequent([...new Set(rows.filter((row) => row.minutes === most).map(({ person }) => person))]),
        };
      },
      (made) => made.longest.length === wanted,
    );
    return {
      wordings: [
        'Who had the longest single practice, in minutes? If several people reached it, list them all, each once, in alphabetical order.',
        'Take the largest number of minutes that anybody practised at one time. Who practised that long? Give each name once, from A to Z.',
        'List everyone, each name once and in alphabetical order, whose practice on one line of the diary is the longest of all in minutes.',
      ],
      files: [file],
      answer: longest,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d91-top-three-villages', ['csv'], ['sum', 'ranking', 'order', 'filter', 'missing'], (world) => {
    const { file, material, totals } = world.until(
      () => {
        const { rows, file } = recycling(world);
        const material = world.pick(MATERIALS);
        const its = rows.filter((row) => row.material === material);
        const totals = byTotal(
          its,
          ({ village }) => village,
          ({ weight_kg }) => weight_kg ?? 0,
        );
        return { file, material, totals };
      },
      ({ totals }) => totals.length > 3 && [0, 1, 2].every((place) => isClear(totals.slice(place))),
    );
    return {
      wordings: [
        `Which three villages brought the most ${material} by total weight? List them from the most to the least. Loads that were not weighed do not count.`,
        `Name the top three villages for ${material} by their total kilograms, largest total first. Leave out loads without a weight.`,
        `Add up the weight of the ${material} from each village, without the loads that have no weight. Which three totals are highest? Give the villages, highest first.`,
      ],
      files: [file],
      answer: totals.slice(0, 3).map(([village]) => village),
      form: { form: 'names', ordered: true },
    };
  }),
];
