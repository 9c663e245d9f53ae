import { expect, it } from 'vitest';
import type { Tool } from '../../../action/index.ts';
import { playerOf } from '../play.ts';
import { openBrowser } from './browser.ts';
import { browserTools } from './browser-tools.ts';

const PAGES = [
  { name: '/', content: 'a\nb\nc\nd\ne\nf' },
  { name: '/next', content: 'one' },
];

it('shows five lines at a time, and remembers where it was', () => {
  const browser = openBrowser(PAGES);
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

it('is one of its own for each set of tools', async () => {
  await playerOf(browserTools(PAGES))('click_url', { url: '/next' });
  expect(await playerOf(browserTools(PAGES))('view')).toContain('[Web Page Name: /]');
});

it('is put back when a move is undone', async () => {
  const tools = browserTools(PAGES) as { [name: string]: Tool };
  const context = (call: string) => ({ call }) as never;
  const view = () => playerOf(tools)('view');
  tools.scroll_down?.run({}, context('1'));
  const before = await view();
  tools.click_url?.run({ url: '/next' }, context('2'));
  tools.go_to_previous_page?.run({}, context('3'));
  tools.go_to_previous_page?.undo?.({}, '', context('3'));
  tools.click_url?.undo?.({}, '', context('2'));
  expect(await view()).toBe(before);
});
