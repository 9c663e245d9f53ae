/**
 * A small web site as text, seen through a browser that shows five lines at a time and remembers where it was: the web of
 * M3ToolEval (CodeAct, arXiv 2402.01030).
 *
 * It behaves as the original does, oddities included: any known address can be clicked, whatever page is shown; the number
 * of pages counts one too many for multiples of five; and an address that is not there is told, not refused.
 *
 * @module
 */
import { OptionError } from '../../record/index.ts';
import type { Act, ActKind, SnapshotEnvironment } from '../environment.ts';
import { ruledWorld } from '../ruled-world.ts';

export interface WebPage {
  /** Its address: `/team`. */
  name: string;
  /** Its text. A link is written `[Clickable '/team']`. */
  content: string;
}

/** Where the browser stands: the state of the world, and its snapshots. */
export interface WebSiteState {
  page: string;
  /** Lines above those that are shown. */
  scroll: number;
  /** Addresses that can be gone back to, the last one last. */
  history: readonly string[];
}

const LINES_PER_VIEW = 5;
const HOME = '/';
const TEXT = { type: 'string' };
const NOTHING = { type: 'object', properties: {}, required: [] };

const move = (description: string): ActKind => ({
  description: `${description} Returns the rendered content of the webpage.`,
  input: NOTHING,
  output: TEXT,
  effect: 'reversible',
});
const ACTS: { readonly [name: string]: ActKind } = {
  click_url: {
    ...move("Clicks on a URL. A clickable URL looks like [Clickable '<url>'] in the webpage."),
    input: { type: 'object', properties: { url: TEXT }, required: ['url'] },
    looks: { at: 'url' },
  },
  go_to_previous_page: move('Goes back to the previous page.'),
  scroll_down: { ...move('Scrolls down the view.'), looks: 'on' },
  scroll_up: move('Scrolls up the view.'),
  view: {
    description: 'Returns the current view of the rendered webpage. Call it to see the current webpage.',
    input: NOTHING,
    output: TEXT,
    effect: 'read',
    looks: 'here',
  },
};

/**
 * A browser on the page `/` of a site. It has one task, `browse`.
 *
 * @throws {OptionError} there is no page `/`.
 * @example
 * ```ts
 * import { webSite } from 'poact/environment';
 *
 * const site = webSite([{ name: '/', content: "Welcome\n- Team [Clickable '/team']" }, { name: '/team', content: 'Ada' }]);
 * await site.reset({ task: 'browse', seed: 1 });
 * await site.act({ name: 'click_url', args: { url: '/team' } });
 * ```
 */
export function webSite(pages: readonly WebPage[]): SnapshotEnvironment {
  const contents = new Map(pages.map(({ name, content }) => [name, content.split('\n')]));
  if (!contents.has(HOME)) throw new OptionError('pages', `there is no page "${HOME}".`);
  const linesOf = ({ page }: WebSiteState) => contents.get(page) ?? [];
  const shown = (state: WebSiteState) =>
    linesOf(state)
      .slice(state.scroll, state.scroll + LINES_PER_VIEW)
      .join('\n');

  function view(state: WebSiteState): string {
    const total = linesOf(state).length;
    const long = total > LINES_PER_VIEW;
    const page = long ? Math.floor(state.scroll / LINES_PER_VIEW) + 1 : 1;
    const pagesInAll = long ? Math.floor(total / LINES_PER_VIEW) + 1 : 1;
    const head = `[Web Page Name: ${state.page}]\n[Viewing page ${page} of ${pagesInAll}]\n`;
    return `----------\n${head}\n${shown(state)}\n----------`;
  }
  const opened = (state: WebSiteState) => ({ state, observation: `[Opened page: ${state.page}]\n${view(state)}` });
  const scrolled = (state: WebSiteState, by: number) => {
    const next = { ...state, scroll: state.scroll + by };
    return { state: next, observation: view(next) };
  };

  return ruledWorld<WebSiteState>({
    name: 'web site',
    acts: ACTS,
    begin({ task }) {
      if (task !== 'browse') throw new OptionError('task', `there is no task "${task}". There is: browse.`);
      return { page: HOME, scroll: 0, history: [] };
    },
    look: view,
    step(state, { name, args }) {
      const { page, scroll, history } = state;
      const told = (observation: string) => ({ state, observation });
      switch (name) {
        case 'click_url': {
          const url = String(args.url).replaceAll("'", '');
          if (!contents.has(url)) return told('[URL not found.]');
          return opened({ page: url, scroll: 0, history: [...history, page] });
        }
        case 'go_to_previous_page': {
          const before = history.at(-1);
          if (before === undefined) return told('[No previous page.]');
          return opened({ page: before, scroll: 0, history: history.slice(0, -1) });
        }
        case 'scroll_down':
          if (scroll + LINES_PER_VIEW >= linesOf(state).length) return told('[Reached the bottom of the page.]\n');
          return scrolled(state, LINES_PER_VIEW);
        case 'scroll_up':
          return scroll === 0 ? told('[Reached the top of the page.]\n') : scrolled(state, -LINES_PER_VIEW);
        default:
          return told(view(state));
      }
    },
    legal(state) {
      const links = [...shown(state).matchAll(/\[Clickable '([^']+)'\]/g)].flatMap(([, url = '']) => url);
      return [
        ...[...new Set(links)]
          .filter((url) => contents.has(url))
          .map((url): Act => ({ name: 'click_url', args: { url } })),
        ...(state.scroll + LINES_PER_VIEW < linesOf(state).length ? [{ name: 'scroll_down', args: {} }] : []),
        ...(state.scroll > 0 ? [{ name: 'scroll_up', args: {} }] : []),
        ...(state.history.length > 0 ? [{ name: 'go_to_previous_page', args: {} }] : []),
      ];
    },
  });
}
