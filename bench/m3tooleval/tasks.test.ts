import { describe, expect, it } from 'vitest';
import { dataFolder, hasData } from '../data-folder.ts';
import { openBrowser } from './browser.ts';
import { calculate } from './calculator.ts';
import { playOracle } from './oracle.ts';
import { isRight } from './score.ts';
import { answerSchema, definitionsOf, loadM3 } from './tasks.ts';

describe.skipIf(!hasData('m3tooleval'))('the tasks', () => {
  const data = hasData('m3tooleval') ? loadM3(dataFolder('m3tooleval')) : { tasks: [], pages: [] };

  it('are 9 of trade_calculator and 17 of web_browsing', () => {
    const counted = Object.groupBy(data.tasks, ({ family }) => family);
    expect(counted.trade_calculator).toHaveLength(9);
    expect(counted.web_browsing).toHaveLength(17);
  });

  it.each(data.tasks.map((task) => [task.name, task] as const))('%s is solved by its script', (_name, task) => {
    const answer = playOracle(task, definitionsOf(task, data));
    expect({ answer, right: isRight(answer, task.expected) }).toEqual({ answer, right: true });
    expect(answerSchema(task).safeParse(answer).success).toBe(true);
  });

  it('have a browser of their own each', () => {
    const [task] = data.tasks.filter(({ family }) => family === 'web_browsing');
    if (task === undefined) throw new Error('No task.');
    const first = definitionsOf(task, data);
    first.click_url?.run({ url: '/team' } as never, { call: '1' });
    expect(definitionsOf(task, data).view?.run({} as never, { call: '2' })).toContain('[Web Page Name: /]');
  });

  it('put the browser back when a move is undone', () => {
    const task = data.tasks.find(({ family }) => family === 'web_browsing');
    if (task === undefined) throw new Error('No task.');
    const tools = definitionsOf(task, data);
    const view = () => tools.view?.run({} as never, { call: 'v' });
    tools.click_url?.run({ url: '/team/sales' } as never, { call: '1' });
    const before = view();
    tools.scroll_down?.run({} as never, { call: '2' });
    tools.click_url?.run({ url: '/' } as never, { call: '3' });
    tools.click_url?.undo?.({} as never, '' as never, { call: '3' });
    tools.scroll_down?.undo?.({} as never, '' as never, { call: '2' });
    expect(view()).toBe(before);
  });
});

it.each([
  ['2 + (3 * 4)', 14],
  ['-2 ** 2', -4],
  ['7 // 2 + 7 % 4', 6],
  ['(68.71 + 105.52 + 90.15) * 0.9', 237.942],
  ['round(10 / 3, 2)', 3.33],
  ['max(1, 2.5, 2)', 2.5],
  ['sum([1, 2, 3])', 6],
  ['1e3 / 4', 250],
])('calculates %s', (expression, value) => {
  expect(calculate(expression)).toBeCloseTo(value, 9);
});

it.each(['', '2 +', '(1', '1 / 0', 'x + 1', '__import__("os")', '1 2', '10%', 'constructor(1)'])(
  'refuses to calculate %j',
  (expression) => {
    expect(() => calculate(expression)).toThrow('Failed to evaluate expression');
  },
);

it('shows five lines at a time, and remembers where it was', () => {
  const browser = openBrowser([
    { name: '/', content: 'a\nb\nc\nd\ne\nf' },
    { name: '/next', content: 'one' },
  ]);
  expect(browser.view()).toBe('----------\n[Web Page Name: /]\n[Viewing page 1 of 2]\n\na\nb\nc\nd\ne\n----------');
  expect(browser.scrollDown()).toContain('\n\nf\n');
  expect(browser.scrollDown()).toBe('[Reached the bottom of the page.]\n');
  expect(browser.scrollUp()).toContain('\n\na\n');
  expect(browser.scrollUp()).toBe('[Reached the top of the page.]\n');
  expect(browser.previousPage()).toBe('[No previous page.]');
  expect(browser.clickUrl('/nowhere')).toBe('[URL not found.]');
  expect(browser.clickUrl("'/next'")).toContain('[Opened page: /next]');
  expect(browser.previousPage()).toContain('[Web Page Name: /]');
});
