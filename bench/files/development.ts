/**
 * The first sixteen templates of the development half. Prompts and rules may be tuned on these.
 *
 * @module
 */
import {
  accessLog,
  ITEMS,
  limits,
  orders,
  prices,
  ROOMS,
  STATUSES,
  sensors,
  staff,
  TEAMS,
} from './development-files.ts';
import { development, mostFrequent, round, sumOf, type Template, tally } from './template.ts';
import { daysBetween, MONTHS } from './world.ts';

export const DEVELOPMENT: readonly Template[] = [
  development('d01-revenue', ['csv'], ['sum', 'filter', 'missing'], (world) => {
    const { rows, file } = orders(world);
    const status = world.pick(STATUSES);
    const counted = rows.filter((row) => row.status === status && row.unit_price !== null);
    return {
      wordings: [
        `What is the total value (quantity times unit price) of all ${status} orders? Leave out orders that have no unit price.`,
        `Add up quantity × unit_price over the orders whose status is ${status}, ignoring those without a unit price. What does it come to?`,
        `Orders with status "${status}": how much are they worth together, at quantity times unit price? Orders with an empty price do not count.`,
      ],
      files: [file],
      answer: round(
        sumOf(counted, (row) => row.quantity * (row.unit_price ?? 0)),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d02-large-orders', ['csv'], ['count', 'filter'], (world) => {
    const { rows, file, item, least } = world.until(
      () => ({ ...orders(world), item: world.pick(ITEMS), least: world.int(8, 25) }),
      (made) => made.rows.some((row) => row.item === made.item && row.quantity >= made.least),
    );
    return {
      wordings: [
        `How many orders are for at least ${least} pieces of the item ${item}?`,
        `Count the orders of item "${item}" with a quantity of ${least} or more.`,
        `In how many orders was the quantity of ${item} not less than ${least}?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.item === item && row.quantity >= least).length,
      form: { form: 'count' },
    };
  }),

  development('d03-orders-in-month', ['csv'], ['count', 'date'], (world) => {
    const { rows, file } = orders(world);
    const month = world.int(1, 6);
    const prefix = `2026-0${month}`;
    return {
      wordings: [
        `How many orders were placed in ${MONTHS[month - 1]} 2026?`,
        `Count the orders dated ${MONTHS[month - 1]} 2026.`,
        `What is the number of orders from the month ${MONTHS[month - 1]} of 2026?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.date.startsWith(prefix)).length,
      form: { form: 'count' },
    };
  }),

  development('d04-busiest-customers', ['csv'], ['tie', 'ranking', 'count', 'order'], (world) => {
    const tied = world.chance(0.6);
    const { rows, file } = world.until(
      () => orders(world),
      (made) => mostFrequent(made.rows.map((row) => row.customer)).length > 1 === tied,
    );
    return {
      wordings: [
        'Which customer placed the most orders? If several are tied for first place, name all of them. Answer with a list of names in alphabetical order.',
        'Name the customer or customers with the largest number of orders, as an alphabetical list (all of them, if there is a tie).',
        'Who ordered most often? Give a list: every customer that shares the highest number of orders, sorted alphabetically.',
      ],
      files: [file],
      answer: mostFrequent(rows.map((row) => row.customer)),
      form: { form: 'names', ordered: true },
    };
  }),

  development('d05-no-price', ['csv'], ['missing', 'count'], (world) => {
    const { rows, file } = world.until(
      () => orders(world),
      (made) => made.rows.some((row) => row.unit_price === null),
    );
    return {
      wordings: [
        'How many orders have no unit price?',
        'For how many orders is the unit price missing?',
        'Count the orders where unit_price was left empty.',
      ],
      files: [file],
      answer: rows.filter((row) => row.unit_price === null).length,
      form: { form: 'count' },
    };
  }),

  development('d06-purchase-cost', ['csv', 'markdown table'], ['join', 'sum', 'filter'], (world) => {
    const ordered = orders(world);
    const offered = prices(world);
    const customer = world.pick(ordered.rows).customer;
    const supplier = world.pick(offered.suppliers);
    const priceOf = new Map(
      offered.rows.filter((row) => row.supplier === supplier).map((row) => [row.item, row.price_eur]),
    );
    const bought = ordered.rows.filter((row) => row.customer === customer);
    return {
      wordings: [
        `What would all pieces that ${customer} ordered, whatever the status, cost in euros at the purchase prices of supplier ${supplier}?`,
        `Take every order of ${customer} (any status). What is the total of quantity times the price that ${supplier} asks for that item, in euros?`,
        `If we bought everything that the customer ${customer} has ordered from the supplier ${supplier}, how many euros would we pay? Count orders of every status.`,
      ],
      files: [ordered.file, offered.file],
      answer: round(
        sumOf(bought, (row) => row.quantity * (priceOf.get(row.item) ?? 0)),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d07-average-salary', ['json'], ['mean', 'filter', 'rounding'], (world) => {
    const { rows, file, team } = world.until(
      () => ({ ...staff(world), team: world.pick(TEAMS) }),
      (made) => made.rows.filter((row) => row.team === made.team).length > 1,
    );
    const paid = rows.filter((row) => row.team === team);
    return {
      wordings: [
        `What is the average salary in the ${team} team, in euros, rounded to two decimals?`,
        `How much do people in ${team} earn on average? Round to two decimals.`,
        `Give the mean of the salaries of the team ${team}, rounded to 2 decimals.`,
      ],
      files: [file],
      answer: round(sumOf(paid, (row) => row.salary_eur) / paid.length, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d08-latest-starter', ['json'], ['date', 'filter', 'ranking', 'text'], (world) => {
    const { rows, file, team } = world.until(
      () => ({ ...staff(world), team: world.pick(TEAMS) }),
      (made) => made.rows.filter((row) => row.team === made.team).length > 1,
    );
    const [latest] = rows.filter((row) => row.team === team).sort((a, b) => (a.started < b.started ? 1 : -1));
    return {
      wordings: [
        `Who in the ${team} team started most recently? Answer with the full name.`,
        `Give the full name of the person who was the last to join ${team}.`,
        `Which member of the team ${team} has the latest start date? Answer with first name and surname.`,
      ],
      files: [file],
      answer: latest?.name ?? '',
      form: { form: 'name' },
    };
  }),

  development('d09-surnames', ['json'], ['text', 'count'], (world) => {
    const { rows, file } = staff(world);
    const letter = world.pick(rows).name.split(' ')[1]?.[0] ?? '';
    return {
      wordings: [
        `How many people on the staff have a surname that begins with ${letter}?`,
        `Count the staff whose last name starts with the letter ${letter}.`,
        `The names are first name and surname. For how many people does the surname start with "${letter}"?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.name.split(' ')[1]?.startsWith(letter)).length,
      form: { form: 'count' },
    };
  }),

  development('d10-status-count', ['access log'], ['count', 'text', 'filter'], (world) => {
    const { rows, file } = accessLog(world);
    const { status } = world.pick(rows);
    return {
      wordings: [
        `How many requests in access.log were answered with status ${status}?`,
        `Count the requests of the access log whose response status is ${status}.`,
        `In access.log, what is the number of lines with the HTTP status ${status}?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.status === status).length,
      form: { form: 'count' },
    };
  }),

  development('d11-clients', ['access log'], ['distinct', 'count', 'text', 'filter'], (world) => {
    const { rows, file } = accessLog(world);
    return {
      wordings: [
        'How many different client addresses sent a POST request, according to access.log?',
        'In access.log each line begins with the address of the client. Count the distinct addresses that made POST requests.',
        'From how many distinct IP addresses did POST requests come (see access.log)?',
      ],
      files: [file],
      answer: new Set(rows.filter((row) => row.method === 'POST').map((row) => row.client)).size,
      form: { form: 'count' },
    };
  }),

  development('d12-too-warm', ['tsv', 'settings text'], ['join', 'ratio', 'missing', 'rounding'], (world) => {
    const measured = sensors(world);
    const allowed = limits(world);
    const read = measured.rows.filter((row) => row.celsius !== null);
    const over = read.filter((row) => (row.celsius ?? 0) > (allowed.max.get(row.room) ?? 0));
    return {
      wordings: [
        'What percentage of the sensor readings is above the limit that limits.txt gives for the room? Readings without a temperature do not count. Round to one decimal.',
        "limits.txt has the highest temperature allowed in each room. Which percentage of the readings exceeds its room's limit, rounded to one decimal, leaving out readings with no value?",
        'How many percent of the temperature readings (empty ones left out) are higher than what limits.txt allows for that room? One decimal.',
      ],
      files: [measured.file, allowed.file],
      answer: round((100 * over.length) / read.length, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d13-sensor-average', ['tsv'], ['mean', 'missing', 'filter', 'rounding'], (world) => {
    const { rows, file } = sensors(world);
    const sensor = world.pick(rows.filter((row) => row.celsius !== null)).sensor;
    const read = rows.filter((row) => row.sensor === sensor && row.celsius !== null);
    return {
      wordings: [
        `What is the mean temperature that sensor ${sensor} measured, leaving out missing readings? Round to two decimals.`,
        `Average the readings of ${sensor}, ignoring empty ones, rounded to two decimals.`,
        `Sensor ${sensor}: what temperature did it show on average? Missing values do not count; two decimals.`,
      ],
      files: [file],
      answer: round(sumOf(read, (row) => row.celsius ?? 0) / read.length, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d14-cheapest-in-stock', ['markdown table'], ['ranking', 'filter', 'text'], (world) => {
    const { rows, file, item } = world.until(
      () => ({ ...prices(world), item: world.pick(ITEMS) }),
      (made) => {
        const stocked = made.rows.filter((row) => row.item === made.item && row.in_stock === 'yes');
        return stocked.length > 0 && new Set(stocked.map((row) => row.price_eur)).size === stocked.length;
      },
    );
    const [cheapest] = rows
      .filter((row) => row.item === item && row.in_stock === 'yes')
      .sort((a, b) => a.price_eur - b.price_eur);
    return {
      wordings: [
        `Which supplier has the lowest price for a ${item}, among those that have it in stock?`,
        `From which supplier is the ${item} cheapest? Only suppliers with the item in stock count.`,
        `Name the cheapest supplier of the item "${item}" that is in stock.`,
      ],
      files: [file],
      answer: cheapest?.supplier ?? '',
      form: { form: 'name' },
    };
  }),

  development('d15-customer-span', ['csv'], ['date', 'filter'], (world) => {
    const { rows, file, customer } = world.until(
      () => {
        const made = orders(world);
        return { ...made, customer: world.pick(made.customers) };
      },
      (made) => new Set(made.rows.filter((row) => row.customer === made.customer).map((row) => row.date)).size > 1,
    );
    const days = rows
      .filter((row) => row.customer === customer)
      .map((row) => row.date)
      .sort();
    return {
      wordings: [
        `How many days lie between the first and the last order of ${customer}?`,
        `${customer} has ordered several times. How many days after its first order was its last one?`,
        `What is the difference in days between the earliest and the latest order of the customer ${customer}?`,
      ],
      files: [file],
      answer: daysBetween(days[0] as string, days.at(-1) as string),
      form: { form: 'count' },
    };
  }),

  development('d16-warmest-room', ['tsv'], ['ranking', 'mean', 'missing', 'text'], (world) => {
    const meanOf = (rows: ReturnType<typeof sensors>['rows'], room: string) => {
      const read = rows.filter((row) => row.room === room && row.celsius !== null);
      return read.length === 0 ? Number.NEGATIVE_INFINITY : sumOf(read, (row) => row.celsius ?? 0) / read.length;
    };
    const ranked = (rows: ReturnType<typeof sensors>['rows']) =>
      ROOMS.map((room) => ({ room, mean: meanOf(rows, room) })).sort((a, b) => b.mean - a.mean);
    const { rows, file } = world.until(
      () => sensors(world),
      (made) => {
        const [first, second] = ranked(made.rows);
        return tally(made.rows.map((row) => row.room)).length > 1 && (first?.mean ?? 0) - (second?.mean ?? 0) > 0.05;
      },
    );
    return {
      wordings: [
        'Which room has the highest mean temperature? Readings without a temperature do not count.',
        'In which room was it warmest on average, leaving out empty readings?',
        'Name the room whose average temperature is the highest (missing readings ignored).',
      ],
      files: [file],
      answer: ranked(rows)[0]?.room ?? '',
      form: { form: 'name' },
    };
  }),
];
