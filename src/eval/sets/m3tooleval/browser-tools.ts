/**
 * The browser as tools.
 *
 * Clicking, scrolling and going back change where the one browser of the task stands, so they are `reversible`, and `undo`
 * puts it back where it stood before that call. They are not `read`: two candidate programs that clicked in the same browser
 * would read each other's pages.
 *
 * @module
 */
import { type ToolRecord, tool } from '../../../action/index.ts';
import { objectOf, TEXT } from '../schemas.ts';
import { type BrowserState, openBrowser, type WebPage } from './browser.ts';
import { calculator } from './tools.ts';

/** The tools, with a browser of their own. */
export function browserTools(pages: readonly WebPage[]): ToolRecord {
  const browser = openBrowser(pages);
  const before = new Map<string, BrowserState>();
  const moved = (call: string, move: () => string) => {
    before.set(call, browser.state());
    return move();
  };
  const undo = (_args: unknown, _result: unknown, { call }: { call: string }) => {
    const state = before.get(call);
    if (state === undefined) throw new Error('This browser did not make that call.');
    browser.restore(state);
  };
  const moves = (description: string, move: () => string) =>
    tool({
      description: `${description} Returns the rendered content of the webpage.`,
      input: objectOf({}),
      output: TEXT,
      effect: 'reversible',
      run: (_args, { call }) => moved(call, move),
      undo,
    });
  return {
    click_url: tool({
      description:
        "Clicks on a URL. A clickable URL looks like [Clickable '<url>'] in the webpage. Returns the rendered content of the webpage.",
      input: objectOf({ url: TEXT }),
      output: TEXT,
      effect: 'reversible',
      run: ({ url }, { call }) => moved(call, () => browser.clickUrl(url)),
      undo,
    }),
    go_to_previous_page: moves('Goes back to the previous page.', browser.previousPage),
    scroll_down: moves('Scrolls down the view.', browser.scrollDown),
    scroll_up: moves('Scrolls up the view.', browser.scrollUp),
    view: tool({
      description: 'Returns the current view of the rendered webpage. Call it to see the current webpage.',
      input: objectOf({}),
      output: TEXT,
      effect: 'read',
      run: () => browser.view(),
    }),
    calculator,
  };
}
