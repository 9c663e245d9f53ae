import { expect, it } from 'vitest';
import { contextFor, type TestRun } from '../testing/index.ts';
import { reviewAnswer } from './review-answer.ts';
import { dataFindings } from './review-data.ts';
import { reviewProgram } from './review-program.ts';
import { type RuleName, switchesOf } from './rules.ts';

const orders = {
  name: 'orders',
  type: '{ id: string; date: string; status: string }[]',
  shown:
    '{ id: string /* "A1000" … */; date: string /* "2026-05-04" to "2026-06-30" */; status: string /* "done" | "open" */ }[]',
  doc: 'orders.csv, 40 rows.',
  source: 'orders.csv',
};

function start(task: string, named?: { at: string; text: string }[]): TestRun {
  const run = contextFor({ tools: [] });
  const data = [{ ...orders, ...(named === undefined ? {} : { named }) }];
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data });
  return run;
}

const look = async (run: TestRun, code: string, off?: RuleName) => {
  const on = switchesOf(off === undefined ? {} : { [off]: false });
  return (await reviewProgram({ tools: [], on }, { code }, run)).findings.map(({ rule }) => rule);
};

const open = [{ at: 'status', text: 'open' }];

it('warns of a program that passes over a text that the task names', async () => {
  const run = start('How many open orders?', open);
  expect(await look(run, 'answer(orders.length)')).toEqual(['named-text-unused']);
  expect(await look(run, 'answer(orders.length)', 'named-text-unused')).toEqual([]);
  expect(await look(run, 'answer(orders.length) // open')).toEqual(['named-text-unused']);
});

it.each([
  'answer(orders.filter((o) => o.status === "open").length)',
  'answer(orders.filter((o) => /OPEN/i.test(o.status)).length)',
  'const open = orders.filter(isOpen); answer(open.length)',
])('is silent on %s', async (code) => {
  expect(await look(start('How many open orders?', open), code)).toEqual([]);
});

it('remembers what an earlier program of the task used', async () => {
  const run = start('How many open orders?', open);
  const of = run.decide({ kind: 'act', code: 'const some = orders.filter((o) => o.status === "open")' });
  run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: '[…]' }] });
  expect(await look(run, 'answer(orders.length - some.length)')).toEqual([]);
});

it('warns of a program that leaves out data which the task names', async () => {
  const run = contextFor({ tools: [] });
  const fees = { name: 'shippingCosts', type: '{ fee: number }[]', doc: '', source: '' };
  const text = { name: 'ordersText', type: 'string', doc: '', source: '' };
  const parts = [{ text: 'How many orders have a shipping cost?' }];
  run.append({ kind: 'task', by: 'user', parts, data: [orders, fees, text] });
  expect(await look(run, 'answer(orders.length)')).toEqual(['named-data-unused']);
  expect(await look(run, 'answer(orders.length + shippingCosts.length)')).toEqual([]);
});

it.each([
  [
    '{ bike: string /* = bikes.id */ }[]',
    'For each `rental` of `rentals` take `bikes.find((one) => one.id === rental.bike)`.',
  ],
  ['{ "Bike no": string /* = a key of bikes */ }[]', 'For each `rental` of `rentals` take `bikes[rental["Bike no"]]`.'],
  [
    '{ bike: string /* = bikes.Bike no */ }[]',
    'For each `rental` of `rentals` take `bikes.find((one) => one["Bike no"] === rental.bike)`.',
  ],
  ['{ bike: string }[]', 'Use `bikes`.'],
])('says how rows of %s are joined to those that the task names', async (shown, remedy) => {
  const rentals = { name: 'rentals', type: '{ bike: string }[]', shown, doc: '', source: '' };
  const bikes = { name: 'bikes', type: '{ id: string; type: string }[]', doc: '', source: '' };
  const told = { task: 'How many rentals of bikes are there?', told: [], on: () => true };
  const data = new Map([rentals, bikes].map((one) => [one.name, one]));
  const [found] = dataFindings({ code: 'answer(rentals.length)', data, ...told });
  expect(found).toMatchObject({ rule: 'named-data-unused', remedy });
});

it.each([
  ['How many came? Leave the reminders out.', '!Subject.includes("Reminder")'],
  ['How many came without reminders?', '!Subject.includes("Reminder")'],
  ['How many reminders came?', 'Subject.includes("Reminder")'],
])('says which condition is missing: %s', (task, condition) => {
  const named = [{ at: 'Subject', text: 'Reminder', part: true as const }];
  const mails = { name: 'mails', type: '{ Subject: string }[]', doc: '', source: '', named };
  const data = new Map([['mails', mails]]);
  const [found] = dataFindings({ code: 'answer(mails.length)', data, task, told: [], on: () => true });
  expect(found?.remedy).toBe(`Add the condition \`${condition}\` on \`mails\`.`);
});

it('tells how the rows of data that are passed over name those used', () => {
  const bikes = { name: 'bikes', type: '{ id: string; type: string }[]', doc: '', source: 'bikes.csv' };
  const rentals = { ...bikes, name: 'rentals', shown: '{ bike: string /* = bikes.id */ }[]' };
  const data = new Map([bikes, rentals].map((one) => [one.name, one]));
  const given = {
    code: 'answer(bikes[0].type)',
    data,
    task: 'Of which bike type are there the most rentals?',
    told: [],
  };
  expect(dataFindings({ ...given, on: (rule) => rule === 'named-data-unused' })).toMatchObject([
    { remedy: 'For each `rental` of `rentals` take `bikes.find((one) => one.id === rental.bike)`.' },
  ]);
});

it('warns of a text that only an example gave', async () => {
  const code = 'answer(orders.filter((o) => o.date === "2026-05-04").length)';
  expect(await look(start('How many orders in May?'), code)).toEqual(['value-unheld', 'example-compared']);
  expect(await look(start('How many orders on 2026-05-04?'), code)).toEqual([]);
  const byStatus = 'answer(orders.filter((o) => o.status === "open").length)';
  expect(await look(start('How many orders in May?'), byStatus)).toEqual(['example-compared', 'named-month-unused']);
  expect(await look(start('How many orders have a status of not yet done?'), byStatus)).toEqual([]);
});

it('warns of a listed text that is a field of other data too: it names one of several', async () => {
  const limits = { name: 'limits', type: '', shown: '{ hall: number; office: number }', doc: '', source: 'limits.txt' };
  const shown = '{ room: string /* "hall" | "office" */; celsius: number }[]';
  const sensors = { name: 'sensors', type: '', shown, doc: '', source: 'sensors.csv' };
  const code = 'answer(sensors.filter((s) => s.room === "office" && s.celsius > limits.office).length)';
  const about = (task: string) => {
    const run = contextFor({ tools: [] });
    run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [sensors, limits] });
    return look(run, code);
  };
  expect(await about('How many readings are above the limit of their room?')).toEqual(['example-compared']);
  expect(await about('How many readings of the office are above its limit?')).toEqual([]);
});

it('says so of the answer', async () => {
  const run = start('How many open orders?', open);
  const of = run.decide({ kind: 'act', code: 'answer(orders.length)' });
  const rests = run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: '40' }] }).seq;
  const verdict = reviewAnswer({ tools: [], on: switchesOf() }, { kind: 'answer', value: 40, rests }, run);
  expect(verdict).toMatchObject({ verdict: 'warn', rule: 'answer-doubted' });
});

it('warns of a text that only the first row of the doc gave, and not of a field', async () => {
  const doc = 'orders.csv, 40 rows. First: {"id":"A1","cost centre":"Printing"}.';
  const code = 'answer(orders.filter((o) => o["cost centre"] === "Printing").length)';
  const asked = (task: string) => {
    const run = contextFor({ tools: [] });
    run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [{ ...orders, doc }] });
    return look(run, code);
  };
  expect(await asked('How many orders are there?')).toEqual(['example-compared']);
  expect(await asked('How many orders of Printing are there?')).toEqual([]);
});

it.each(['In which month did orders of Bergen cost most?', 'Which city, Bergen or another, ordered most?'])(
  'doubts an answer that the task itself names: %s',
  async (task) => {
    const named = [{ at: 'city', text: 'Bergen' }];
    expect(await judge(start(task, named), 'Bergen')).toContain('answer-given');
    expect(await judge(start(task, named), ['bergen'])).toContain('answer-given');
    expect(await judge(start(task, named), 'July')).not.toContain('answer-given');
  },
);

it('takes an answer that the task offers', async () => {
  const named = ['Bergen', 'Cork'].map((text) => ({ at: 'city', text }));
  expect(await judge(start('Which ordered more, Bergen or Cork?', named), 'Bergen')).not.toContain('answer-given');
});

it.each([
  [
    'Which rows came before 18 May 2026, in ascending order?',
    'answer(rows.filter((row) => row.date < "2026-05-18"))',
    [],
  ],
  [
    'Which rows came before 18 May 2026?',
    'answer(rows.filter((row) => row.date < "2026-05"))',
    ['named-number-unused'],
  ],
])('knows a date, and how things are sorted: %s %s', async (task, code, found) => {
  const run = contextFor({ tools: [] });
  const rows = { ...orders, name: 'rows' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [rows, orders] });
  expect(await look(run, code)).toEqual(found);
});

async function judge(run: TestRun, value: string | string[]) {
  const of = run.decide({ kind: 'act', code: 'answer(orders.length)' });
  run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: '1' }] });
  return reviewAnswer({ tools: [], on: switchesOf() }, { kind: 'answer', value }, run).findings.map(({ rule }) => rule);
}

it.each([
  ['What was the mean price?', 'answer(sales.reduce((sum, { price }) => sum + price, 0))', ['share-unworked']],
  ['What was the mean price?', 'answer(sales.reduce((sum, { price }) => sum + price, 0) / sales.length)', []],
  [
    'What percentage of the sales was large?',
    'answer(sales.filter(isLarge).length / sales.length)',
    ['share-unworked'],
  ],
  ['What percentage of the sales was large?', 'answer((sales.filter(isLarge).length / sales.length) * 100)', []],
  [
    'Which percentage of the sales was large?',
    'answer(sales.filter(({ price }) => price > 9).length) // a / b',
    ['share-unworked'],
  ],
  [
    'What do all sales come to, with 7 percent more?',
    'answer(sales.reduce((sum, { price }) => sum + price, 0) * 1.07)',
    [],
  ],
])('asks for a division where the task asks for an average or a share: %s %s', async (task, code, found) => {
  const run = contextFor({ tools: [] });
  const sales = { name: 'sales', type: '{ price: number }[]', doc: '', source: 'sales.csv' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [sales] });
  expect((await look(run, code)).filter((rule) => rule !== 'value-unheld')).toEqual(found);
});

it.each([
  [
    'How many people have a surname that begins with H?',
    'answer(people.filter((p) => p.name.includes("H")).length)',
    ['place-ignored', 'surname-whole'],
  ],
  [
    'How many people have a surname that begins with H?',
    "answer(people.filter((p) => p.name.includes(' H')).length)",
    [],
  ],
  [
    'How many people have a surname that begins with H?',
    'answer(people.filter((p) => p.name.startsWith("H")).length)',
    ['surname-whole'],
  ],
  ['How many codes end with "7"?', "answer(people.filter((p) => p.name.includes('7')).length)", ['place-ignored']],
  [
    'How many people have a surname that starts with H?',
    "answer(people.filter((p) => p.name.split(' ')[1].startsWith('H')).length)",
    [],
  ],
  ['How many names have an H?', 'answer(people.filter((p) => p.name.includes("H")).length)', []],
])('warns where the place of a text in another is passed over: %s %s', async (task, code, found) => {
  const run = contextFor({ tools: [] });
  const people = { name: 'people', type: '{ name: string }[]', doc: '', source: 'people.csv' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [people] });
  expect(await look(run, code)).toEqual(found);
});

it('lets a program go through all things that other data have a field for', () => {
  const task = 'What share of the readings is above the limit of their room?';
  const shown = '{ room: string /* "cellar" | "hall" */; celsius: number }[]';
  const sensors = { name: 'sensors', type: '{ room: string; celsius: number }[]', shown, doc: '', source: 's.csv' };
  const type = '{ cellar: number; hall: number; kitchen: number }';
  const limits = { name: 'limits', type, shown: type, doc: '', source: 'l.txt' };
  const data = new Map(Object.entries({ sensors, limits }));
  const rules = (code: string) =>
    dataFindings({
      code,
      data,
      task,
      told: [task],
      on: (rule) => rule === 'example-compared' || rule === 'text-unheld',
    }).map(({ rule }) => rule);
  const over = (room: string) => `sensors.filter((s) => s.room === '${room}' && s.celsius > limits.${room}).length`;
  expect(rules(`answer(${over('hall')} + ${over('cellar')} + ${over('kitchen')})`)).toEqual([]);
  expect(rules(`answer(${over('hall')})`)).toEqual(['example-compared']);
});

it('says where a text is that the compared column does not hold', () => {
  const task = 'What did Ada pay in April 2026?';
  const shown =
    '{ date: string /* "2026-01-03" to "2026-04-21" */; person: string /* "Ada" | "Ben" */; kind: string /* "fee" | "tip" */ }[]';
  const costs = { name: 'costs', type: shown, shown, doc: '', source: 'c.csv' };
  const on = (rule: RuleName) => rule === 'text-unheld';
  const remedies = (text: string) => {
    const code = `answer(costs.filter((c) => c.kind === "${text}").length)`;
    return dataFindings({ code, data: new Map([['costs', costs]]), task, told: [], on }).map(({ remedy }) => remedy);
  };
  expect(remedies('Ada')).toEqual(['`person` has it.']);
  expect(remedies('April 2026')).toEqual(['It is a date: look for what starts with "2026-04".']);
  expect(remedies('cup')).toEqual(['It is one of "fee", "tip".']);
});

it('knows a date of the task as the data have it', async () => {
  const run = contextFor({ tools: [] });
  const doc = 'First: {"joined":"2026-06-21"}.';
  const people = { name: 'people', type: '{ joined: string }[]', doc, source: 'people.csv' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'How many joined by 21 June 2026?' }], data: [people] });
  expect(await look(run, 'answer(people.filter((p) => p.joined <= "2026-06-21").length)')).toEqual([]);
});

it('takes an average that the data hold', async () => {
  const run = contextFor({ tools: [] });
  const sales = { name: 'sales', type: '{ city: string; averagePrice: number }[]', doc: '', source: 'sales.csv' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'Highest average price?' }], data: [sales] });
  expect(await look(run, 'answer(Math.max(...sales.map((s) => s.averagePrice)))')).toEqual([]);
});

it('warns of a comparison with a text that the column does not hold', async () => {
  const run = start('How many orders were delivered?');
  expect(await look(run, 'answer(orders.filter((o) => o.status === "delivered").length)')).toEqual(['text-unheld']);
  expect(await look(run, "answer(orders.filter((o) => o.status !== 'gone').length)")).toEqual(['text-unheld']);
  expect(await look(run, 'answer(orders.filter((o) => o.id === "A1").length)')).toEqual([]);
  expect(await look(run, 'answer(orders.filter((o) => o.status.toUpperCase() === "DONE").length)')).toEqual([]);
});

it.each([
  ['In which month was most ordered?', ['answer-is-number']],
  ['What is the year of the largest order?', []],
])('doubts a number where a text is asked for: %s', async (task, found) => {
  const run = contextFor({ tools: [] });
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [orders], answer: { type: 'string' } });
  expect((await judge(run, '143')).filter((rule) => rule === 'answer-is-number')).toEqual(found);
});

it('says how to group', () => {
  const type = '{ room: string; celsius: number }[]';
  const sensors = { name: 'sensors', type, doc: '', source: 's.csv' };
  const task = 'In which room was it warmest on average?';
  const given = { code: 'answer(sensors[0].room)', data: new Map([['sensors', sensors]]), task, told: [] };
  expect(dataFindings({ ...given, on: (rule) => rule === 'groups-not-added' })).toMatchObject([
    {
      remedy:
        'Rank the groups: `const ranked = Object.entries(Object.groupBy(sensors, (row) => row.room)).map(([name, rows = []]) => ({ name, of: rows.reduce((sum, row) => sum + row.celsius, 0) / rows.length })).sort((a, b) => b.of - a.of);` Then `ranked[0].name`.',
    },
  ]);
});

it('doubts a count of all rows by a program with a condition', async () => {
  const run = contextFor({ tools: [] });
  const data = [{ ...orders, rows: 40 }];
  run.append({ kind: 'task', by: 'user', parts: [{ text: 'How many cities had less than 1,100 mm?' }], data });
  const judged = async (code: string, value: number) => {
    const of = run.decide({ kind: 'act', code });
    run.append({ kind: 'observation', by: 'action', of, state: 'done', parts: [{ text: String(value) }] });
    const answer = { kind: 'answer', value, rests: run.view.length - 1 } as const;
    const { findings } = reviewAnswer({ tools: [], on: switchesOf() }, answer, run);
    return findings.some(({ rule }) => rule === 'answer-everything');
  };
  expect(await judged('answer(orders.filter((o) => o.mm < 1100).length)', 40)).toBe(true);
  expect(await judged('answer(orders.filter((o) => o.mm < 1100).length)', 39)).toBe(false);
  expect(await judged('answer(orders.length)', 40)).toBe(false);
});

it.each([
  [
    'Who worked the most hours?',
    'for (const s of sales) if (s.price > most) most = s.price; answer(most)',
    ['groups-not-added'],
  ],
  ['Who worked the most hours?', 'for (const s of sales) sums[s.who] += s.price; answer(sums)', []],
  ['Who had the most hours in a single week?', 'answer(sales.sort(byPrice)[0].who)', []],
  ['Who was hired most recently?', 'answer(sales.sort(byDay)[0].who)', []],
  [
    'Who sold most expensively on average?',
    'for (const s of sales) sum += s.price; answer(best)',
    ['groups-not-added'],
  ],
  ['How much was a sale on average?', 'answer(sales.sum / sales.length)', []],
  ['Who sold most expensively on average?', 'answer(best(Object.groupBy(sales, (s) => s.who)))', []],
  ['Who worked the most hours?', 'const of = (w) => sales.filter((s) => s.who === w).length; answer(of)', []],
])('asks for sums where the task asks for the most in all: %s %s', async (task, code, found) => {
  const run = contextFor({ tools: [] });
  const sales = { name: 'sales', type: '{ who: string; price: number }[]', doc: '', source: 'sales.csv' };
  run.append({ kind: 'task', by: 'user', parts: [{ text: task }], data: [sales] });
  expect((await look(run, code)).filter((rule) => rule === 'groups-not-added')).toEqual(found);
});

it('doubts a program that has none of the months a task names, where each is a column', () => {
  const rain = {
    name: 'rain',
    type: '{ city: string; Jan: number; Feb: number; Mar: number }[]',
    doc: '',
    source: 'rain.csv',
  };
  const found = (code: string, task: string) =>
    dataFindings({
      code,
      data: new Map([['rain', rain]]),
      task,
      told: [task],
      on: (rule) => rule === 'named-text-unused',
    });
  const task = 'How did rain change from February to March? May it be said?';
  expect(found('answer(rain[0].Mar - rain[0].Jan)', task)).toMatchObject([{ remedy: 'Use `Feb`.' }]);
  expect(found('answer(rain[0].Mar - rain[0].Feb)', task)).toEqual([]);
  expect(found('for (const month of Object.keys(rain[0])) console.log(month)', task)).toEqual([]);
  expect(found('answer(rain[0].Jan)', 'What may fall?')).toEqual([]);
});
