/**
 * The reporting half: sixteen templates over other files than the development half. Nothing is tuned on these.
 *
 * @module
 */

import type { Kind } from './kinds.ts';
import {
  CARRIERS,
  CITIES,
  COUNTRIES,
  clinic,
  courses,
  type Department,
  LEVELS,
  type Loan,
  library,
  payments,
  rates,
  SERVICES,
  serviceLog,
  shipments,
  TAGS,
} from './reporting-files.ts';
import { type Asked, type Feature, mostFrequent, round, sumOf, type Template, tally } from './template.ts';
import { daysBetween, MONTHS, spoken, type World } from './world.ts';

const reporting = (
  id: string,
  kinds: readonly Kind[],
  features: readonly Feature[],
  ask: (world: World) => Asked,
): Template => ({
  id,
  half: 'reporting',
  kinds,
  features,
  ask,
});

export const REPORTING: readonly Template[] = [
  reporting('r01-shipping-cost', ['semicolon csv'], ['sum', 'filter'], (world) => {
    const { rows, file, country, carrier } = world.until(
      () => ({ ...shipments(world), country: world.pick(COUNTRIES), carrier: world.pick(CARRIERS) }),
      (made) => made.rows.some((row) => row.country === made.country && row.carrier === made.carrier),
    );
    const counted = rows.filter((row) => row.country === country && row.carrier === carrier);
    return {
      wordings: [
        `What did all shipments to ${country} with the carrier ${carrier} cost together, in euros?`,
        `Sum the cost of the shipments that ${carrier} took to ${country}.`,
        `How many euros were spent on shipments that went to ${country} and were carried by ${carrier}?`,
      ],
      files: [file],
      answer: round(
        sumOf(counted, (row) => row.cost_eur),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  reporting('r02-days-in-transit', ['semicolon csv'], ['date', 'mean', 'missing', 'rounding'], (world) => {
    const { rows, file, carrier } = world.until(
      () => ({ ...shipments(world), carrier: world.pick(CARRIERS) }),
      (made) => made.rows.filter((row) => row.carrier === made.carrier && row.arrived !== null).length > 1,
    );
    const arrived = rows.filter((row) => row.carrier === carrier && row.arrived !== null);
    const days = sumOf(arrived, (row) => daysBetween(row.sent, row.arrived as string));
    return {
      wordings: [
        `How many days did shipments with ${carrier} take on average from being sent to arriving? Leave out those that have not arrived. Round to two decimals.`,
        `Average number of days between sent and arrived for the carrier ${carrier}, only shipments that did arrive, two decimals.`,
        `For ${carrier}, what is the mean time in transit in days, rounded to 2 decimals? Shipments without an arrival date do not count.`,
      ],
      files: [file],
      answer: round(days / arrived.length, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  reporting('r03-not-arrived', ['semicolon csv'], ['missing', 'date', 'count'], (world) => {
    const { rows, file } = shipments(world);
    const before = world.day('2026-05-01', '2026-08-01');
    return {
      wordings: [
        `How many shipments that were sent before ${spoken(before)} have not arrived?`,
        `Count the shipments sent earlier than ${spoken(before)} that have no arrival date.`,
        `Of the shipments with a sent date before ${spoken(before)}, for how many is the arrival missing?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.sent < before && row.arrived === null).length,
      form: { form: 'count' },
    };
  }),

  reporting('r04-weight-share', ['semicolon csv'], ['ratio', 'sum', 'rounding'], (world) => {
    const { rows, file } = shipments(world);
    const carrier = world.pick(rows).carrier;
    const weight = (some: typeof rows) => sumOf(some, (row) => row.weight_kg);
    return {
      wordings: [
        `What percentage of the total weight of all shipments did ${carrier} carry? Round to one decimal.`,
        `How many percent of all kilograms shipped went with the carrier ${carrier}? One decimal.`,
        `By weight, what share of the shipments (in percent, rounded to 1 decimal) was carried by ${carrier}?`,
      ],
      files: [file],
      answer: round((100 * weight(rows.filter((row) => row.carrier === carrier))) / weight(rows), 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  reporting('r05-top-countries', ['semicolon csv'], ['tie', 'ranking', 'count', 'order'], (world) => {
    const tied = world.chance(0.6);
    const { rows, file } = world.until(
      () => shipments(world),
      (made) => mostFrequent(made.rows.map((row) => row.country)).length > 1 === tied,
    );
    return {
      wordings: [
        'Which country received the most shipments? If several share the first place, give all of them. Answer with a list of countries in alphabetical order.',
        'List the country or countries that most shipments went to, alphabetically; include every one that is tied for the most.',
        'To which countries went the highest number of shipments? Give a list sorted by name, with all countries that share the highest number.',
      ],
      files: [file],
      answer: mostFrequent(rows.map((row) => row.country)),
      form: { form: 'names', ordered: true },
    };
  }),

  reporting('r06-tagged-courses', ['jsonl'], ['count', 'filter', 'nested'], (world) => {
    const { rows, file } = courses(world);
    const tag = world.pick(TAGS);
    const least = world.int(10, 25);
    return {
      wordings: [
        `How many courses with the tag "${tag}" have at least ${least} students?`,
        `Count the courses that are tagged ${tag} and have ${least} students or more.`,
        `Among the courses carrying the tag ${tag}, how many have no fewer than ${least} students?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.tags.includes(tag) && row.students >= least).length,
      form: { form: 'count' },
    };
  }),

  reporting('r07-teacher-courses', ['jsonl'], ['date', 'filter', 'order', 'text'], (world) => {
    const { rows, file, teacher, after } = world.until(
      () => {
        const made = courses(world);
        return { ...made, teacher: world.pick(made.teachers), after: world.day('2026-03-01', '2026-08-01') };
      },
      (made) => {
        const found = made.rows.filter((row) => row.teacher === made.teacher && row.start > made.after).length;
        return found >= 2 && found <= 6;
      },
    );
    return {
      wordings: [
        `Which courses of ${teacher} start after ${spoken(after)}? List their titles in the order in which they start.`,
        `Give the titles of the courses taught by ${teacher} with a start later than ${spoken(after)}, earliest first.`,
        `List, by start date, the titles of all courses of the teacher ${teacher} that begin after ${spoken(after)}.`,
      ],
      files: [file],
      answer: rows
        .filter((row) => row.teacher === teacher && row.start > after)
        .sort((a, b) => (a.start < b.start ? -1 : 1))
        .map((row) => row.title),
      form: { form: 'names', ordered: true },
    };
  }),

  reporting('r08-older-patients', ['nested json'], ['nested', 'count', 'filter'], (world) => {
    const { departments, file } = clinic(world);
    const age = world.int(30, 70);
    const patients = departments.flatMap((department) => department.doctors.flatMap((doctor) => doctor.patients));
    return {
      wordings: [
        `How many patients of the clinic, in all departments together, are older than ${age}?`,
        `Count the patients aged over ${age} across all departments and doctors.`,
        `In the whole clinic, how many patients have an age above ${age}?`,
      ],
      files: [file],
      answer: patients.filter((patient) => patient.age > age).length,
      form: { form: 'count' },
    };
  }),

  reporting('r09-most-visits', ['nested json'], ['nested', 'ranking', 'count', 'text'], (world) => {
    const visits = (department: Department) =>
      department.doctors.flatMap((doctor) => doctor.patients.flatMap((patient) => patient.visits)).length;
    const { departments, file } = world.until(
      () => clinic(world),
      (made) => {
        const counts = made.departments.map(visits).sort((a, b) => b - a);
        return counts[0] !== counts[1];
      },
    );
    const [busiest] = departments.toSorted((a, b) => visits(b) - visits(a));
    return {
      wordings: [
        'Which department of the clinic had the most patient visits in total?',
        'Adding up the visits of all patients of all its doctors, which department comes first?',
        'Name the department with the largest total number of visits.',
      ],
      files: [file],
      answer: busiest?.name ?? '',
      form: { form: 'name' },
    };
  }),

  reporting('r10-loans-by-city', ['sqlite'], ['join', 'count', 'filter'], (world) => {
    const { members, loans, file } = library(world);
    const city = world.pick(CITIES);
    const cityOf = new Map(members.map((member) => [member.id, member.city]));
    return {
      wordings: [
        `How many loans did the library's members from ${city} take out?`,
        `Count the loans whose member lives in ${city}.`,
        `What is the number of loans by members whose city is ${city}?`,
      ],
      files: [file],
      answer: loans.filter((loan) => cityOf.get(loan.member_id) === city).length,
      form: { form: 'count' },
    };
  }),

  reporting('r11-open-loans', ['sqlite'], ['join', 'missing', 'ranking', 'text'], (world) => {
    const open = (loans: readonly Loan[]) =>
      tally(loans.filter((loan) => loan.returned === null).map((loan) => String(loan.member_id)));
    const { members, loans, file } = world.until(
      () => library(world),
      (made) => {
        const [first, second] = open(made.loans);
        return first !== undefined && first[1] > (second?.[1] ?? 0);
      },
    );
    const most = Number(open(loans)[0]?.[0]);
    return {
      wordings: [
        'Which member has the most books that have not been returned? Answer with the full name.',
        'Give the full name of the member with the largest number of loans that are still open (no return date).',
        'Who has the highest number of loans without a return date? First name and surname, please.',
      ],
      files: [file],
      answer: members.find((member) => member.id === most)?.name ?? '',
      form: { form: 'name' },
    };
  }),

  reporting('r12-mean-ms', ['service log'], ['mean', 'text', 'filter', 'rounding'], (world) => {
    const { rows, file, service, level } = world.until(
      () => ({ ...serviceLog(world), service: world.pick(SERVICES), level: world.pick(LEVELS) }),
      (made) => made.rows.filter((row) => row.service === made.service && row.level === made.level).length > 1,
    );
    const found = rows.filter((row) => row.service === service && row.level === level);
    return {
      wordings: [
        `What is the mean of ms over the lines of service.log from the service ${service} with level ${level}? Round to one decimal.`,
        `In service.log, how many milliseconds do entries of ${service} at level ${level} take on average, to one decimal?`,
        `Average the ms values of all ${level} lines of the service ${service} in service.log, rounded to 1 decimal.`,
      ],
      files: [file],
      answer: round(sumOf(found, (row) => row.ms) / found.length, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  reporting('r13-timeouts', ['service log'], ['text', 'count', 'filter'], (world) => {
    const { rows, file } = serviceLog(world);
    const service = world.pick(SERVICES);
    return {
      wordings: [
        `How many lines of service.log from the service ${service} mention a timeout, in upper or lower case?`,
        `Count the lines for ${service} in service.log whose message contains the word "timeout", whatever its case.`,
        `In service.log, how often does the service ${service} report a timeout (also written Timeout or TIMEOUT)?`,
      ],
      files: [file],
      answer: rows.filter((row) => row.service === service && /timeout/i.test(row.message)).length,
      form: { form: 'count' },
    };
  }),

  reporting('r14-paid-by', ['prose'], ['sum', 'text', 'filter'], (world) => {
    const { rows, file } = payments(world);
    const { person } = world.pick(rows);
    return {
      wordings: [
        `According to payments.txt, how many euros did ${person} pay in all?`,
        `What is the sum of everything that ${person} paid (see payments.txt)?`,
        `Add up the amounts paid by ${person} in payments.txt.`,
      ],
      files: [file],
      answer: round(
        sumOf(
          rows.filter((row) => row.person === person),
          (row) => row.eur,
        ),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  reporting('r15-largest-payment', ['prose'], ['date', 'ranking', 'text'], (world) => {
    const { file, month, largest } = world.until(
      () => {
        const made = payments(world);
        const month = world.int(2, 5);
        const inMonth = made.rows.filter((row) => row.day.startsWith(`2026-0${month}`)).sort((a, b) => b.eur - a.eur);
        return { ...made, month, largest: inMonth };
      },
      (made) => made.largest.length > 1 && made.largest[0]?.eur !== made.largest[1]?.eur,
    );
    return {
      wordings: [
        `Who made the largest single payment in ${MONTHS[month - 1]} 2026, according to payments.txt?`,
        `In payments.txt, which person paid the highest single amount in ${MONTHS[month - 1]}?`,
        `Name the person behind the biggest payment of ${MONTHS[month - 1]} 2026 (payments.txt).`,
      ],
      files: [file],
      answer: largest[0]?.person ?? '',
      form: { form: 'name' },
    };
  }),

  reporting('r16-at-rates', ['semicolon csv', 'jsonl'], ['join', 'sum', 'filter'], (world) => {
    const sent = shipments(world);
    const priced = rates(world);
    const carrier = world.pick(sent.rows).carrier;
    const carried = sent.rows.filter((row) => row.carrier === carrier);
    return {
      wordings: [
        `What would the shipments of ${carrier} cost in euros at the rates per kilogram that rates.jsonl gives for each country?`,
        `Multiply the weight of each shipment carried by ${carrier} with the rate of its country from rates.jsonl. What is the total?`,
        `rates.jsonl has a price per kilogram for each country. At these prices, what do all shipments with the carrier ${carrier} come to?`,
      ],
      files: [sent.file, priced.file],
      answer: round(
        sumOf(carried, (row) => row.weight_kg * (priced.perKg.get(row.country) ?? 0)),
        2,
      ),
      form: { form: 'number' },
    };
  }),
];
