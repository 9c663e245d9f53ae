/**
 * More of the development half: a podcast, a kitchen's recipes and a shelf of songs, and what their owners ask.
 *
 * @module
 */
import { jsonText, type MadeFile, separated } from './kinds.ts';
import { development, isOnEdge, mostFrequent, round, sumOf, type Template } from './template.ts';
import { DAY_MS, dayOf, twoDigits, type World } from './world.ts';

const TOPICS = [
  'sleep',
  'trains',
  'bread',
  'bees',
  'maps',
  'glass',
  'rivers',
  'clocks',
  'salt',
  'lighthouses',
] as const;
const ANGLES = [
  'A short history of',
  'What we got wrong about',
  'Living with',
  'The people behind',
  'More about',
] as const;
const SPONSORS = ['Nordlicht Coffee', 'Paperplane', 'Tidewater Bank'] as const;
const WEEK_MS = 7 * DAY_MS;

/** What a dish is made of: a letter for its kind (`v` for vegetarian), then each ingredient with a usual amount. */
const DISHES = {
  'Apple crumble': 'v: 600 g apples, 200 g flour, 120 g butter, 100 g sugar',
  'Beef stew': '-: 700 g beef, 300 g carrots, 250 g onions, 500 g potatoes',
  'Carrot soup': 'v: 600 g carrots, 150 g onions, 40 g butter, 200 ml cream',
  'Chicken curry': '-: 500 g chicken, 200 g onions, 300 g rice, 150 g yoghurt',
  'Fish pie': '-: 400 g cod, 700 g potatoes, 60 g butter, 200 ml cream, 120 g cheese',
  'Leek tart': 'v: 400 g leeks, 250 g flour, 120 g butter, 3 eggs, 200 ml cream',
  'Lentil soup': 'v: 250 g lentils, 200 g carrots, 150 g onions',
  Meatballs: '-: 500 g beef, 100 g onions, 2 eggs, 80 g breadcrumbs',
  'Mushroom risotto': 'v: 300 g rice, 400 g mushrooms, 100 g onions, 50 g butter, 80 g cheese',
  Pancakes: 'v: 250 g flour, 3 eggs, 500 ml milk, 40 g sugar',
  'Pasta bake': '-: 400 g pasta, 150 g ham, 200 g cheese, 150 ml cream',
  'Potato gratin': 'v: 900 g potatoes, 300 ml cream, 150 g cheese, 30 g butter',
  'Rice pudding': 'v: 180 g rice, 800 ml milk, 60 g sugar',
  Shakshuka: 'v: 600 g tomatoes, 150 g onions, 6 eggs',
  'Tomato pasta': 'v: 400 g pasta, 500 g tomatoes, 100 g onions, 60 g cheese',
  'Vegetable chilli': 'v: 400 g beans, 400 g tomatoes, 200 g carrots, 200 g onions, 250 g rice',
} as const;
const SHUNNED = ['butter', 'cream', 'cheese', 'onions', 'tomatoes', 'carrots', 'rice'] as const;
const BY_WEIGHT = ['onions', 'butter', 'cheese', 'flour', 'carrots', 'potatoes', 'tomatoes', 'rice'] as const;

const FIRST_WORDS = 'Blue Broken Distant Golden Hollow Last Paper Quiet Silver Winter'.split(' ');
const LAST_WORDS = 'Avenue Bridge Harbour Letter Mirror Signal Summer Window'.split(' ');
const BANDS = 'Amber Room, Cold Harvest, Kite Season, Lena Voss, Marlow, The Ferrymen, Tin Orchard'.split(', ');
const LISTS = ['Road trip', 'Kitchen', 'Running', 'Slow evening', 'Party', 'Focus', 'Sunday', 'Rainy day'] as const;

/** `48:15`, or `1:02:10` from an hour on. */
function lengthOf(seconds: number): string {
  const parts = [Math.floor((seconds % 3600) / 60), seconds % 60].map(twoDigits);
  return seconds < 3600 ? parts.join(':') : `${Math.floor(seconds / 3600)}:${parts.join(':')}`;
}

/** The episodes of a podcast, one every week or two. */
function podcast(world: World) {
  const people = world.people(9);
  const topics = world.shuffle(ANGLES.flatMap((angle) => TOPICS.map((topic) => `${angle} ${topic}`)));
  let weeks = 0;
  const rows = world.times(world.int(24, 45), (index) => {
    weeks += world.int(1, 2);
    return {
      number: index + 1,
      title: topics[index] as string,
      published: dayOf(Date.parse('2025-01-09') + weeks * WEEK_MS),
      seconds: world.int(24 * 60, 85 * 60),
      guests: world.sample(people, world.pick([0, 1, 1, 1, 2, 2])),
      sponsor: world.chance(0.3) ? null : world.pick(SPONSORS),
      downloads: world.int(800, 6400),
    };
  });
  const text = jsonText(rows.map(({ seconds, ...row }) => ({ ...row, length: lengthOf(seconds) })));
  const file: MadeFile = { name: 'episodes.json', kind: 'json', text };
  return { rows, file };
}

/** Recipes by a short name: what goes in, how many people it serves, and how long each step takes. */
function cookbook(world: World) {
  const dishes = world.sample(Object.entries(DISHES), world.int(11, 15));
  const rows = dishes.map(([title, made]) => {
    const [kind, list] = made.split(': ') as [string, string];
    const ingredients = list.split(', ').map((ingredient) => {
      const [usual, ...words] = ingredient.split(' ');
      const amount = Number(usual) + (words.length === 1 ? world.int(0, 2) : world.int(-2, 4) * 5);
      return { name: words.at(-1) as string, amount, text: [amount, ...words].join(' ') };
    });
    const steps = world.times(world.int(2, 4), () => world.int(1, 12) * 5);
    return { title, vegetarian: kind === 'v', serves: world.pick([2, 3, 4, 4, 6]), ingredients, steps };
  });
  const written = rows.map(({ steps, ingredients, ...row }) => [
    row.title.toLowerCase().replaceAll(' ', '-'),
    { ...row, ingredients: ingredients.map(({ text }) => text), step_minutes: steps },
  ]);
  const file: MadeFile = { name: 'recipes.json', kind: 'json by id', text: jsonText(Object.fromEntries(written)) };
  return { rows, file };
}

type Recipe = ReturnType<typeof cookbook>['rows'][number];
const uses = (recipe: Recipe, name: string) => recipe.ingredients.some((ingredient) => ingredient.name === name);

/** Songs, and playlists that know them by their ids alone. */
function music(world: World) {
  const titles = world.shuffle(FIRST_WORDS.flatMap((first) => LAST_WORDS.map((last) => `${first} ${last}`)));
  const songs = world.times(world.int(40, 60), (index) => ({
    id: `S${index + 11}`,
    title: titles[index] as string,
    artist: world.pick(BANDS),
    year: world.int(1978, 2025),
    seconds: world.int(118, 412),
  }));
  const people = world.people(3);
  const lists = world.sample(LISTS, world.int(5, 7)).map((name) => ({
    name,
    made_by: world.pick(people),
    songs: world.sample(songs, world.int(9, 18)).map(({ id }) => id),
  }));
  const files: MadeFile[] = [
    { name: 'songs.tsv', kind: 'tsv', text: separated(world.shuffle(songs), '\t') },
    { name: 'playlists.json', kind: 'json', text: jsonText(lists) },
  ];
  return { songs, lists, files };
}

export const HOME_TEMPLATES: readonly Template[] = [
  development('d74-solo-downloads', ['json'], ['mean', 'filter', 'nested', 'rounding'], (world) => {
    const { file, mean } = world.until(
      () => {
        const { rows, file } = podcast(world);
        const solo = rows.filter(({ guests }) => guests.length === 0);
        return { file, solo, mean: sumOf(solo, ({ downloads }) => downloads) / solo.length };
      },
      ({ solo, mean }) => solo.length > 1 && !isOnEdge(mean, 0),
    );
    return {
      wordings: [
        'How many downloads did the podcast episodes without any guest get on average? Round to a whole number.',
        'What is the average number of downloads of the episodes that had no guest, rounded to the nearest whole number?',
        'Take only the episodes where nobody was invited, so no guests. What is their mean number of downloads, rounded to a whole number?',
      ],
      files: [file],
      answer: round(mean, 0),
      form: { form: 'rounded', decimals: 0 },
    };
  }),

  development('d75-favourite-guests', ['json'], ['tie', 'count', 'nested', 'ranking', 'order'], (world) => {
    const { file, most } = world.until(
      () => {
        const { rows, file } = podcast(world);
        return { file, most: mostFrequent(rows.flatMap(({ guests }) => guests)) };
      },
      ({ most }) => most.length === 2 || most.length === 3,
    );
    return {
      wordings: [
        'Which guests were on the largest number of episodes of the podcast? Several share the first place: name them all, sorted by first name.',
        'Who has been a guest on the show most often? It is a tie, so list everyone who has that highest number of episodes, sorted by first name.',
        'More than one guest holds the record for the most episodes. Give the names of all of those, in the order of their first names.',
      ],
      files: [file],
      answer: most,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d76-sponsored-length', ['json'], ['mean', 'filter', 'text', 'rounding'], (world) => {
    const { file, sponsor, mean } = world.until(
      () => {
        const { rows, file } = podcast(world);
        const sponsor = world.pick(SPONSORS);
        const its = rows.filter((row) => row.sponsor === sponsor).map(({ seconds }) => seconds);
        return { file, sponsor, its, mean: sumOf(its, (seconds) => seconds) / 60 / its.length };
      },
      ({ its, mean }) => its.some((seconds) => seconds >= 3600) && its.length > 2 && !isOnEdge(mean, 1),
    );
    return {
      wordings: [
        `How many minutes does an episode sponsored by ${sponsor} last on average? Lengths are written as minutes:seconds, or hours:minutes:seconds for the long ones. Round to one decimal.`,
        `What is the average length, in minutes with one decimal, of the episodes that ${sponsor} sponsored? (48:15 means 48 minutes and 15 seconds, 1:02:10 means 1 hour, 2 minutes and 10 seconds.)`,
        `Take the episodes with ${sponsor} as the sponsor and turn their lengths (mm:ss, or h:mm:ss from an hour on) into minutes. What is the mean, rounded to one decimal?`,
      ],
      files: [file],
      answer: round(mean, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d77-longest-recipe', ['json by id'], ['sum', 'ranking', 'nested'], (world) => {
    const { file, sorted } = world.until(
      () => {
        const { rows, file } = cookbook(world);
        const totals = rows.map(({ title, steps }) => ({ title, minutes: sumOf(steps, (minutes) => minutes) }));
        return { file, sorted: totals.sort((a, b) => b.minutes - a.minutes) };
      },
      ({ sorted }) => (sorted[0]?.minutes ?? 0) > (sorted[1]?.minutes ?? 0),
    );
    return {
      wordings: [
        'Which recipe takes the longest when the minutes of all its steps are added up? Give its title.',
        'Add up the minutes of the steps of each recipe. What is the title of the one with the highest total?',
        'If all steps of a recipe are done one after another, which recipe needs the most minutes in total? Answer with its title.',
      ],
      files: [file],
      answer: sorted[0]?.title as string,
      form: { form: 'name' },
    };
  }),

  development('d78-for-guests', ['json by id'], ['sum', 'text', 'nested', 'ratio', 'rounding'], (world) => {
    const { file, dishes, ingredient, people, grams } = world.until(
      () => {
        const { rows, file } = cookbook(world);
        const ingredient = world.pick(BY_WEIGHT);
        const people = world.pick([5, 7, 8, 9, 10, 11]);
        const dishes = rows.filter((recipe) => uses(recipe, ingredient)).slice(0, 2);
        const amountIn = (dish: Recipe) => dish.ingredients.find(({ name }) => name === ingredient)?.amount ?? 0;
        const grams = sumOf(dishes, (dish) => (amountIn(dish) * people) / dish.serves);
        return { file, dishes, ingredient, people, grams };
      },
      ({ dishes, grams }) => dishes.length === 2 && !isOnEdge(grams, 0),
    );
    const [one, other] = dishes.map(({ title }) => title);
    return {
      wordings: [
        `I am cooking "${one}" and "${other}", and each of the two must be enough for ${people} people. How many grams of ${ingredient} do I need in all, if I scale the amounts by the number of people that a recipe serves? Round the total to a whole gram.`,
        `${people} guests will eat both dishes, "${one}" and "${other}". Scale each recipe from the number of people it serves to ${people}: how many grams of ${ingredient} is that for the two together, rounded to a whole gram at the end?`,
        `How many grams of ${ingredient} must I buy to make "${one}" and "${other}", each of them scaled up or down so that it serves ${people}? Give the total of both, rounded to whole grams.`,
      ],
      files: [file],
      answer: round(grams, 0),
      form: { form: 'rounded', decimals: 0 },
    };
  }),

  development('d79-neither', ['json by id'], ['filter', 'text', 'nested', 'order'], (world) => {
    const { file, one, other, titles } = world.until(
      () => {
        const { rows, file } = cookbook(world);
        const [one, other] = world.sample(SHUNNED, 2) as [string, string];
        const good = rows.filter((recipe) => recipe.vegetarian && !uses(recipe, one) && !uses(recipe, other));
        return { file, one, other, titles: good.map(({ title }) => title).sort() };
      },
      ({ titles }) => titles.length > 1 && titles.length < 6,
    );
    return {
      wordings: [
        `Which recipes can I cook for a vegetarian who wants no ${one} and no ${other}, going by the listed ingredients? Give their titles in alphabetical order.`,
        `List the titles of the vegetarian recipes that have neither ${one} nor ${other} among their ingredients, in alphabetical order.`,
        `Which vegetarian dishes have no ${one} and also no ${other} in their list of ingredients? Give the titles of the recipes, sorted alphabetically.`,
      ],
      files: [file],
      answer: titles,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d80-playlist-minutes', ['tsv', 'json'], ['join', 'sum', 'nested', 'rounding'], (world) => {
    const { files, name, minutes } = world.until(
      () => {
        const { songs, lists, files } = music(world);
        const list = world.pick(lists);
        const its = songs.filter(({ id }) => list.songs.includes(id));
        return { files, name: list.name, minutes: sumOf(its, ({ seconds }) => seconds) / 60 };
      },
      ({ minutes }) => !isOnEdge(minutes, 1),
    );
    return {
      wordings: [
        `How many minutes of music are on the playlist "${name}"? Round to one decimal.`,
        `How long is the playlist "${name}" in minutes, all its songs together, to one decimal place?`,
        `I play all the songs of "${name}" once, one after another without a pause. How many minutes does that take, rounded to one decimal?`,
      ],
      files,
      answer: round(minutes, 1),
      form: { form: 'rounded', decimals: 1 },
    };
  }),

  development('d81-on-both-lists', ['tsv', 'json'], ['join', 'filter', 'nested', 'order'], (world) => {
    const { files, one, other, titles } = world.until(
      () => {
        const { songs, lists, files } = music(world);
        const [one, other] = world.sample(lists, 2) as [(typeof lists)[number], (typeof lists)[number]];
        const shared = songs.filter(({ id }) => one.songs.includes(id) && other.songs.includes(id));
        return { files, one: one.name, other: other.name, titles: shared.map(({ title }) => title).sort() };
      },
      ({ titles }) => titles.length > 1 && titles.length < 6,
    );
    return {
      wordings: [
        `Which songs are on both playlists, "${one}" and "${other}"? Give their titles in alphabetical order.`,
        `List the titles of the songs that the playlists "${one}" and "${other}" have in common, sorted alphabetically.`,
        `Some songs of the playlist "${one}" are also on "${other}". What are their titles, in alphabetical order?`,
      ],
      files,
      answer: titles,
      form: { form: 'names', ordered: true },
    };
  }),
];
