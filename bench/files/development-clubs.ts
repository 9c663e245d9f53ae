/**
 * More of the development half: tables of a survey, a football league and a school, and their questions.
 *
 * @module
 */
import { type MadeFile, markdownTable, separated } from './kinds.ts';
import { development, mostFrequent, round, sumOf, type Template } from './template.ts';
import { dayOf, type World } from './world.ts';

const MEANS = ['bike', 'bus', 'car', 'car sharing', 'train', 'walking'] as const;
const COMMENTS = [
  '',
  '',
  '',
  '',
  'The bus is often late.',
  'Too few racks, and no shower.',
  'I share the car with a colleague.',
  'Fine as it is',
] as const;
const CLUBS = [
  'Ardmore Rovers',
  'Balcombe United',
  'Crayford Town',
  'Dunwich Athletic',
  'Elmstead City',
  'Farley Wanderers',
] as const;
const SUBJECTS = ['biology', 'English', 'history', 'maths'] as const;

/** A survey on the way to work: all that a person ticked stands in one cell, and some left their age out. */
function survey(world: World) {
  const rows = world.times(world.int(40, 75), () => ({
    age: world.chance(0.12) ? null : world.int(18, 66),
    ticked: world.chance(0.06) ? [] : world.sample(MEANS, world.pick([1, 1, 2, 2, 3])),
    minutes: world.int(1, 18) * 5,
    comment: world.pick(COMMENTS),
  }));
  const cells = rows.map(({ age, ticked, minutes, comment }, index) => ({
    respondent: `R${String(index + 1).padStart(3, '0')}`,
    age,
    how_do_you_travel: ticked.join(', '),
    minutes: world.chance(0.1) ? 'n/a' : minutes,
    comment,
  }));
  const file: MadeFile = { name: 'commuting-survey.csv', kind: 'csv', text: separated(cells, ',') };
  return { rows, file };
}

/** A season of six clubs, who meet at home and away. No club plays twice on a day, and a few matches are put off. */
function season(world: World) {
  const clubs = world.shuffle(CLUBS);
  const start = Date.parse('2026-02-07');
  const rows = world
    .times(30, (index) => {
      const matchday = Math.floor(index / 3);
      const pair = index % 3;
      const one = clubs[pair === 0 ? 5 : (matchday + pair) % 5] as string;
      const other = clubs[(matchday + 5 - pair) % 5] as string;
      const [home, away] = (matchday + pair) % 2 === 0 ? [one, other] : [other, one];
      return {
        day: dayOf(start + (matchday * 7 + world.pick([0, 0, 1, 1, 4])) * 86_400_000),
        home: home as string,
        away: away as string,
        goals: [world.pick([0, 0, 1, 1, 1, 2, 2, 3, 4]), world.pick([0, 0, 1, 1, 2, 2, 3])] as [number, number],
        played: !world.chance(0.08),
        spectators: world.int(120, 940),
      };
    })
    .sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
  const cells = rows.map(({ day, home, away, goals, played, spectators }) => ({
    Date: day,
    Home: home,
    Away: away,
    Result: played ? `${goals[0]}:${goals[1]}` : 'postponed',
    Spectators: played ? spectators : '',
  }));
  const text = `# District league, spring 2026\n\nAll matches, home goals first.\n\n${markdownTable(cells)}\n`;
  const file: MadeFile = { name: 'league.md', kind: 'markdown table', text };
  const played = rows.filter((row) => row.played);
  const club = world.pick(clubs);
  /** Goals for and against the club, in the order of the days. */
  const own = played
    .filter(({ home, away }) => home === club || away === club)
    .map(({ home, goals }) => (home === club ? goals : ([goals[1], goals[0]] as const)));
  return { played, club, own, file };
}

/** Two classes' tests: points out of 20, `absent` for who was not there; some tests weigh more. */
function school(world: World) {
  const pupils = world.people(12).map((pupil, index) => ({ pupil, class: index % 2 === 0 ? '7a' : '7b' }));
  const tests = SUBJECTS.flatMap((subject) =>
    ['2026-01-12', '2026-03-02'].map((from, at) => ({
      subject,
      date: world.day(from, at === 0 ? '2026-02-20' : '2026-04-30'),
      weight: world.pick([1, 1, 2, 3]),
    })),
  ).sort((one, other) => (one.date < other.date ? -1 : 1));
  const rows = tests.flatMap((test) =>
    world.shuffle(pupils).map(({ pupil, class: its }) => ({
      pupil,
      class: its,
      ...test,
      points: world.chance(0.09) ? null : world.int(4, 20),
    })),
  );
  const cells = rows.map((row) => ({ ...row, points: row.points ?? 'absent' }));
  const file: MadeFile = { name: 'school-tests.tsv', kind: 'tsv', text: separated(cells, '\t') };
  return { pupils, rows, file };
}

export const CLUB_TEMPLATES: readonly Template[] = [
  development('d58-ticked-both', ['csv'], ['count', 'filter', 'text'], (world) => {
    const [one, two] = world.sample(MEANS, 2) as [string, string];
    const { file, both } = world.until(
      () => {
        const { rows, file } = survey(world);
        const both = rows.filter(({ ticked }) => [one, two].every((each) => ticked.some((means) => means === each)));
        return { file, both };
      },
      (made) => made.both.length > 1,
    );
    return {
      wordings: [
        `How many people ticked both "${one}" and "${two}", whatever else they ticked?`,
        `Count the respondents whose answer has "${one}" as well as "${two}" in it (other means of travel may be there too).`,
        `What is the number of people who travel by both of these, "${one}" and "${two}", perhaps among others?`,
      ],
      files: [file],
      answer: both.length,
      form: { form: 'count' },
    };
  }),

  development('d59-one-means', ['csv'], ['ratio', 'missing', 'text', 'rounding'], (world) => {
    const { rows, file } = world.until(
      () => survey(world),
      (made) => made.rows.some(({ ticked }) => ticked.length === 0),
    );
    return {
      wordings: [
        'What percentage of all respondents ticked exactly one means of travel? Those who ticked none are respondents too. Round to one decimal.',
        'Of everybody who took part, people without any tick included, how many percent travel in a single way (one option ticked, not more)? One decimal place, please.',
        'Give the share of respondents with just one option ticked, in percent of all rows of the survey (also those with nothing ticked), rounded to one decimal.',
      ],
      files: [file],
      answer: round((rows.filter(({ ticked }) => ticked.length === 1).length / rows.length) * 100, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d60-favourite-of-age', ['csv'], ['ranking', 'missing', 'filter', 'text'], (world) => {
    const young = world.chance(0.5);
    const limit = young ? world.pick([28, 30, 35]) : world.pick([45, 50, 55]);
    const { file, favourites } = world.until(
      () => {
        const { rows, file } = survey(world);
        const asked = rows.filter(({ age }) => age !== null && (young ? age < limit : age >= limit));
        return { file, favourites: mostFrequent(asked.flatMap(({ ticked }) => ticked)) };
      },
      (made) => made.favourites.length === 1,
    );
    const group = young ? `younger than ${limit}` : `aged ${limit} or older`;
    return {
      wordings: [
        `Which means of travel did the most people ${group} tick? Leave out anyone who gave no age.`,
        `Among respondents ${group} (those without an age are not counted), which way of travelling was ticked most often?`,
        `What is the favourite option, by number of ticks, of the people ${group}? Skip rows where the age is missing.`,
      ],
      files: [file],
      answer: favourites[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d61-goals-on-weekday', ['markdown table'], ['sum', 'date', 'text', 'filter'], (world) => {
    const { played, file } = season(world);
    const weekday = world.pick(['Saturday', 'Sunday'] as const);
    const on = played.filter(({ day }) => new Date(day).getUTCDay() === (weekday === 'Sunday' ? 0 : 6));
    return {
      wordings: [
        `How many goals were scored in all the matches played on a ${weekday}, by both sides together?`,
        `Add up the goals, home and away, of every match that took place on a ${weekday}.`,
        `Count all goals of the ${weekday} matches (home goals plus away goals).`,
      ],
      files: [file],
      answer: sumOf(on, ({ goals }) => goals[0] + goals[1]),
      form: { form: 'count' },
    };
  }),

  development('d62-points-of-club', ['markdown table'], ['sum', 'filter', 'text', 'missing'], (world) => {
    const { club, own, file } = season(world);
    return {
      wordings: [
        `How many points does ${club} have? A win gives three, a draw one, a defeat none; postponed matches give nothing yet.`,
        `Three points for each win and one for each draw: what is the points total of ${club} from the matches that were played, home and away?`,
        `Work out the league points of ${club} over all its matches with a result (win 3, draw 1, loss 0).`,
      ],
      files: [file],
      answer: sumOf(own, ([scored, conceded]) => (scored > conceded ? 3 : scored === conceded ? 1 : 0)),
      form: { form: 'count' },
    };
  }),

  development('d63-unbeaten-run', ['markdown table'], ['order', 'date', 'text', 'ranking'], (world) => {
    const { club, file, longest } = world.until(
      () => {
        const made = season(world);
        const runs = made.own
          .map(([scored, conceded]) => (scored < conceded ? '-' : '+'))
          .join('')
          .split(/-+/);
        return { ...made, longest: Math.max(...runs.map((run) => run.length)) };
      },
      (made) => made.longest > 1 && made.longest < made.own.length,
    );
    return {
      wordings: [
        `What is the longest run of matches in a row, by date, in which ${club} did not lose? Ignore postponed matches.`,
        `In how many consecutive matches at most was ${club} unbeaten (won or drew)? Go by date, and pass over matches that were postponed.`,
        `Take the played matches of ${club} in order of date: how long, in matches, is its best series without a defeat?`,
      ],
      files: [file],
      answer: longest,
      form: { form: 'count' },
    };
  }),

  development('d64-pupils-absent', ['tsv'], ['count', 'distinct', 'filter', 'missing'], (world) => {
    const { file, its, absent } = world.until(
      () => {
        const { rows, file } = school(world);
        const its = world.pick(['7a', '7b']);
        const missed = rows.filter((row) => row.class === its && row.points === null).map(({ pupil }) => pupil);
        return { file, its, missed, absent: new Set(missed) };
      },
      ({ missed, absent }) => absent.size > 0 && absent.size < missed.length,
    );
    return {
      wordings: [
        `How many pupils of class ${its} were absent from at least one test?`,
        `Count the different children in ${its} who missed a test once or more.`,
        `In class ${its}, what is the number of pupils with one or more tests marked "absent"?`,
      ],
      files: [file],
      answer: absent.size,
      form: { form: 'count' },
    };
  }),

  development('d65-weighted-points', ['tsv'], ['mean', 'missing', 'rounding', 'filter'], (world) => {
    const { file, pupil, written } = world.until(
      () => {
        const { pupils, rows, file } = school(world);
        const { pupil } = world.pick(pupils);
        const own = rows.filter((row) => row.pupil === pupil);
        return { file, pupil, own, written: own.filter(({ points }) => points !== null) };
      },
      ({ own, written }) => written.length < own.length && new Set(written.map(({ weight }) => weight)).size > 1,
    );
    const weights = sumOf(written, ({ weight }) => weight);
    return {
      wordings: [
        `What is ${pupil}'s weighted average of points over all tests, each counted with its weight? Leave out tests with absence, and round to two decimals.`,
        `Points times weight, added up and divided by the sum of the weights: what does that give for ${pupil}, all subjects together, without the tests that ${pupil} missed? Two decimals.`,
        `Work out the average points of ${pupil} in all subjects taken together, where a test of weight 2 counts twice and so on; tests marked "absent" do not count at all. Round to two decimals.`,
      ],
      files: [file],
      answer: round(sumOf(written, ({ points, weight }) => (points ?? 0) * weight) / weights, 2),
      form: { form: 'rounded', decimals: 2 },
    };
  }),
];
