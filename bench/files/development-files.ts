/**
 * The files that development questions are asked about: one maker a file, rows at hand beside the file.
 *
 * @module
 */
import { jsonText, type MadeFile, markdownTable, separated } from './kinds.ts';
import { MONTHS, twoDigits, type World } from './world.ts';

export const ITEMS = ['lamp', 'desk', 'chair', 'shelf', 'mirror', 'rug', 'clock', 'vase'] as const;
export const STATUSES = ['delivered', 'open', 'cancelled'] as const;
export const TEAMS = ['Design', 'Finance', 'Logistics', 'Research'] as const;
export const ROOMS = ['cellar', 'hall', 'kitchen', 'office'] as const;
const CUSTOMERS = ['Acme', 'Borealis', 'Cobalt', 'Dunmore', 'Evergreen', 'Fjord & Sons', 'Granite, Inc.'] as const;
const SUPPLIERS = ['Atlas', 'Brook', 'Cedar', 'Delta'] as const;

export interface Order {
  order_id: string;
  date: string;
  customer: string;
  item: string;
  quantity: number;
  unit_price: number | null;
  status: string;
}

export function orders(world: World): { rows: Order[]; customers: string[]; file: MadeFile } {
  const customers = world.sample(CUSTOMERS, world.int(4, 6));
  const rows = world.times(
    world.int(24, 60),
    (index): Order => ({
      order_id: `A${1000 + index}`,
      date: world.day('2026-01-01', '2026-06-30'),
      customer: world.pick(customers),
      item: world.pick(ITEMS),
      quantity: world.int(1, 40),
      unit_price: world.chance(0.12) ? null : world.money(5, 180),
      status: world.pick(STATUSES),
    }),
  );
  const mixed = world.shuffle(rows);
  return {
    rows: mixed,
    customers,
    file: {
      name: 'orders.csv',
      kind: 'csv',
      text: separated(
        mixed.map((row) => ({ ...row })),
        ',',
      ),
    },
  };
}

export interface Reading {
  time: string;
  sensor: string;
  room: string;
  celsius: number | null;
}

export function sensors(world: World): { rows: Reading[]; sensors: string[]; file: MadeFile } {
  const names = world.times(world.int(3, 5), (index) => `S${index + 1}`);
  const places = new Map(names.map((name) => [name, world.pick(ROOMS)]));
  const rows = world.times(world.int(40, 120), (): Reading => {
    const sensor = world.pick(names);
    const hour = twoDigits(world.int(0, 23));
    return {
      time: `${world.day('2026-02-01', '2026-02-28')}T${hour}:${world.pick(['00', '15', '30', '45'])}`,
      sensor,
      room: places.get(sensor) as string,
      celsius: world.chance(0.1) ? null : world.int(150, 290) / 10,
    };
  });
  const file: MadeFile = {
    name: 'sensors.tsv',
    kind: 'tsv',
    text: separated(
      rows.map((row) => ({ ...row })),
      '\t',
    ),
  };
  return { rows, sensors: names, file };
}

export function limits(world: World): { max: Map<string, number>; file: MadeFile } {
  const max = new Map(world.shuffle(ROOMS).map((room) => [room as string, world.int(190, 250) / 10]));
  const lines = [...max].map(([room, limit]) => `${room}: ${limit}`);
  const text = `# Highest temperature allowed in each room, in degrees Celsius\n${lines.join('\n')}\n`;
  return { max, file: { name: 'limits.txt', kind: 'settings text', text } };
}

export interface Person {
  name: string;
  team: string;
  salary_eur: number;
  started: string;
  manager: string | null;
}

export function staff(world: World): { rows: Person[]; file: MadeFile } {
  const names = world.people(world.int(14, 20));
  const days = new Set<string>();
  const rows = names.map((name): Person => {
    const started = world.until(
      () => `${world.int(2015, 2025)}-${world.day('2026-01-01', '2026-12-28').slice(5)}`,
      (day) => !days.has(day),
    );
    days.add(started);
    const manager = world.chance(0.2) ? null : world.pick(names.filter((other) => other !== name));
    return { name, team: world.pick(TEAMS), salary_eur: world.int(280, 950) * 100, started, manager };
  });
  return { rows, file: { name: 'staff.json', kind: 'json', text: jsonText(rows) } };
}

export interface Offer {
  item: string;
  supplier: string;
  price_eur: number;
  in_stock: string;
}

export function prices(world: World): { rows: Offer[]; suppliers: string[]; file: MadeFile } {
  const suppliers = world.sample(SUPPLIERS, 3);
  const rows = world.shuffle(
    ITEMS.flatMap((item) =>
      suppliers.map(
        (supplier): Offer => ({
          item,
          supplier,
          price_eur: world.money(4, 150),
          in_stock: world.chance(0.65) ? 'yes' : 'no',
        }),
      ),
    ),
  );
  const text = `# Purchase prices\n\nPrices for one piece, in euros, without delivery. Valid until the end of 2026.\n\n${markdownTable(rows.map((row) => ({ ...row })))}\n\nAsk purchasing before ordering more than 500 pieces.\n`;
  return { rows, suppliers, file: { name: 'prices.md', kind: 'markdown table', text } };
}

export interface Request {
  client: string;
  method: string;
  path: string;
  status: number;
  bytes: number;
}

export const PATHS = ['/', '/cart', '/help', '/login', '/products', '/search'] as const;

export function accessLog(world: World): { rows: Request[]; file: MadeFile } {
  const clients = world.times(world.int(6, 12), () => `10.0.${world.int(0, 9)}.${world.int(1, 250)}`);
  const rows = world.times(
    world.int(50, 140),
    (): Request => ({
      client: world.pick(clients),
      method: world.chance(0.25) ? 'POST' : 'GET',
      path: world.pick(PATHS),
      status: world.pick([200, 200, 200, 200, 302, 404, 404, 500, 503]),
      bytes: world.int(120, 9000),
    }),
  );
  const lines = rows.map(({ client, method, path, status, bytes }) => {
    const time = `${twoDigits(world.int(1, 28))}/${(MONTHS[2] as string).slice(0, 3)}/2026:${twoDigits(world.int(0, 23))}:${twoDigits(world.int(0, 59))}:${twoDigits(world.int(0, 59))} +0000`;
    return `${client} - - [${time}] "${method} ${path} HTTP/1.1" ${status} ${bytes}`;
  });
  return { rows, file: { name: 'access.log', kind: 'access log', text: `${lines.join('\n')}\n` } };
}
