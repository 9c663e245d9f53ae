/**
 * Working copy: small chores in a folder of files, with acts on files and a shell.
 *
 * @module
 */
import { type Act, type Files, type WorkingCopyState, workingCopy } from '../../environment/index.ts';
import { type Random, seededRandom } from '../../record/index.ts';
import { sameState } from '../assertions/state.ts';
import { type TaskSet, withFolds } from '../task-set.ts';
import { worldTask } from './world-task.ts';

const TASKS_A_KIND = 8;
const GUESSES = 12;
const WORDS = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'flint',
  'grove',
  'heron',
  'ivory',
  'jade',
  'kelp',
  'larch',
];

const wordBy = (random: Random) => WORDS[random.below(WORDS.length)] as string;

/** A chore: the files it begins with, what is asked, what the files are afterwards. */
interface Chore {
  files: Files;
  text: string;
  expected: Files;
}

const CHORES: { readonly [kind: string]: (random: Random) => Chore } = {
  clean(random) {
    const kept = filesOf(random, 3, (name) => [`notes/${name}.txt`, `About ${name}.\n`]);
    const gone = filesOf(random, 3, (name, at) => [at === 0 ? `${name}.tmp` : `notes/${name}.tmp`, 'left over\n']);
    return {
      files: { ...kept, ...gone, 'notes/tmp.txt': 'This one stays.\n' },
      text: 'Delete every file whose name ends in .tmp, in all folders. Leave the rest as it is.',
      expected: { ...kept, 'notes/tmp.txt': 'This one stays.\n' },
    };
  },
  move(random) {
    const drafts = filesOf(random, 4, (name) => [`drafts/${name}.md`, `# ${name}\n`]);
    const others = filesOf(random, 2, (name) => [`drafts/${name}.txt`, `${name}\n`]);
    const moved = Object.entries(drafts).map(([path, content]) => [path.replace('drafts/', 'done/'), content]);
    return {
      files: { ...drafts, ...others },
      text: 'Move every .md file from the folder drafts to the folder done, under the same name. Leave the other files there.',
      expected: { ...others, ...Object.fromEntries(moved) },
    };
  },
  replace(random) {
    const [from, to] = [8_000 + random.below(500), 9_000 + random.below(500)];
    const configs = (port: number): Files => ({
      'config/web.ini': `host = localhost\nport = ${port}\n`,
      'config/admin.ini': `# port of the panel\nport = ${port}\ntheme = ${word}\n`,
      'config/cache.ini': `port = ${from + 700}\nsize = ${from}\n`,
    });
    const word = wordBy(random);
    return {
      files: { ...configs(from), 'README.md': `The port is ${from}.\n` },
      text: `In the .ini files of the folder config, set each \`port\` that is ${from} to ${to}. Change nothing else.`,
      expected: {
        ...configs(to),
        'config/cache.ini': `port = ${from + 700}\nsize = ${from}\n`,
        'README.md': `The port is ${from}.\n`,
      },
    };
  },
  total(random) {
    let total = 0;
    const rows = () =>
      Array.from({ length: 4 }, () => {
        const amount = 5 + random.below(90);
        total += amount;
        return `${wordBy(random)},${amount}\n`;
      });
    const sales = filesOf(random, 3, (name) => [`sales/${name}.csv`, `item,amount\n${rows().join('')}`]);
    const files = { ...sales, 'old/2019.csv': 'item,amount\nlamp,77\n' };
    return {
      files,
      text: 'Add up the column amount over all files in the folder sales, and write the sum, and nothing else, to total.txt.',
      expected: { ...files, 'total.txt': `${total}\n` },
    };
  },
};

/** Files with different names. */
function filesOf(random: Random, count: number, file: (name: string, at: number) => [string, string]): Files {
  const names = new Set<string>();
  while (names.size < count) names.add(`${wordBy(random)}-${random.below(100)}`);
  return Object.fromEntries([...names].map(file));
}

/** The set. It needs no data: its files come from seeds. The acts on files do all of it; the shell is quicker. */
export async function workingCopyChores(): Promise<TaskSet> {
  const tasks = Object.keys(CHORES).flatMap((kind) =>
    Array.from({ length: TASKS_A_KIND }, (_, at) => taskOf(kind, at + 1)),
  );
  return {
    name: 'working-copy',
    version: 1,
    about: 'Chores in a folder: delete, move, replace and add up, with acts on files and a shell.',
    rule: 'The files are what the chore leaves, to the byte but for line ends at the end of a file, and nothing else changed.',
    source: 'Made here, from seeds.',
    tasks: withFolds(await Promise.all(tasks)),
  };
}

function taskOf(kind: string, seed: number) {
  const { files, text, expected } = (CHORES[kind] as (random: Random) => Chore)(seededRandom(seed));
  return worldTask<WorkingCopyState>({
    id: `${kind}/${seed}`,
    kind,
    difficulty: 1,
    text: () => text,
    make: () => workingCopy({ tasks: { [kind]: files } }),
    task: kind,
    seed,
    judge: ({ files: after }) => sameState({ before: plain(files), after: plain(after), expected: plain(expected) }),
    solve: () => actsFor(files, expected),
    guesses: GUESSES,
  });
}

/** A line's end at the end of a file is nobody's business. */
const plain = (files: Files) =>
  Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? content.trimEnd() : content]),
  );

/** Acts on files that make the ones out of the others. */
function actsFor(files: Files, expected: Files): Act[] {
  const gone = Object.keys(files).filter((path) => !Object.hasOwn(expected, path));
  const made = Object.entries(expected).filter(([path, content]) => files[path] !== content);
  return [
    ...made.map(([path, text]): Act => ({ name: 'writeFile', args: { path, text: text as string } })),
    ...gone.map((path): Act => ({ name: 'deleteFile', args: { path } })),
  ];
}
