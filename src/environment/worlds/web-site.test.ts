import { expect, it } from 'vitest';
import { environmentPromises } from '../../testing/index.ts';
import { webSite } from './web-site.ts';

const PAGES = [
  { name: '/', content: "a\nb\nc [Clickable '/next'] [Clickable '/gone']\nd\ne\nf" },
  { name: '/next', content: 'one' },
];

it.each(environmentPromises(() => webSite(PAGES), { task: 'browse' }))('$title', ({ run }) => run());

it('shows five lines at a time, and remembers where it was', async () => {
  const site = webSite(PAGES);
  const { observation } = await site.reset({ task: 'browse', seed: 1 });
  const act = async (name: string, args = {}) => (await site.act({ name, args })).observation;
  expect(observation).toBe(
    "----------\n[Web Page Name: /]\n[Viewing page 1 of 2]\n\na\nb\nc [Clickable '/next'] [Clickable '/gone']\nd\ne\n----------",
  );
  expect(await act('view')).toBe(observation);
  expect(await act('scroll_down')).toContain('\n\nf\n');
  expect(await act('scroll_down')).toBe('[Reached the bottom of the page.]\n');
  expect(await act('scroll_up')).toContain('\n\na\n');
  expect(await act('scroll_up')).toBe('[Reached the top of the page.]\n');
  expect(await act('go_to_previous_page')).toBe('[No previous page.]');
  expect(await act('click_url', { url: '/nowhere' })).toBe('[URL not found.]');
  expect(await act('click_url', { url: "'/next'" })).toContain('[Opened page: /next]');
  expect(await act('go_to_previous_page')).toContain('[Web Page Name: /]');
});

it('lists what can be done, and no link that leads nowhere', async () => {
  const site = webSite(PAGES);
  await site.reset({ task: 'browse', seed: 1 });
  expect(await site.legal?.()).toEqual([
    { name: 'click_url', args: { url: '/next' } },
    { name: 'scroll_down', args: {} },
  ]);
});

it('needs a first page, and knows its task', async () => {
  expect(() => webSite([{ name: '/next', content: '' }])).toThrow('there is no page "/"');
  await expect(webSite(PAGES).reset({ task: 'buy', seed: 1 })).rejects.toThrow('There is: browse.');
});
