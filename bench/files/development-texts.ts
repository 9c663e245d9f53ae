/**
 * More of the development half: texts that follow a pattern but are no tables, each with the questions about it.
 *
 * @module
 */
import type { MadeFile } from './kinds.ts';
import { byTotal, development, round, sumOf, type Template } from './template.ts';
import { MONTHS, spoken, twoDigits, type World } from './world.ts';

const JOBS = ['backup', 'import', 'index', 'mailing'] as const;
const GOODS = ['desk lamp', 'swivel chair', 'whiteboard', 'coat rack', 'bookcase'] as const;
const SHOPS = ['Alder & Co', 'Brightwater', 'Cormorant', 'Dovetail'] as const;
const ACTIVITIES = ['website', 'archive', 'newsletter', 'spring fair'] as const;
const REGIONS = ['eu', 'us', 'asia'] as const;

/** What jobs a machine ran: key and value pairs on each line. */
function jobs(world: World) {
  const rows = world.times(world.int(40, 90), () => {
    const failed = world.chance(0.2);
    return {
      day: world.day('2026-04-01', '2026-04-30'),
      level: failed ? 'error' : 'info',
      job: world.pick(JOBS),
      seconds: world.int(3, 600),
      failed,
    };
  });
  rows.sort((a, b) => (a.day < b.day ? -1 : 1));
  const lines = rows.map(({ day, level, job, seconds, failed }) => {
    const result = failed ? `msg="job failed" reason=${world.pick(['disk', 'network', 'lock'])}` : 'msg="job done"';
    return `ts=${day}T0${world.int(1, 5)}:${world.int(10, 59)}:00Z level=${level} job=${job} seconds=${seconds} ${result}`;
  });
  const file: MadeFile = { name: 'jobs.log', kind: 'logfmt', text: `${lines.join('\n')}\n` };
  return { rows, file };
}

/** Mails about invoices, one after another in a file, each with its heads and a short text. */
function mails(world: World) {
  const rows = world.times(world.int(10, 18), (index) => ({
    shop: world.pick(SHOPS),
    day: world.day('2026-02-01', '2026-06-30'),
    number: 700 + index,
    eur: world.money(20, 900),
    reminder: world.chance(0.3),
  }));
  const mailOf = ({ shop, day, number, eur, reminder }: (typeof rows)[number]) =>
    [
      `From: billing@${shop.toLowerCase().replace(/\W+/g, '')}.example`,
      `Date: ${spoken(day)}`,
      `Subject: ${reminder ? 'Reminder: invoice' : 'Invoice'} ${number}`,
      '',
      'Dear Sir or Madam,',
      `${shop} asks you to pay EUR ${eur.toFixed(2)} for invoice ${number}.`,
      'Kind regards',
    ].join('\n');
  const file: MadeFile = { name: 'mails.txt', kind: 'mails', text: `${rows.map(mailOf).join('\n\n---\n\n')}\n` };
  return { rows, file };
}

/** What was delivered to whom, as a shop writes it on paper: a head for each order, a line for each of its goods. */
function deliveries(world: World) {
  const people = world.people(6);
  const orders = people.map((person, index) => ({
    number: 31 + index,
    person,
    goods: world.sample(GOODS, world.int(1, 4)).map((name) => ({
      name,
      count: world.int(1, 12),
      eur: world.money(9, 120),
    })),
  }));
  const textOf = ({ number, person, goods }: (typeof orders)[number]) =>
    [
      `Order ${number} for ${person}`,
      ...goods.map(({ name, count, eur }) => `  ${count} x ${name} at ${eur.toFixed(2)} EUR`),
    ].join('\n');
  const file: MadeFile = { name: 'deliveries.txt', kind: 'order sheet', text: `${orders.map(textOf).join('\n\n')}\n` };
  return { orders, file };
}

/** Hours of work as people note them, a bullet each. */
function hours(world: World) {
  const people = world.people(5);
  const rows = world.times(world.int(14, 28), () => ({
    person: world.pick(people),
    activity: world.pick(ACTIVITIES),
    hours: world.int(1, 16) / 2,
    day: world.day('2026-01-10', '2026-03-20'),
  }));
  const lines = rows.map(
    ({ person, activity, hours, day }) =>
      `- ${person} worked ${hours} ${hours === 1 ? 'hour' : 'hours'} on the ${activity} (${spoken(day)})`,
  );
  const text = `# Hours of the volunteers\n\n${lines.join('\n')}\n`;
  const file: MadeFile = { name: 'hours.md', kind: 'bullets', text };
  return { rows, people, file };
}

/** Machines, each a section of settings. */
function machines(world: World) {
  const rows = world.times(world.int(7, 12), (index) => ({
    name: `node-${index + 1}`,
    region: world.pick(REGIONS),
    cores: world.pick([2, 4, 8, 16]),
    memory_gb: world.pick([4, 8, 16, 32, 64]),
    enabled: world.pick(['yes', 'yes', 'no']),
  }));
  const sections = world
    .shuffle(rows)
    .map(({ name, ...settings }) =>
      [`[${name}]`, ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`)].join('\n'),
    );
  const file: MadeFile = { name: 'machines.ini', kind: 'sections', text: `${sections.join('\n\n')}\n` };
  return { rows, file };
}

const SERVICES = ['sshd', 'cron', 'printd', 'mailer'] as const;
const DOORS = ['front', 'garage', 'garden'] as const;

/** What a house's machine wrote, as machines do: a time, a host, a program, and a message of one of several forms. */
function houseLog(world: World) {
  const people = ['ada', 'bela', 'dora', 'emil', 'nadia'];
  const rows = world.times(world.int(50, 110), () => ({
    day: world.int(1, 28),
    door: world.pick(DOORS),
    person: world.pick(people),
    seconds: world.int(2, 240),
    kind: world.pick(['opened', 'opened', 'refused', 'other'] as const),
  }));
  rows.sort((a, b) => a.day - b.day);
  const lines = rows.map(({ day, door, person, seconds, kind }) => {
    const said = {
      opened: `doors[${world.int(300, 900)}]: ${door} door opened by ${person}, closed after ${seconds} s`,
      refused: `doors[${world.int(300, 900)}]: refused ${person} at the ${door} door`,
      other: `${world.pick(SERVICES)}: session ${world.int(1000, 9999)} started`,
    }[kind];
    const time = [world.int(0, 23), world.int(0, 59), world.int(0, 59)].map(twoDigits);
    return `May ${String(day).padStart(2, ' ')} ${time.join(':')} house ${said}`;
  });
  const file: MadeFile = { name: 'house.log', kind: 'syslog', text: `${lines.join('\n')}\n` };
  return { rows, people, file };
}

export const TEXT_TEMPLATES: readonly Template[] = [
  development('d28-failed-jobs', ['logfmt'], ['count', 'filter', 'text'], (world) => {
    const { rows, file, job } = world.until(
      () => ({ ...jobs(world), job: world.pick(JOBS) }),
      (made) => made.rows.some((row) => row.failed && row.job === made.job),
    );
    return {
      wordings: [
        `How often did the job ${job} fail?`,
        `Count the failures of the ${job} job.`,
        `What is the number of times that ${job} ended with an error?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.failed && row.job === job).length,
      form: { form: 'count' },
    };
  }),

  development('d29-mean-seconds', ['logfmt'], ['mean', 'filter', 'rounding'], (world) => {
    const { rows, file } = jobs(world);
    const { job } = world.pick(rows.filter(({ failed }) => !failed));
    const done = rows.filter((row) => row.job === job && !row.failed);
    return {
      wordings: [
        `How many seconds did the job ${job} take on average when it was done without failing? Round to one decimal.`,
        `Average duration in seconds of the ${job} jobs that succeeded, to one decimal place?`,
        `Leave failures out: what is the mean number of seconds of the job ${job}, rounded to one decimal?`,
      ],
      files: [file],
      answer: round(sumOf(done, ({ seconds }) => seconds) / done.length, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d30-asked-to-pay', ['mails'], ['sum', 'filter', 'text'], (world) => {
    const { rows, file } = mails(world);
    const { shop } = world.pick(rows);
    return {
      wordings: [
        `How many euros does ${shop} ask for in all its mails together?`,
        `Add up the amounts in the mails of ${shop}. How many euros are they?`,
        `What is the total in euros of the invoices that ${shop} wrote about?`,
      ],
      files: [file],
      answer: round(
        sumOf(
          rows.filter((row) => row.shop === shop),
          ({ eur }) => eur,
        ),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d31-mails-in-month', ['mails'], ['count', 'filter', 'date', 'text'], (world) => {
    const { rows, file, month } = world.until(
      () => ({ ...mails(world), month: world.int(2, 6) }),
      (made) => made.rows.some((row) => !row.reminder && Number(row.day.slice(5, 7)) === made.month),
    );
    const named = `${MONTHS[month - 1]} 2026`;
    return {
      wordings: [
        `How many of the mails of ${named} are not reminders?`,
        `Count the mails dated ${named} whose subject is no reminder.`,
        `Leave the reminders out: how many mails came in ${named}?`,
      ],
      files: [file],
      answer: rows.filter((row) => !row.reminder && Number(row.day.slice(5, 7)) === month).length,
      form: { form: 'count' },
    };
  }),

  development('d32-order-value', ['order sheet'], ['sum', 'filter', 'text'], (world) => {
    const { orders, file } = deliveries(world);
    const { person, goods } = world.pick(orders);
    return {
      wordings: [
        `What is the order of ${person} worth in euros (count times price of each line)?`,
        `How many euros does ${person} have to pay for everything on the order?`,
        `Work out the total of the order for ${person}: pieces times price, all lines added up, in euros.`,
      ],
      files: [file],
      answer: round(
        sumOf(goods, ({ count, eur }) => count * eur),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d33-pieces-of', ['order sheet'], ['sum', 'filter', 'text'], (world) => {
    const { orders, file } = deliveries(world);
    const goods = orders.flatMap((order) => order.goods);
    const { name } = world.pick(goods);
    return {
      wordings: [
        `How many pieces of the ${name} were ordered in all?`,
        `Over all orders, what is the number of ${name} pieces?`,
        `Add up the pieces of ${name} on all the orders. How many are there?`,
      ],
      files: [file],
      answer: sumOf(
        goods.filter((line) => line.name === name),
        ({ count }) => count,
      ),
      form: { form: 'count' },
    };
  }),

  development('d34-hours-of', ['bullets'], ['sum', 'filter', 'text'], (world) => {
    const { rows, file } = hours(world);
    const { person } = world.pick(rows);
    return {
      wordings: [
        `How many hours did ${person} work altogether?`,
        `What is the total of the hours of ${person}?`,
        `Add up all hours that ${person} noted. How many are they?`,
      ],
      files: [file],
      answer: sumOf(
        rows.filter((row) => row.person === person),
        (row) => row.hours,
      ),
      form: { form: 'number' },
    };
  }),

  development('d35-most-hours', ['bullets'], ['sum', 'ranking', 'filter', 'text'], (world) => {
    const { activity, totals, file } = world.until(
      () => {
        const made = hours(world);
        const activity = world.pick(ACTIVITIES);
        const worked = made.rows.filter((row) => row.activity === activity);
        return {
          ...made,
          activity,
          totals: byTotal(
            worked,
            (row) => row.person,
            (row) => row.hours,
          ),
        };
      },
      ({ totals }) => totals.length > 1 && (totals[0]?.[1] ?? 0) > (totals[1]?.[1] ?? 0),
    );
    return {
      wordings: [
        `Who worked the most hours on the ${activity}?`,
        `Name the person with the largest total of hours for the ${activity}.`,
        `Which volunteer put the most hours in all into the ${activity}?`,
      ],
      files: [file],
      answer: (totals[0] as [string, number])[0],
      form: { form: 'name' },
    };
  }),

  development('d36-memory-in-region', ['sections'], ['sum', 'filter'], (world) => {
    const { rows, file, region } = world.until(
      () => ({ ...machines(world), region: world.pick(REGIONS) }),
      (made) => made.rows.some((row) => row.region === made.region && row.enabled === 'yes'),
    );
    return {
      wordings: [
        `How many GB of memory do the enabled machines in the region ${region} have together?`,
        `Add up memory_gb over the machines of region ${region} that are enabled.`,
        `What is the total memory in GB of all enabled machines in ${region}?`,
      ],
      files: [file],
      answer: sumOf(
        rows.filter((row) => row.region === region && row.enabled === 'yes'),
        (row) => row.memory_gb,
      ),
      form: { form: 'count' },
    };
  }),

  development('d37-refused', ['syslog'], ['count', 'filter', 'text'], (world) => {
    const { rows, file, door } = world.until(
      () => ({ ...houseLog(world), door: world.pick(DOORS) }),
      (made) => made.rows.some(({ kind, door }) => kind === 'refused' && door === made.door),
    );
    return {
      wordings: [
        `How often was someone refused at the ${door} door?`,
        `Count how many times the ${door} door was refused to a person.`,
        `How many refusals were there at the ${door} door?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.kind === 'refused' && row.door === door).length,
      form: { form: 'count' },
    };
  }),

  development('d38-door-open', ['syslog'], ['sum', 'filter', 'text'], (world) => {
    const { rows, file, person } = world.until(
      () => {
        const made = houseLog(world);
        return { ...made, person: world.pick(made.people) };
      },
      (made) => made.rows.some((row) => row.kind === 'opened' && row.person === made.person),
    );
    const opened = rows.filter((row) => row.kind === 'opened' && row.person === person);
    return {
      wordings: [
        `For how many seconds in all did the doors that ${person} opened stay open?`,
        `Add up the seconds after which the doors opened by ${person} were closed.`,
        `Doors opened by ${person}: how many seconds did they stay open altogether?`,
      ],
      files: [file],
      answer: sumOf(opened, ({ seconds }) => seconds),
      form: { form: 'count' },
    };
  }),
];
