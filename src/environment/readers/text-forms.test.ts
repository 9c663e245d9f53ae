import { describe, expect, it } from 'vitest';
import type { Json } from '../../record/index.ts';
import { keyedRows } from '../keyed-rows.ts';
import { tableOf } from '../table.ts';
import { readLog } from './log-lines.ts';
import { readMarkdown } from './markdown.ts';
import { readText } from './plain-text.ts';

const bytes = (...lines: string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
const readLines = (...lines: string[]) => readText(bytes(...lines), 'x.txt');

describe('a table in plain text', () => {
  it.each([
    ['bars', ['date | piece | n', '2026-01-02 | bolt | 3', '2026-01-03 | nut | 4']],
    [
      'bars at the ends and a rule',
      ['| date | piece | n |', '|---|---|---|', '| 2026-01-02 | bolt | 3 |', '| 2026-01-03 | nut | 4 |'],
    ],
    ['semicolons', ['date;piece;n', '2026-01-02;bolt;3', '2026-01-03;nut;4']],
    ['wide spaces', ['date        piece  n', '2026-01-02  bolt   3', '2026-01-03  nut    4']],
  ])('with %s is rows', (_separator, lines) => {
    expect(readLines(...lines)).toMatchObject([
      {
        value: [
          { date: '2026-01-02', piece: 'bolt', n: 3 },
          { date: '2026-01-03', piece: 'nut', n: 4 },
        ],
      },
    ]);
  });

  it('of lines with another number of cells stays a text', () => {
    expect(readLines('a | b', 'c | d | e', 'f | g')).toHaveLength(1);
    expect(readLines('a | b', 'c | d | e', 'f | g')[0]?.value).toBeTypeOf('string');
  });
});

describe('a chat', () => {
  const said = [
    ['Ada', 'Who comes on Sunday?'],
    ['Bela', 'Me: surely'],
    ['Ada', 'IMG-1.jpg (file attached)'],
    ['Bela', 'Fine'],
  ];

  it.each([
    ['2026-05-04, 18:0# - ', '2026-05-04'],
    ['[04.05.2026, 18:0#:11] ', '2026-05-04'],
    ['5/24/2026, 18:0# - ', '2026-05-24'],
  ])('that begins its lines with %s is rows', (head, date) => {
    const lines = said.map(([from, text], n) => `${head.replace('#', String(n))}${from}: ${text}`);
    const [chat, text] = readLines(...lines, 'and a second line', `${head.replace('#', '9')}Bela left`);
    const rows = chat?.value as { [column: string]: Json }[];
    expect(rows).toHaveLength(5);
    expect(rows[1]).toMatchObject({ date, from: 'Bela', text: 'Me: surely' });
    expect(rows[3]).toMatchObject({ from: 'Bela', text: 'Fine\nand a second line' });
    expect(rows[4]).toMatchObject({ from: null, text: 'Bela left' });
    expect(text?.value).toContain('and a second line');
  });

  it.each([
    ['nobody writes', ['2026-05-04, 18:00 started', '2026-05-04, 18:01 stopped', '2026-05-04, 18:02 started']],
    ['everybody writes once', ['2026-05-04, 18:00 - A: x', '2026-05-04, 18:01 - B: y', '2026-05-04, 18:02 - C: z']],
  ])('is none where %s', (_what, lines) => {
    for (const { value } of readLines(...lines)) {
      if (Array.isArray(value)) expect(value[0]).not.toHaveProperty('from');
    }
  });
});

describe('lines of one form', () => {
  it('are rows, named by the words beside the values, with the form as a note', () => {
    const [list, text] = readMarkdown(
      bytes(
        '# Hours',
        '',
        '- Ada Murphy worked 3.5 hours on the website (2 March 2026)',
        '- Bela Rossi worked 1 hour on the spring fair (14 March 2026)',
        '- Ada Murphy worked 12 hours on the archive (3 April 2026)',
      ),
      'hours.md',
    );
    expect(list?.value).toEqual([
      { name: 'Ada Murphy', hours: 3.5, text: 'website', date: '2026-03-02' },
      { name: 'Bela Rossi', hours: 1, text: 'spring fair', date: '2026-03-14' },
      { name: 'Ada Murphy', hours: 12, text: 'archive', date: '2026-04-03' },
    ]);
    expect(list?.notes?.[0]).toBe('a row for each line "{name} worked {hours} hours on the {text} ({date})"');
    expect(text?.title).toBe('hours text');
  });

  it('below a line of another form have its values', () => {
    const [list] = readLines(
      'Order 31 for Ada Murphy',
      '  9 x bookcase at 108.50 EUR',
      '  10 x swivel chair at 99.00 EUR',
      '',
      'Order 32 for Bela Rossi',
      '  1 x coat rack at 12.00 EUR',
      '  2 x bookcase at 108.50 EUR',
    );
    expect(list?.value).toEqual([
      { order: 31, name: 'Ada Murphy', quantity: 9, text: 'bookcase', price_eur: 108.5 },
      { order: 31, name: 'Ada Murphy', quantity: 10, text: 'swivel chair', price_eur: 99 },
      { order: 32, name: 'Bela Rossi', quantity: 1, text: 'coat rack', price_eur: 12 },
      { order: 32, name: 'Bela Rossi', quantity: 2, text: 'bookcase', price_eur: 108.5 },
    ]);
  });

  it('below headings have the heading', () => {
    const [list] = readMarkdown(
      bytes('## Monday', '- 3 loaves for Ada', '- 2 loaves for Bela', '## Tuesday', '- 5 loaves for Dora'),
      'bread.md',
    );
    expect(list?.value).toMatchObject([
      { section: 'Monday', loaves: 3 },
      { section: 'Monday', loaves: 2 },
      { section: 'Tuesday', loaves: 5 },
    ]);
  });

  it.each([
    [
      'prose',
      [
        'Dear Ada,',
        'I was glad to see you at the fair, and the cake was good.',
        'Shall we meet on Sunday, at the mill?',
        'Yours, Bela',
      ],
    ],
    ['a poem', ['The sun is up', 'The day is new', 'A bird sings on', 'The sky is blue']],
    ['a list of names', ['Ada', 'Bela', 'Dora', 'Emil']],
    ['a program', ['const a = 1;', 'function f(x) {', '  return x + a;', '}', 'f(2);']],
  ])('are not found in %s', (_title, lines) => {
    const read = readLines(...lines);
    expect(read).toEqual([{ title: 'x.txt', value: `${lines.join('\n')}\n` }]);
  });

  it.each([
    ['fifty thousand lines', Array.from({ length: 50_000 }, (_, n) => `- P${n} paid ${n}.50 EUR on 3 March 2026`)],
    ['a line of a million characters', ['a 1', 'b 2', `c ${'x '.repeat(500_000)}`, 'd 4']],
    ['lines of marks', Array.from({ length: 2_000 }, () => '('.repeat(500))],
    ['lines of digits', Array.from({ length: 2_000 }, () => '1,'.repeat(500))],
  ])('are looked for at once in %s', (_title, lines) => {
    expect(readLines(...lines).length).toBeGreaterThan(0);
  });
});

describe('records', () => {
  it('of keys are rows', () => {
    const [cards] = readLines('name: Ada', 'age: 41', '', 'name: Bela', 'age: 39', '', 'name: Dora', 'age: 27');
    expect(cards?.value).toEqual([
      { name: 'Ada', age: 41 },
      { name: 'Bela', age: 39 },
      { name: 'Dora', age: 27 },
    ]);
  });

  it('with bodies, as mails are, have what the bodies say', () => {
    const mail = (shop: string, day: string, eur: string) => [
      `From: billing@${shop.toLowerCase()}.example`,
      `Date: ${day}`,
      '',
      'Dear Sir or Madam,',
      `${shop} asks you to pay EUR ${eur}.`,
    ];
    const [mails] = readLines(
      ...mail('Alder', '5 May 2026', '12.50'),
      '---',
      ...mail('Brook', '6 May 2026', '900.00'),
      '---',
      ...mail('Cedar', '7 May 2026', '3.05'),
    );
    expect(mails?.value).toMatchObject([
      { From: 'billing@alder.example', Date: '2026-05-05', eur: 12.5 },
      { Date: '2026-05-06', eur: 900 },
      { Date: '2026-05-07', eur: 3.05, body: 'Dear Sir or Madam,\nCedar asks you to pay EUR 3.05.' },
    ]);
  });
});

describe('a system log', () => {
  it('is rows, and what its messages say are columns', () => {
    const [log] = readLog(
      bytes(
        'May  1 10:00:00 house doors[31]: garden door opened by ada, closed after 26 s',
        'May  1 10:01:00 house cron: session 991 started',
        'May  2 11:00:00 house doors[31]: front door opened by bela, closed after 3 s',
        'May 12 12:00:00 house doors[32]: front door opened by ada, closed after 140 s',
      ),
      'house.log',
    );
    const rows = log?.value as { [column: string]: Json }[];
    expect(rows[0]).toMatchObject({
      time: '05-01 10:00:00',
      program: 'doors',
      pid: 31,
      door: 'garden',
      by: 'ada',
      seconds: 26,
    });
    expect(rows[1]).toMatchObject({ program: 'cron', pid: null, door: null, message: 'session 991 started' });
    expect(log?.notes?.[0]).toBe('message "{door} door opened by {by}, closed after {seconds} s"');
    expect(rows[0]).not.toHaveProperty('event');
  });

  it('says what lines of one form have in common, where there are several forms', () => {
    const lines = ['Ada', 'Bela', 'Cleo', 'Dora'].flatMap((cow, n) => [
      `2026-03-02 0${n}:10:00 INFO Cow ${cow} gave ${n + 4}.5 litres in ${n + 5} minutes`,
      `2026-03-02 0${n}:20:00 WARN Cow ${cow} kicked off the cups`,
    ]);
    const [log] = readLog(bytes(...lines, '2026-03-03 01:00:00 INFO Restarted'), 'robot.log');
    const rows = log?.value as { [column: string]: Json }[];
    expect(rows[0]).toMatchObject({ event: 'Cow gave litres in minutes', cow: 'Ada', litres: 4.5 });
    expect(rows[1]).toMatchObject({ event: 'Cow kicked off the cups', cow: 'Ada', litres: null });
    expect(rows[8]).toMatchObject({ event: null, message: 'Restarted' });
  });
});

describe('an object of like records', () => {
  it('is rows with the key first', () => {
    const stock = { P1: { pieces: 3 }, P2: { pieces: 0, note: 'x' }, P3: { pieces: 7 }, P4: { pieces: 1 } };
    expect(keyedRows(stock)?.rows[1]).toEqual({ id: 'P2', pieces: 0, note: 'x' });
    const people = { Ada: { age: 1 }, Bela: { age: 2 }, Dora: { age: 3 }, Emil: { age: 4, name: 'E' } };
    expect(keyedRows(people)?.rows[0]).toEqual({ key: 'Ada', age: 1 });
  });

  it.each<[string, Json]>([
    ['a few sections', { db: { host: 'a' }, web: { host: 'b' } }],
    ['sections of another kind', { a: { x: 1 }, b: { y: 1 }, c: { z: 1 }, d: { u: 1 } }],
    ['numbers', { a: 1, b: 2, c: 3, d: 4 }],
    ['a list', [{ a: 1 }]],
  ])('is left as it is: %s', (_title, value) => {
    expect(keyedRows(value)).toBeUndefined();
  });
});

describe('cells', () => {
  const column = (...cells: string[]) =>
    tableOf([['day'], ...cells.map((cell) => [cell])], { header: true }).rows.map(({ day }) => day);

  it.each([
    ['05.03.2026', '2026-03-05'],
    ['5 March 2026', '2026-03-05'],
    ['5-Mar-2026', '2026-03-05'],
    ['March 5, 2026', '2026-03-05'],
    ['Thu, 5 Mar 2026 9:05', '2026-03-05T09:05'],
  ])('of dates such as %s are ISO dates', (written, iso) => {
    expect(column(written, written, '-')).toEqual([iso, iso, null]);
  });

  it('of dates with slashes are ISO dates where one tells the day', () => {
    expect(column('03/05/2026', '03/25/2026')).toEqual(['2026-03-05', '2026-03-25']);
    expect(column('03/05/2026', '25/05/2026')).toEqual(['2026-05-03', '2026-05-25']);
    expect(column('03/05/2026', '04/05/2026')).toEqual(['03/05/2026', '04/05/2026']);
    expect(column('31.04.2026', '01.04.2026')).toEqual(['31.04.2026', '01.04.2026']);
  });

  it('below a title have the header that stands there', () => {
    const { rows, notes } = tableOf([
      ['Members', ''],
      ['Name', 'Left'],
      ['Ada', '2026-01-02'],
      ['Bela', '-'],
    ]);
    expect(rows).toEqual([
      { Name: 'Ada', Left: '2026-01-02' },
      { Name: 'Bela', Left: null },
    ]);
    expect(notes[0]).toBe('Members');
  });
});

// It became an empty table, with columns named by the words of the sentence.
it('takes no line of prose with a bar above a rule for a table in Markdown', () => {
  const lines = ['Use a | b here', '---', 'more text'];
  expect(readMarkdown(bytes(...lines), 'x.md')).toEqual([{ title: 'x.md', value: `${lines.join('\n')}\n` }]);
  expect(readMarkdown(bytes('| c |', '|---|', '| 1 |'), 'x.md')[0]?.value).toEqual([{ c: 1 }]);
  expect(readMarkdown(bytes('a | b', '---|:--', '1 | 2'), 'x.md')[0]?.value).toEqual([{ a: 1, b: 2 }]);
});
