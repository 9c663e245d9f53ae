/**
 * The files that reporting questions are asked about: one maker a file, rows at hand beside the file.
 *
 * @module
 */
import { jsonLines, jsonText, type MadeFile, separated } from './kinds.ts';
import { dayOf, spoken, type World } from './world.ts';

export const COUNTRIES = ['Austria', 'Chile', 'Finland', 'Ghana', 'Japan', 'Portugal', 'Vietnam'] as const;
export const CARRIERS = ['Aquila', 'Bolt', 'Crane', 'Dhow'] as const;
export const TAGS = ['art', 'beginner', 'evening', 'history', 'online', 'science'] as const;
export const CITIES = ['Ghent', 'Lyon', 'Porto', 'Turku', 'Zagreb'] as const;
export const SERVICES = ['auth', 'billing', 'search', 'upload'] as const;
export const LEVELS = ['debug', 'error', 'info', 'warn'] as const;
const DAY_MS = 86_400_000;

export interface Shipment {
  shipment: number;
  sent: string;
  arrived: string | null;
  country: string;
  carrier: string;
  weight_kg: number;
  cost_eur: number;
}

export function shipments(world: World): { rows: Shipment[]; file: MadeFile } {
  const rows = world.times(world.int(30, 80), (index): Shipment => {
    const sent = world.day('2026-03-01', '2026-08-31');
    const arrived = world.chance(0.15) ? null : dayOf(Date.parse(sent) + world.int(1, 30) * DAY_MS);
    return {
      shipment: 7001 + index,
      sent,
      arrived,
      country: world.pick(COUNTRIES),
      carrier: world.pick(CARRIERS),
      weight_kg: world.int(5, 900) / 10,
      cost_eur: world.money(10, 400),
    };
  });
  const mixed = world.shuffle(rows);
  const text = separated(
    mixed.map((row) => ({ ...row })),
    ';',
  );
  return { rows: mixed, file: { name: 'shipments.csv', kind: 'semicolon csv', text } };
}

export function rates(world: World): { perKg: Map<string, number>; file: MadeFile } {
  const perKg = new Map(world.shuffle(COUNTRIES).map((country) => [country as string, world.money(1, 12)]));
  const rows = [...perKg].map(([country, eur_per_kg]) => ({ country, eur_per_kg }));
  return { perKg, file: { name: 'rates.jsonl', kind: 'jsonl', text: jsonLines(rows) } };
}

export interface Course {
  code: string;
  title: string;
  teacher: string;
  students: number;
  tags: string[];
  start: string;
  room: string | null;
}

const SUBJECTS =
  'Astronomy Botany Ceramics Drawing Ecology Fencing Geology Harmony Italian Jazz Knitting Latin Maps Novels Optics Poetry';

export function courses(world: World): { rows: Course[]; teachers: string[]; file: MadeFile } {
  const teachers = world.people(4);
  const starts = new Set<string>();
  const rows = SUBJECTS.split(' ').flatMap((subject, index) =>
    world.times(world.int(1, 2), (part): Course => {
      const start = world.until(
        () => world.day('2026-01-05', '2026-12-18'),
        (day) => !starts.has(day),
      );
      starts.add(start);
      return {
        code: `C${100 + index * 2 + part}`,
        title: `${subject} ${part === 0 ? 'I' : 'II'}`,
        teacher: world.pick(teachers),
        students: world.int(3, 40),
        tags: world.sample(TAGS, world.int(1, 3)),
        start,
        room: world.chance(0.2) ? null : `R${world.int(1, 9)}`,
      };
    }),
  );
  const mixed = world.shuffle(rows);
  return { rows: mixed, teachers, file: { name: 'courses.jsonl', kind: 'jsonl', text: jsonLines(mixed) } };
}

export interface Department {
  name: string;
  doctors: { name: string; patients: { id: string; age: number; visits: string[] }[] }[];
}

export function clinic(world: World): { departments: Department[]; file: MadeFile } {
  let patient = 500;
  const departments = world
    .sample(['Cardiology', 'Dermatology', 'Neurology', 'Paediatrics', 'Surgery'], 4)
    .map((name) => ({
      name,
      doctors: world.people(world.int(1, 3)).map((doctor) => ({
        name: doctor,
        patients: world.times(world.int(2, 7), () => ({
          id: `P${patient++}`,
          age: world.int(1, 95),
          visits: world.times(world.int(0, 4), () => world.day('2026-01-01', '2026-09-30')).sort(),
        })),
      })),
    }));
  return {
    departments,
    file: { name: 'clinic.json', kind: 'nested json', text: jsonText({ clinic: 'Harbour Clinic', departments }) },
  };
}

export interface Member {
  id: number;
  name: string;
  city: string;
}

export interface Loan {
  id: number;
  member_id: number;
  title: string;
  taken: string;
  returned: string | null;
}

const TITLES = ['Dust', 'Echoes', 'Harbour', 'Lanterns', 'Orchard', 'Salt', 'Tides', 'Winter'] as const;

export function library(world: World): { members: Member[]; loans: Loan[]; file: MadeFile } {
  const members = world
    .people(world.int(8, 14))
    .map((name, index) => ({ id: index + 1, name, city: world.pick(CITIES) }));
  const loans = world.times(world.int(30, 80), (index): Loan => {
    const taken = world.day('2026-01-01', '2026-06-30');
    return {
      id: index + 1,
      member_id: world.pick(members).id,
      title: world.pick(TITLES),
      taken,
      returned: world.chance(0.3) ? null : dayOf(Date.parse(taken) + world.int(1, 40) * DAY_MS),
    };
  });
  const tables = {
    members: world.shuffle(members).map((row) => ({ ...row })),
    loans: world.shuffle(loans).map((row) => ({ ...row })),
  };
  return { members, loans, file: { name: 'library.sqlite', kind: 'sqlite', tables } };
}

export interface Line {
  time: string;
  level: string;
  service: string;
  ms: number;
  message: string;
}

const MESSAGES = [
  'request done',
  'retry after timeout',
  'Timeout while reading',
  'cache miss',
  'disk is slow',
  'TIMEOUT, giving up',
] as const;

export function serviceLog(world: World): { rows: Line[]; file: MadeFile } {
  const two = (value: number) => String(value).padStart(2, '0');
  const rows = world
    .times(
      world.int(60, 150),
      (): Line => ({
        time: `2026-05-${two(world.int(1, 9))}T${two(world.int(0, 23))}:${two(world.int(0, 59))}:${two(world.int(0, 59))}Z`,
        level: world.pick(LEVELS),
        service: world.pick(SERVICES),
        ms: world.int(2, 2500),
        message: world.pick(MESSAGES),
      }),
    )
    .sort((a, b) => (a.time < b.time ? -1 : 1));
  const lines = rows.map(
    ({ time, level, service, ms, message }) => `${time} level=${level} service=${service} ms=${ms} msg="${message}"`,
  );
  return { rows, file: { name: 'service.log', kind: 'service log', text: `${lines.join('\n')}\n` } };
}

export interface Payment {
  day: string;
  person: string;
  eur: number;
  thing: string;
}

const THINGS = ['paper', 'train tickets', 'coffee', 'a projector', 'stamps', 'lunch', 'cables'] as const;

export function payments(world: World): { rows: Payment[]; people: string[]; file: MadeFile } {
  const people = world.people(world.int(4, 6)).map((name) => name.split(' ')[0] as string);
  const rows = world
    .times(
      world.int(18, 40),
      (): Payment => ({
        day: world.day('2026-02-01', '2026-05-31'),
        person: world.pick(people),
        eur: world.money(3, 240),
        thing: world.pick(THINGS),
      }),
    )
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const lines = rows.map(
    ({ day, person, eur, thing }) => `On ${spoken(day)} ${person} paid ${eur.toFixed(2)} euros for ${thing}.`,
  );
  const text = `Who paid what for the club, as told at the meeting.\n\n${lines.join('\n')}\n\nAll receipts are with the treasurer.\n`;
  return { rows, people, file: { name: 'payments.txt', kind: 'prose', text } };
}
