/**
 * More of the development half: what people say and note in a form of their own, a chat, minutes, a diary and a timetable.
 *
 * @module
 */
import type { MadeFile } from './kinds.ts';
import { development, isClear, mostFrequent, sumOf, type Template, tally } from './template.ts';
import { DAY_MS, dayOf, spoken, twoDigits, type World } from './world.ts';

const PLACES = ["Miller's Pond", 'Gull Marsh', 'Old Quarry', 'Heron Wood'] as const;
const BIRDS = ['coot', 'great tit', 'grey heron', 'kingfisher', 'lapwing', 'mallard', 'robin', 'teal', 'wren'] as const;
const STOPS = ['Town Hall', 'Market Square', 'Library', 'Stadium', 'Mill Lane', 'Zoo', 'Park Street'] as const;

const clockOf = (minutes: number) => `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
const firstNames = (world: World, count: number) => world.people(count).map((name) => name.split(' ')[0] as string);

/** The export of a hiking group's chat: messages, attached files, and notices of the program itself. */
function chat(world: World) {
  const people = firstNames(world, 6);
  const rows = world.times(world.int(45, 85), () => ({
    day: world.day('2026-05-04', '2026-05-31'),
    minute: world.chance(0.4) ? world.int(1245, 1439) : world.int(420, 1244),
    person: world.pick(people),
    kind: world.pick(['said', 'said', 'said', 'said', 'photo', 'photo', 'pdf', 'notice'] as const),
  }));
  rows.sort((a, b) => (a.day === b.day ? a.minute - b.minute : a.day < b.day ? -1 : 1));
  const lines = rows.map(({ day, minute, person, kind }, index) => {
    const other = world.pick(people.filter((each) => each !== person));
    const said = world.pick([
      `Thanks ${other}, the photo is great`,
      `${other}: can you bring the map?`,
      `We meet at ${world.int(7, 9)}:${world.pick(['15', '30', '45'])} at the station`,
      'I have to skip this one, sorry',
      `Shall we take the long way?\nIt is ${world.int(9, 18)} km`,
      'Who else is coming on Sunday?',
    ]);
    const body = {
      said: `${person}: ${said}`,
      photo: `${person}: IMG-${day.replaceAll('-', '')}-${1000 + index}.jpg (file attached)`,
      pdf: `${person}: route-${world.int(2, 60)}.pdf (file attached)`,
      notice: world.pick([`${person} changed the group description`, `${person} pinned a message`]),
    }[kind];
    return `${day}, ${clockOf(minute)} - ${body}`;
  });
  const file: MadeFile = { name: 'hiking-group-chat.txt', kind: 'chat', text: `${lines.join('\n')}\n` };
  return { people, rows, file };
}

/** Minutes of a garden committee: who came, and what was said, decided and given to whom. */
function minutes(world: World) {
  const people = firstNames(world, world.int(6, 8));
  const start = Date.parse('2026-01-14');
  const meetings = world.times(world.int(5, 9), (index) => {
    const day = dayOf(start + (index * 21 + world.int(0, 4)) * DAY_MS);
    const present = people.filter(() => world.chance(0.82));
    const items = world.times(world.int(3, 7), () => ({
      kind: world.pick(['To do', 'To do', 'Decided', 'Done', 'Report'] as const),
      person: world.pick(people),
      due: dayOf(Date.parse(day) + world.int(5, 40) * DAY_MS),
      against: world.int(0, 2),
    }));
    return { day, present, items };
  });
  const lines = meetings.map(({ day, present, items }) => {
    const excused = people.filter((person) => !present.includes(person));
    const bullets = items.map(({ kind, person, due, against }) => {
      const said = {
        'To do': `${person} ${world.pick(['asks for three offers', 'calls the water company', 'buys new hoses', 'writes to the members', 'repairs the gate'])}, by ${spoken(due)}`,
        Decided: `${world.pick(['a new shed', 'a summer party', 'higher fees', 'a second compost heap'])} (${present.length - against} for, ${against} against)`,
        Done: `${person} has ${world.pick(['painted the fence', 'ordered the seeds', 'cleaned the pump'])}`,
        Report: `${person} on ${world.pick(['the water bill', 'the waiting list', 'the empty plots'])}`,
      }[kind];
      return `- ${kind}: ${said}`;
    });
    const heads = [`## Meeting of ${spoken(day)}`, '', `Present: ${present.join(', ')}`];
    return [...heads, ...(excused.length > 0 ? [`Excused: ${excused.join(', ')}`] : []), '', ...bullets].join('\n');
  });
  const text = `# Garden committee: minutes\n\n${lines.join('\n\n')}\n`;
  const file: MadeFile = { name: 'committee-minutes.md', kind: 'bullets', text };
  return { people, meetings, file };
}

/** A bird watcher's diary: where and when, then each bird with how many there were. */
function birdDiary(world: World) {
  const start = Date.parse('2026-03-01');
  let day = 0;
  const walks = world.times(world.int(14, 26), () => {
    day += world.int(1, 5);
    const from = world.int(72, 120) * 5;
    return {
      ms: start + day * DAY_MS,
      place: world.pick(PLACES),
      from,
      to: from + world.int(7, 40) * 5,
      seen: world.sample(BIRDS, world.int(2, 5)).map((bird) => ({ bird, count: world.int(1, 15) })),
    };
  });
  const clock = (at: number) => `${Math.floor(at / 60)}:${twoDigits(at % 60)}`;
  const blocks = walks.map(({ ms, place, from, to, seen }) => {
    const weekday = new Date(ms).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
    const weather = world.pick(['drizzle', 'sunny', 'cold wind', 'overcast']);
    const birds = seen.map(({ bird, count }) => `${bird} ${count}`).join(', ');
    const head = `${weekday} ${spoken(dayOf(ms))}, ${place}, ${clock(from)} to ${clock(to)}, ${weather}`;
    return `${head}\n${birds.charAt(0).toUpperCase()}${birds.slice(1)}.`;
  });
  const file: MadeFile = { name: 'birds-2026.txt', kind: 'diary', text: `${blocks.join('\n\n')}\n` };
  return { walks, file };
}

/** One direction of a bus line, as it hangs at the stop: a line for each stop, a column for each bus, a dash where it does not stop. */
function timetable(world: World) {
  const stops = ['Harbour', ...world.sample(STOPS, world.int(3, 5)), 'Hospital'];
  const busesOf = (count: number) => {
    let leaves = world.int(66, 80) * 5;
    return world.times(count, () => {
      leaves += world.int(4, 11) * 5;
      let at = leaves;
      return stops.map((_, place) => {
        if (place > 0) at += world.int(4, 7);
        const passes = place > 0 && place < stops.length - 1 && world.chance(0.2);
        return passes ? null : at;
      });
    });
  };
  const days = { 'Monday to Friday': busesOf(world.int(13, 17)), Saturday: busesOf(world.int(8, 12)) };
  const blocks = Object.entries(days).map(([name, buses]) => {
    const lines = stops.map((stop, place) => {
      const times = buses.map((bus) => (bus[place] == null ? '  -  ' : clockOf(bus[place])));
      return `${stop.padEnd(16)}${times.join('  ')}`;
    });
    return [name.toUpperCase(), ...lines].join('\n');
  });
  const text = `LINE 7   Harbour - Hospital   (valid from 1 March 2026, no buses on Sundays)\n\n${blocks.join('\n\n')}\n`;
  const file: MadeFile = { name: 'bus-line-7.txt', kind: 'timetable', text };
  return { stops, days, file };
}

export const TALK_TEMPLATES: readonly Template[] = [
  development('d92-photos-sent', ['chat'], ['count', 'filter', 'text'], (world) => {
    const { file, person, photos } = world.until(
      () => {
        const { people, rows, file } = chat(world);
        const person = world.pick(people);
        return { file, person, photos: rows.filter((row) => row.kind === 'photo' && row.person === person) };
      },
      (made) => made.photos.length > 1,
    );
    return {
      wordings: [
        `How many photos (jpg files) did ${person} send to the hiking group?`,
        `Count the .jpg pictures that ${person} attached in the group chat.`,
        `In the chat of the hiking group, how many pictures ending in .jpg came from ${person}?`,
      ],
      files: [file],
      answer: photos.length,
      form: { form: 'count' },
    };
  }),

  development('d93-late-writer', ['chat'], ['count', 'ranking', 'filter', 'text'], (world) => {
    const { file, hour, counts } = world.until(
      () => {
        const { rows, file } = chat(world);
        const hour = world.int(20, 22);
        const late = rows.filter(({ kind, minute }) => kind !== 'notice' && minute >= hour * 60);
        return { file, hour, counts: tally(late.map(({ person }) => person)) };
      },
      (made) => made.counts.length > 2 && isClear(made.counts),
    );
    return {
      wordings: [
        `Who sent the most messages to the hiking group at ${hour}:00 or later in the evening, all days together? Attached files are messages too; notices such as "pinned a message" are not.`,
        `Look at the chat from ${hour}:00 to midnight on every day: which person wrote most often? A sent file counts as a message, a notice like "changed the group description" does not.`,
        `Counting only chat messages with a time of ${hour}:00 or after, who has the most? Include sent files, leave out notices (someone pinned a message or changed the description).`,
      ],
      files: [file],
      answer: counts[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d94-most-to-dos', ['bullets'], ['count', 'ranking', 'text'], (world) => {
    const { file, counts } = world.until(
      () => {
        const { meetings, file } = minutes(world);
        const items = meetings.flatMap((meeting) => meeting.items);
        return { file, counts: tally(items.filter(({ kind }) => kind === 'To do').map(({ person }) => person)) };
      },
      (made) => isClear(made.counts),
    );
    return {
      wordings: [
        'Who was given the most to-dos in the committee minutes, all meetings together?',
        'Over all the meetings of the garden committee, which person has the largest number of to-dos?',
        'Count the to-dos of each person in the minutes. Who has more than anybody else?',
      ],
      files: [file],
      answer: counts[0]?.[0] as string,
      form: { form: 'name' },
    };
  }),

  development('d95-missed-no-meeting', ['bullets'], ['filter', 'missing', 'order', 'text'], (world) => {
    const { file, always } = world.until(
      () => {
        const { people, meetings, file } = minutes(world);
        return { file, always: people.filter((person) => meetings.every(({ present }) => present.includes(person))) };
      },
      (made) => made.always.length > 0 && made.always.length < 4,
    );
    return {
      wordings: [
        'Who was present at every meeting of the garden committee? List the names in alphabetical order.',
        'Name all the people who came to each one of the committee meetings, from A to Z.',
        'Which people missed none of the meetings in the minutes? Sort the names alphabetically.',
      ],
      files: [file],
      answer: always.sort(),
      form: { form: 'names', ordered: true },
    };
  }),

  development('d96-seen-at-both', ['diary'], ['distinct', 'filter', 'order', 'text'], (world) => {
    const { file, one, other, both } = world.until(
      () => {
        const { walks, file } = birdDiary(world);
        const [one, other] = world.sample(PLACES, 2) as [string, string];
        const seenAt = (place: string) =>
          walks.filter((walk) => walk.place === place).flatMap(({ seen }) => seen.map(({ bird }) => bird));
        const there = seenAt(other);
        return {
          file,
          one,
          other,
          both: mostFrequent([...new Set(seenAt(one))].filter((bird) => there.includes(bird))),
        };
      },
      (made) => made.both.length > 0 && made.both.length < 7,
    );
    return {
      wordings: [
        `Which kinds of birds were seen both at ${one} and at ${other}? List each once, in alphabetical order.`,
        `Name the birds that the diary has for ${one} as well as for ${other}, each kind once, from A to Z.`,
        `List alphabetically, without repeating any, the kinds of birds noted at ${one} that were also noted at ${other}.`,
      ],
      files: [file],
      answer: both,
      form: { form: 'names', ordered: true },
    };
  }),

  development('d97-minutes-watching', ['diary'], ['sum', 'filter', 'date', 'text'], (world) => {
    const { file, place, its } = world.until(
      () => {
        const { walks, file } = birdDiary(world);
        const place = world.pick(PLACES);
        return { file, place, its: walks.filter((walk) => walk.place === place) };
      },
      (made) => made.its.length > 1,
    );
    return {
      wordings: [
        `How many minutes were spent watching birds at ${place} in total?`,
        `Add up how long each visit to ${place} in the bird diary lasted. How many minutes is that?`,
        `By the times in the diary, for how many minutes altogether was the bird watcher at ${place}?`,
      ],
      files: [file],
      answer: sumOf(its, ({ from, to }) => to - from),
      form: { form: 'count' },
    };
  }),

  development('d98-next-bus', ['timetable'], ['order', 'filter', 'text'], (world) => {
    const { file, name, stop, time, next } = world.until(
      () => {
        const { stops, days, file } = timetable(world);
        const name = world.pick(['Monday to Friday', 'Saturday'] as const);
        const place = world.int(0, stops.length - 2);
        const time = world.int(420, 1020);
        const leaves = days[name].flatMap((bus) => bus[place] ?? []);
        const next = leaves.includes(time) ? undefined : leaves.find((at) => at > time);
        return { file, name, stop: stops[place] as string, time, next };
      },
      (made) => made.next !== undefined,
    );
    const day = name === 'Saturday' ? name : world.pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']);
    return {
      wordings: [
        `It is ${day}, ${clockOf(time)}, and I am at the stop ${stop}. At what time does the next bus of line 7 leave from here? Answer as HH:MM.`,
        `On a ${day}, when is the first line 7 bus from ${stop} after ${clockOf(time)} (HH:MM)?`,
        `I get to the stop ${stop} at ${clockOf(time)} on a ${day}. Which bus of line 7 is the next that I can take? Give its time there as HH:MM.`,
      ],
      files: [file],
      answer: clockOf(next as number),
      form: { form: 'name' },
    };
  }),

  development('d99-fastest-bus', ['timetable'], ['ranking', 'missing', 'filter', 'text'], (world) => {
    const { file, name, from, to, rides } = world.until(
      () => {
        const { stops, days, file } = timetable(world);
        const name = world.pick(['Monday to Friday', 'Saturday'] as const);
        const [first, last] = world.sample([...stops.keys()], 2).sort((a, b) => a - b) as [number, number];
        const rides = days[name].flatMap((bus) => {
          const [leaves, arrives] = [bus[first], bus[last]];
          return leaves == null || arrives == null ? [] : [arrives - leaves];
        });
        return { file, name, from: stops[first] as string, to: stops[last] as string, apart: last - first, rides };
      },
      (made) => made.apart > 1 && made.rides.length > 2,
    );
    const when = name === 'Saturday' ? 'on Saturdays' : 'from Monday to Friday';
    return {
      wordings: [
        `How many minutes does the fastest bus take from ${from} to ${to} ${when}?`,
        `Of the line 7 buses that run ${when} and stop at both ${from} and ${to}, what is the shortest time between the two, in minutes?`,
        `What is the shortest ride in minutes from ${from} to ${to} with line 7 ${when}?`,
      ],
      files: [file],
      answer: Math.min(...rides),
      form: { form: 'count' },
    };
  }),
];
