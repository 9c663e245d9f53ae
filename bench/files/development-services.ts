/**
 * More of the development half: what a help desk, a garage and a gym keep, and what they are asked.
 *
 * @module
 */
import { jsonText, type MadeFile, separated } from './kinds.ts';
import { development, isOnEdge, round, sumOf, type Template } from './template.ts';
import { DAY_MS, dayOf, MONTHS, twoDigits, type World } from './world.ts';

const TAGS = ['billing', 'login', 'printer', 'delivery', 'refund', 'app', 'password'] as const;
const PRIORITIES = ['low', 'normal', 'normal', 'urgent'] as const;
const TROUBLES = [
  'Cannot sign in',
  'Charged twice',
  'Parcel is late',
  'Paper jam',
  'App closes',
  'Where is my refund?',
];
const CARS = ['Skoda Octavia', 'Fiat Panda', 'Volvo V60', 'Renault Clio', 'Toyota Yaris', 'Ford Focus'] as const;
const WORKS = ['oil change', 'brake pads', 'new tyres', 'exhaust', 'clutch', 'windscreen', 'inspection'] as const;
const EXTRAS = ['sauna', 'pool', 'courses', 'towels', 'parking'] as const;
const PLANS = 'Basic,Basic Plus,Bronze,Silver,Gold,Flex,Classic,Off-Peak,Weekend,Evening,Early Bird,Premium'.split(',');
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const clock = (minutes: number) => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;

/** What customers asked a help desk; a ticket that is not closed yet has no time of closing. */
function tickets(world: World) {
  const minuteOf = (opened: number) => new Date(opened).toISOString().slice(0, 16).replace('T', ' ');
  const rows = world
    .times(world.int(35, 60), () => {
      const opened = Date.parse(world.day('2026-01-12', '2026-02-20')) + world.int(7 * 60, 18 * 60) * 60_000;
      const hours = world.pick([world.int(1, 9), world.int(15, 22), world.int(25, 90)]);
      const minutes = world.chance(0.25) ? null : hours * 60 + world.int(1, 59);
      return { opened, minutes, priority: world.pick(PRIORITIES), tags: world.sample(TAGS, world.int(1, 3)) };
    })
    .sort((a, b) => a.opened - b.opened);
  const customers = world.people(14);
  const text = jsonText(
    rows.map(({ opened, minutes, priority, tags }, index) => ({
      id: 4101 + index,
      customer: world.pick(customers),
      subject: world.pick(TROUBLES),
      priority,
      tags,
      opened: minuteOf(opened),
      closed: minutes === null ? null : minuteOf(opened + minutes * 60_000),
    })),
  );
  const file: MadeFile = { name: 'support-tickets.json', kind: 'json', text };
  return { rows, file };
}

/** Cars by their number plate, what was repaired on them, and what the garage charges. */
function garage(world: World) {
  const owners = world.people(world.int(9, 11));
  const cars = world.times(world.int(13, 16), (index) => ({
    plate: `${world.pick(['KL', 'MB', 'TR'])}-${101 + index * 23 + world.int(0, 22)}`,
    model: world.pick(CARS),
    built: world.int(2006, 2024),
    owner: owners[index] ?? world.pick(owners),
  }));
  const rows = world.times(world.int(28, 45), () => ({
    date: world.day('2026-03-01', '2026-06-30'),
    plate: world.pick(cars).plate,
    work: world.pick(WORKS),
    hours: world.int(2, 20) / 4,
    parts_eur: world.chance(0.25) ? null : world.money(8, 390),
  }));
  rows.sort((a, b) => (a.date < b.date ? -1 : 1));
  const labour = world.int(96, 150) / 2;
  const vat = world.pick([19, 20, 21, 22, 25]);
  const settings = `# Settings of the workshop
lifts = 4
labour_eur_per_hour = ${labour.toFixed(2)}
opens = 07:30
vat_percent = ${vat}
reminder_days = 14
`;
  const byPlate = Object.fromEntries(world.shuffle(cars).map(({ plate, ...car }) => [plate, car]));
  const files: MadeFile[] = [
    { name: 'cars.json', kind: 'json by id', text: jsonText(byPlate) },
    { name: 'repairs.csv', kind: 'csv', text: separated(rows, ',') },
    { name: 'garage.conf', kind: 'settings text', text: settings },
  ];
  const ownerOf = (plate: string) => cars.find((car) => car.plate === plate)?.owner as string;
  return { owners, rows, labour, vat, files, ownerOf };
}

/** The subscriptions of a gym, each a section of settings. */
function plans(world: World) {
  const rows = world.sample(PLANS, world.int(10, 12)).map((name) => ({
    name,
    monthly: world.int(14, 69) + world.pick([0, 0.5, 0.9]),
    joining: world.pick([0, 15, 25, 39, 59, 80]),
    extras: world.sample(EXTRAS, world.int(0, 3)),
  }));
  const sections = rows.map(({ name, monthly, joining, extras }) =>
    [
      `[${name}]`,
      `monthly_eur = ${monthly.toFixed(2)}`,
      `joining_fee_eur = ${joining}`,
      `notice_weeks = ${world.pick([2, 4, 6])}`,
      `extras = ${extras.length === 0 ? 'none' : extras.join(', ')}`,
    ].join('\n'),
  );
  const file: MadeFile = { name: 'plans.ini', kind: 'sections', text: `${sections.join('\n\n')}\n` };
  return { rows, file };
}

/** When a gym is open: a line a day, on some days with a break, on one of them not at all. */
function openingHours(world: World) {
  const closed = world.pick(['sunday', 'monday', 'none']);
  const days = WEEKDAYS.map((day) => {
    const [from, pause, to] = [world.int(24, 36) * 15, world.int(48, 52) * 15, world.int(76, 92) * 15];
    const back = world.chance(0.35) ? pause + world.int(4, 10) * 15 : pause;
    if (day === closed) return { minutes: 0, line: `${day} = closed` };
    const pauses = back === pause ? '' : `${clock(pause)}, ${clock(back)}-`;
    return { minutes: pause - from + to - back, line: `${day} = ${clock(from)}-${pauses}${clock(to)}` };
  });
  const others = `public_holidays = 10:00-16:00\nlockers = ${world.int(60, 140)}\nmusic_volume = ${world.int(2, 9)}`;
  const text = `# When the gym is open\n${days.map(({ line }) => line).join('\n')}\n\n# Other settings\n${others}\n`;
  const file: MadeFile = { name: 'opening-hours.conf', kind: 'settings text', text };
  return { minutes: sumOf(days, (day) => day.minutes), file };
}

/** What a gym's turnstile noted: who was let in, and who was not. */
function turnstile(world: World) {
  const members = world.times(world.int(11, 14), (index) => `M${201 + index * 7}`);
  const keen = world.sample(members, 3);
  const rows = world
    .times(world.int(65, 100), () => ({
      day: world.day('2026-05-04', '2026-05-21'),
      minute: world.chance(0.15) ? world.int(370, 479) : world.int(480, 1290),
      member: world.pick(world.chance(0.45) ? keen : members),
      event: world.pick(['checkin', 'checkin', 'checkin', 'checkin', 'denied']),
    }))
    .sort((a, b) => (a.day === b.day ? a.minute - b.minute : a.day < b.day ? -1 : 1));
  const lines = rows.map(({ day, minute, member, event }) => {
    const why =
      event === 'denied' ? ` reason="${world.pick(['card expired', 'fee not paid', 'not on this plan'])}"` : '';
    return `time=${day}T${clock(minute)}:${twoDigits(world.int(0, 59))} event=${event} gate=${world.int(1, 2)} member=${member}${why}`;
  });
  const file: MadeFile = { name: 'turnstile.log', kind: 'logfmt', text: `${lines.join('\n')}\n` };
  return { rows, members, file };
}

/** The most days that follow on one another. */
function longestStreak(days: readonly string[]): number {
  const known = new Set(days);
  const lasting = (day: string): number => (known.has(day) ? 1 + lasting(dayOf(Date.parse(day) + DAY_MS)) : 0);
  return Math.max(...[...known].map(lasting));
}

export const SERVICE_TEMPLATES: readonly Template[] = [
  development('d66-open-with-tag', ['json'], ['count', 'filter', 'nested', 'missing'], (world) => {
    const { rows, file, tag } = world.until(
      () => ({ ...tickets(world), tag: world.pick(TAGS) }),
      (made) => made.rows.some(({ minutes, tags }) => minutes === null && tags.includes(made.tag)),
    );
    return {
      wordings: [
        `How many support tickets with the tag "${tag}" have not been closed yet?`,
        `Count the tickets tagged "${tag}" that are still open.`,
        `We label our tickets. How many of those labelled "${tag}" are still waiting to be closed?`,
      ],
      files: [file],
      answer: rows.filter(({ minutes, tags }) => minutes === null && tags.includes(tag)).length,
      form: { form: 'count' },
    };
  }),

  development('d67-closed-in-a-day', ['json'], ['ratio', 'date', 'filter', 'missing', 'rounding'], (world) => {
    const { file, share } = world.until(
      () => {
        const { rows, file } = tickets(world);
        const times = rows.flatMap(({ priority, minutes }) =>
          priority === 'urgent' && minutes !== null ? [minutes] : [],
        );
        return { file, times, share: (times.filter((minutes) => minutes < 24 * 60).length / times.length) * 100 };
      },
      ({ times, share }) => times.length > 3 && share > 0 && share < 100 && !isOnEdge(share, 1),
    );
    return {
      wordings: [
        'Of the urgent tickets that have been closed, what percentage were closed less than 24 hours after they were opened? Round to one decimal.',
        'Leave out tickets that are still open: how many percent of the urgent ones took under 24 hours from opening to closing, to one decimal place?',
        'Look at closed tickets of urgent priority only. What share of them, in percent with one decimal, was closed in less than 24 hours after opening?',
      ],
      files: [file],
      answer: round(share, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d68-no-repair', ['json by id', 'csv'], ['join', 'missing', 'date', 'order'], (world) => {
    const { files, month, without } = world.until(
      () => {
        const { owners, rows, files, ownerOf } = garage(world);
        const month = world.int(3, 6);
        const came = new Set(
          rows.filter(({ date }) => Number(date.slice(5, 7)) === month).map((row) => ownerOf(row.plate)),
        );
        return { files, month, without: owners.filter((owner) => !came.has(owner)).sort() };
      },
      ({ without }) => without.length > 0 && without.length < 6,
    );
    const named = `${MONTHS[month - 1]} 2026`;
    return {
      wordings: [
        `Which car owners had no repair at all in ${named}, on any of their cars? List them sorted by first name.`,
        `In ${named} some of the owners did not have a single car of theirs repaired. Give their names, sorted by first name.`,
        `Name everyone who owns one or more of the cars but had none of them repaired in ${named}, sorted by first name.`,
      ],
      files: files.slice(0, 2),
      answer: without,
      form: { form: 'names', ordered: true },
    };
  }),

  development(
    'd69-owner-bill',
    ['json by id', 'csv', 'settings text'],
    ['join', 'sum', 'missing', 'rounding'],
    (world) => {
      const { files, owner, bill } = world.until(
        () => {
          const { rows, labour, vat, files, ownerOf } = garage(world);
          const owner = ownerOf(world.pick(rows).plate);
          const its = rows.filter(({ plate }) => ownerOf(plate) === owner);
          const net = sumOf(its, ({ hours, parts_eur }) => hours * labour + (parts_eur ?? 0));
          return { files, owner, its, bill: net * (1 + vat / 100) };
        },
        ({ its, bill }) => its.length > 1 && !isOnEdge(bill, 2),
      );
      return {
        wordings: [
          `How many euros do all the repairs for ${owner} cost, VAT included? Charge the hours at our hourly rate for labour, add the parts (an empty cell means no parts), put VAT on top of both, and round the total to two decimals.`,
          `Work out one bill for all the repairs on the cars of ${owner}: hours times the labour rate, plus parts (none where the cell is empty), plus VAT on everything. What is the total in euros, rounded to two decimals?`,
          `What does ${owner} have to pay in all for the repairs, in euros and rounded to two decimals at the very end? Labour is charged by the hour at our rate, parts come on top (nothing where it is left blank), and VAT is added to the whole sum.`,
        ],
        files,
        answer: round(bill, 2),
        form: { form: 'rounded', decimals: 2 },
      };
    },
  ),

  development('d70-cheapest-year', ['sections'], ['ranking', 'filter', 'text'], (world) => {
    const { file, extra, sorted } = world.until(
      () => {
        const made = plans(world);
        const extra = world.pick(EXTRAS);
        const yearly = made.rows
          .filter(({ extras }) => extras.includes(extra))
          .map(({ name, monthly, joining }) => ({ name, eur: 12 * monthly + joining }));
        return { ...made, extra, sorted: yearly.sort((a, b) => a.eur - b.eur) };
      },
      ({ sorted }) => sorted.length > 2 && (sorted[0]?.eur ?? 0) + 1 < (sorted[1]?.eur ?? 0),
    );
    return {
      wordings: [
        `I want a gym plan that has "${extra}" among its extras. Which one costs the least for 12 months, with the joining fee?`,
        `Among the plans that include "${extra}", which has the lowest price for the first year, that is twelve monthly fees and the joining fee once?`,
        `Add the joining fee to twelve months of each plan. Which of the plans with the extra "${extra}" is then the cheapest?`,
      ],
      files: [file],
      answer: sorted[0]?.name as string,
      form: { form: 'name' },
    };
  }),

  development('d71-hours-a-week', ['settings text'], ['sum', 'text', 'rounding'], (world) => {
    const { minutes, file } = openingHours(world);
    return {
      wordings: [
        'For how many hours is the gym open in a normal week from Monday to Sunday, without public holidays? Give a decimal number with two decimals, so 7.25 for seven hours and a quarter.',
        'Add up the opening hours of the gym for the seven days of a week that has no public holiday. How many hours are they, as a decimal number with two decimals (half an hour is 0.50)?',
        'What is the total opening time of the gym per week, Monday to Sunday and no public holidays, in hours as a decimal number rounded to two decimals?',
      ],
      files: [file],
      answer: round(minutes / 60, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d72-early-members', ['logfmt'], ['distinct', 'filter', 'date'], (world) => {
    const { rows, file } = turnstile(world);
    const early = rows.filter(({ minute, event }) => event === 'checkin' && minute < 8 * 60);
    return {
      wordings: [
        'How many different members checked in before 8:00 in the morning at least once? Do not count people who were denied.',
        'Count the distinct members who have a check-in earlier than 08:00 on some day (being denied at the gate is no check-in).',
        'Some members come early. How many of them checked in before 8 a.m. on one day or more, each counted once and leaving out denied entries?',
      ],
      files: [file],
      answer: new Set(early.map(({ member }) => member)).size,
      form: { form: 'count' },
    };
  }),

  development('d73-days-in-a-row', ['logfmt'], ['date', 'filter', 'distinct', 'text'], (world) => {
    const { file, member, streak } = world.until(
      () => {
        const made = turnstile(world);
        const member = world.pick(made.members);
        const its = made.rows.filter((row) => row.member === member && row.event === 'checkin');
        return { ...made, member, streak: longestStreak(its.map(({ day }) => day)) };
      },
      ({ streak }) => streak > 2,
    );
    return {
      wordings: [
        `What is the largest number of days in a row on which member ${member} checked in at the gym?`,
        `Member ${member} sometimes checked in on several days one after another. How many days does the longest such run have?`,
        `Look at the days with a check-in of ${member}: how many consecutive calendar days does the longest streak last?`,
      ],
      files: [file],
      answer: streak,
      form: { form: 'count' },
    };
  }),
];
