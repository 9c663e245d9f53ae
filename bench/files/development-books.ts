/**
 * More of the development half: a ledger, a commit log, and tables with times of day, notes and lists within a cell.
 *
 * @module
 */
import { type MadeFile, separated } from './kinds.ts';
import { byTotal, development, mostFrequent, round, sumOf, type Template } from './template.ts';
import { DAY_MS, dayOf, type World } from './world.ts';

const CATEGORIES = ['groceries', 'household', 'repairs', 'outings'] as const;
const PAYEES: readonly (readonly [string, ...(typeof CATEGORIES)[number][]])[] = [
  ['Corner Bakery', 'groceries'],
  ['Green Market', 'groceries', 'household'],
  ['Hardware Hall', 'household', 'repairs'],
  ['Cinema Rex', 'outings'],
];
const SUBJECTS = [
  'fix: wrong total on the last page',
  'Fix: search finds nothing after a comma',
  'feat: prefix for invoice numbers',
  'docs: fix spelling in the guide',
  'test: cases for leap years',
] as const;
const SHIFTS = ['06:00 14:00', '08:30 13:15', '13:45 22:00', '18:15 02:00', '22:00 06:00'] as const;
const TAGS = ['cards', 'dice', 'family', 'party', 'strategy', 'words'] as const;

const hex = (world: World, length: number) => world.times(length, () => world.pick([...'0123456789abcdef'])).join('');

/** What a flat share spent, as a plain-text ledger: a head for each purchase, then its parts, then who paid. */
function ledger(world: World) {
  const people = world.people(3).map((name) => name.split(' ')[0] as string);
  const purchases = world.times(world.int(22, 40), () => {
    const [payee, ...kinds] = world.pick(PAYEES);
    const parts = world.sample(kinds, world.int(1, kinds.length)).map((kind) => ({ kind, eur: world.money(3, 75) }));
    const paid = sumOf(parts, ({ eur }) => eur);
    return { day: world.day('2026-01-02', '2026-04-29'), payee, parts, paid, paidBy: world.pick(people) };
  });
  purchases.sort((a, b) => (a.day < b.day ? -1 : 1));
  const posting = (account: string, eur: number) => `    ${account.padEnd(26)}${eur.toFixed(2).padStart(10)} EUR`;
  const blocks = purchases.map(({ day, payee, parts, paid, paidBy }) =>
    [
      `${day} * ${payee}`,
      ...parts.map(({ kind, eur }) => posting(`expenses:${kind}`, eur)),
      posting(`paid:${paidBy}`, -paid),
    ].join('\n'),
  );
  const file: MadeFile = { name: 'flat-share.ledger', kind: 'ledger', text: `${blocks.join('\n\n')}\n` };
  return { purchases, file };
}

/** What `git log --shortstat` writes: a part that is 0 is left out, and a merge has no such line at all. */
function commits(world: World) {
  const people = world.people(4);
  const mailed = (person: string) => `${person} <${person.toLowerCase().replace(' ', '.')}@code.example>`;
  let ms = Date.parse('2026-06-26T16:40:00Z');
  const rows = world.times(world.int(25, 45), () => {
    ms -= world.int(20, 5_000) * 60_000 + world.int(0, 59) * 1_000;
    const merge = world.chance(0.12);
    const [added, removed] = world.pick([
      [world.int(1, 140), world.int(1, 90)],
      [world.int(1, 140), world.int(1, 90)],
      [world.int(1, 60), 0],
      [0, world.int(1, 30)],
    ] as const);
    return {
      ms,
      author: world.pick(people),
      subject: merge ? `Merge branch 'fix-${world.int(100, 199)}'` : world.pick(SUBJECTS),
      merge,
      added: merge ? 0 : added,
      removed: merge ? 0 : removed,
    };
  });
  const blocks = rows.map(({ ms, author, subject, merge, added, removed }) => {
    const [weekday, day, month, year, time] = new Date(ms).toUTCString().split(/,? /);
    const many = (count: number, what: string, sign: string) =>
      count > 0 ? [`${count} ${what}${count === 1 ? '' : 's'}(${sign})`] : [];
    const files = world.int(1, Math.min(5, added + removed + 1));
    const stat = [
      `${files} file${files === 1 ? '' : 's'} changed`,
      ...many(added, 'insertion', '+'),
      ...many(removed, 'deletion', '-'),
    ];
    const reviewer = world.pick(people);
    return [
      `commit ${hex(world, 12)}`,
      `Author: ${mailed(author)}`,
      `Date:   ${weekday} ${month} ${Number(day)} ${time} ${year} +0000`,
      '',
      `    ${subject}`,
      ...(reviewer !== author && !merge ? ['', `    Reviewed-by: ${mailed(reviewer)}`] : []),
      ...(merge ? [] : ['', ` ${stat.join(', ')}`]),
    ].join('\n');
  });
  const file: MadeFile = { name: 'git-log.txt', kind: 'commit log', text: `${blocks.join('\n\n')}\n` };
  return { rows, file };
}

/** A plan of shifts: some end on the next day, some have no break, and some have a note. */
function shifts(world: World) {
  const people = world.people(6);
  const days = world.times(world.int(18, 30), (index) => dayOf(Date.parse('2026-08-03') + index * DAY_MS));
  const rows = days.flatMap((date) =>
    world.sample(people, world.int(2, 4)).map((employee) => {
      const [from, to] = world.pick(SHIFTS).split(' ') as [string, string];
      const other = world.pick(people.filter((person) => person !== employee));
      const note = world.pick([
        `swapped with ${other}`,
        `Swapped with ${other}, dentist`,
        'asked to swap, nobody could',
        'training of a new colleague',
        'brought the new keys',
      ]);
      return {
        employee,
        date,
        from,
        to,
        break_min: world.pick([30, 30, 45, null]),
        note: world.chance(0.4) ? note : null,
      };
    }),
  );
  const file: MadeFile = { name: 'shift-plan.csv', kind: 'csv', text: separated(rows, ',') };
  return { rows, file };
}

/** The games of a club: how many can play, the tags and a comment are all text within a cell. */
function games(world: World) {
  const names = ['Amber', 'Copper', 'Hidden', 'Last', 'Paper', 'Silver', 'Tiny'].flatMap((first) =>
    ['Bridge', 'Castle', 'Garden', 'Harbour', 'Lantern', 'Train'].map((last) => `${first} ${last}`),
  );
  const rows = world.sample(names, world.int(20, 38)).map((game) => {
    const least = world.int(1, 4);
    return {
      game,
      least,
      most: least + world.int(0, 5),
      minutes: world.int(2, 18) * 10,
      tags: world.sample(TAGS, world.int(1, 3)),
      comment: world.pick([
        'one die is missing',
        'box is torn',
        'new, gift of Rosa',
        'rules only in German',
        null,
        null,
      ]),
    };
  });
  const cells = rows.map(({ game, least, most, minutes, tags, comment }) => ({
    game,
    players: least === most ? least : `${least}-${most}`,
    minutes,
    tags: tags.map((tag) => (world.chance(0.15) ? tag.charAt(0).toUpperCase() + tag.slice(1) : tag)).join('; '),
    comment,
  }));
  const file: MadeFile = { name: 'board-games.csv', kind: 'csv', text: separated(cells, ',') };
  return { rows, file };
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

export const BOOK_TEMPLATES: readonly Template[] = [
  development('d100-spent-on', ['ledger'], ['sum', 'filter', 'text'], (world) => {
    const { file, kind, parts } = world.until(
      () => {
        const { purchases, file } = ledger(world);
        const kind = world.pick(CATEGORIES);
        return { file, kind, parts: purchases.flatMap(({ parts }) => parts.filter((part) => part.kind === kind)) };
      },
      (made) => made.parts.length > 1,
    );
    return {
      wordings: [
        `How many euros did the flat share spend on ${kind} in total?`,
        `Add up everything that the flat's ledger has under the expenses for ${kind}. How many euros is it?`,
        `What do all the expenses for ${kind} in the ledger come to, in euros?`,
      ],
      files: [file],
      answer: round(
        sumOf(parts, ({ eur }) => eur),
        2,
      ),
      form: { form: 'number' },
    };
  }),

  development('d101-paid-more', ['ledger'], ['sum', 'ranking', 'rounding', 'text'], (world) => {
    const { purchases, file } = world.until(
      () => ledger(world),
      (made) => new Set(made.purchases.map(({ paidBy }) => paidBy)).size === 3,
    );
    const totals = byTotal(
      purchases,
      ({ paidBy }) => paidBy,
      ({ paid }) => paid,
    ).map(([, eur]) => eur);
    return {
      wordings: [
        'How many euros more did the person who paid the most in the flat share pay than the person who paid the least? Round to two decimals.',
        'Add up what each person of the flat share paid. By how many euros does the highest total exceed the lowest, to two decimal places?',
        'In the ledger of the flat share, what is the difference in euros between the largest and the smallest total that a person paid, rounded to two decimals?',
      ],
      files: [file],
      answer: round(Math.max(...totals) - Math.min(...totals), 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d102-share-of-fixes', ['commit log'], ['ratio', 'text', 'rounding', 'filter'], (world) => {
    const { rows, file } = world.until(
      () => commits(world),
      (made) => made.rows.some(({ subject }) => /^fix:/i.test(subject)),
    );
    return {
      wordings: [
        'What percentage of all the commits, merges included, have a subject that begins with "fix:" (in small or capital letters)? Round to one decimal.',
        'Of all commits in the git log, merge commits too, how many percent have a title that starts with "fix:" or "Fix:"? Give one decimal place.',
        'How large is the share, in percent and rounded to one decimal, of the commits whose message starts with "fix:", in upper or lower case, among all commits with the merges?',
      ],
      files: [file],
      answer: round((rows.filter(({ subject }) => /^fix:/i.test(subject)).length / rows.length) * 100, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d103-lines-grown', ['commit log'], ['sum', 'filter', 'missing', 'text'], (world) => {
    const { file, author, grown } = world.until(
      () => {
        const { rows, file } = commits(world);
        const { author } = world.pick(rows);
        const its = rows.filter((row) => row.author === author);
        return { file, author, grown: sumOf(its, ({ added, removed }) => added - removed) };
      },
      (made) => made.grown > 0,
    );
    return {
      wordings: [
        `Take all the commits that ${author} is the author of: how many more lines were inserted than deleted in them, in total?`,
        `What do the insertions minus the deletions come to over all commits by the author ${author}?`,
        `By how many lines did the commits authored by ${author} make the code longer, all insertions less all deletions?`,
      ],
      files: [file],
      answer: grown,
      form: { form: 'count' },
    };
  }),

  development('d104-hours-on-shift', ['csv'], ['sum', 'filter', 'missing', 'rounding', 'date'], (world) => {
    const { rows, file } = shifts(world);
    const { employee } = world.pick(rows);
    const its = rows.filter((row) => row.employee === employee);
    const worked = sumOf(its, ({ from, to, break_min }) => {
      const lasted = minutesOf(to) - minutesOf(from);
      return (lasted < 0 ? lasted + 1_440 : lasted) - (break_min ?? 0);
    });
    return {
      wordings: [
        `How many hours are the shifts of ${employee} in the shift plan in total, breaks taken off? A shift that ends at an earlier time than it starts ends on the next day; an empty break is no break. Round to two decimals.`,
        `Add up all the shifts listed for ${employee} in hours, to two decimal places: each from start to end (past midnight if the end is the earlier time), less the minutes of its break, if it has one.`,
        `What do the shifts under the name of ${employee} come to in hours, without the breaks, rounded to two decimals? Shifts such as 22:00 to 06:00 go on into the next day, and where no break is given there is none.`,
      ],
      files: [file],
      answer: round(worked / 60, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),

  development('d105-swapped-shifts', ['csv'], ['count', 'filter', 'text', 'missing'], (world) => {
    const { rows, file } = world.until(
      () => shifts(world),
      (made) => made.rows.some(({ note }) => note?.toLowerCase().startsWith('swapped')),
    );
    return {
      wordings: [
        'How many shifts in the plan were swapped with somebody, according to their notes? A swap that was only asked for does not count.',
        'Count the shifts whose note says that they were swapped with someone. Leave out those where the note just says that a swap was asked for.',
        'By the notes in the shift plan, how many of the shifts were really swapped with a person (not merely asked to be)?',
      ],
      files: [file],
      answer: rows.filter(({ note }) => note?.toLowerCase().startsWith('swapped')).length,
      form: { form: 'count' },
    };
  }),

  development('d106-games-for-many', ['csv'], ['filter', 'text', 'order'], (world) => {
    const { file, people, minutes, fit } = world.until(
      () => {
        const { rows, file } = games(world);
        const people = world.int(2, 7);
        const minutes = world.int(4, 9) * 10;
        const fit = rows.filter((row) => row.least <= people && people <= row.most && row.minutes <= minutes);
        return { file, people, minutes, fit: fit.map(({ game }) => game).sort() };
      },
      (made) => made.fit.length > 1 && made.fit.length < 8,
    );
    return {
      wordings: [
        `There are ${people} of us. Which board games can be played by ${people} players and take no more than ${minutes} minutes? List them in alphabetical order.`,
        `List, from A to Z, the games that ${people} people can play together and that last ${minutes} minutes at most.`,
        `Which of the club's games allow ${people} players and need ${minutes} minutes or less? Sort their names alphabetically.`,
      ],
      files: [file],
      answer: fit,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d107-most-common-tag', ['csv'], ['count', 'ranking', 'text', 'tie'], (world) => {
    const { file, most } = world.until(
      () => {
        const { rows, file } = games(world);
        return { file, most: mostFrequent(rows.flatMap(({ tags }) => tags)) };
      },
      (made) => made.most.length < 3,
    );
    return {
      wordings: [
        'Which tag do the most board games have? Capital letters make no difference. If several tags are level, list them all in alphabetical order.',
        'Count the games for each tag, small and capital letters taken as the same: which tag is on the most games? In a tie name all of them, from A to Z.',
        'What is the most common tag of the board games, whatever its capitals? Give every tag that shares the first place, alphabetically.',
      ],
      files: [file],
      answer: most,
      form: { form: 'names', ordered: true },
    };
  }),
];
