/**
 * The browser of the benchmark: pages of text, five lines at a time, with a history.
 *
 * It behaves as the original does, oddities included: any known address can be clicked, whatever page is shown; the number
 * of pages counts one too many for multiples of five; and the team page links `/team/customer_support`, which does not
 * exist (the page is `/team/customer-support`).
 *
 * @module
 */

export interface WebPage {
  name: string;
  content: string;
}

/** Where a browser stands: what a click or a scroll changes, and what undoing it puts back. */
export interface BrowserState {
  page: string;
  scroll: number;
  history: readonly string[];
}

export interface Browser {
  clickUrl(url: string): string;
  previousPage(): string;
  scrollDown(): string;
  scrollUp(): string;
  view(): string;
  state(): BrowserState;
  restore(state: BrowserState): void;
}

const LINES_PER_VIEW = 5;

/** Opens a browser on the page `/`. */
export function openBrowser(pages: readonly WebPage[]): Browser {
  const contents = new Map(pages.map(({ name, content }) => [name, content.split('\n')]));
  let state: BrowserState = { page: '/', scroll: 0, history: [] };
  const lines = () => contents.get(state.page) ?? [];

  function view(): string {
    const total = lines().length;
    const long = total > LINES_PER_VIEW;
    const page = long ? Math.floor(state.scroll / LINES_PER_VIEW) + 1 : 1;
    const pagesInAll = long ? Math.floor(total / LINES_PER_VIEW) + 1 : 1;
    const shown = lines()
      .slice(state.scroll, state.scroll + LINES_PER_VIEW)
      .join('\n');
    const head = `[Web Page Name: ${state.page}]\n[Viewing page ${page} of ${pagesInAll}]\n`;
    return `----------\n${head}\n${shown}\n----------`;
  }
  function opened(next: BrowserState): string {
    state = next;
    return `[Opened page: ${state.page}]\n${view()}`;
  }

  return {
    clickUrl(url) {
      const page = url.replaceAll("'", '');
      if (!contents.has(page)) return '[URL not found.]';
      return opened({ page, scroll: 0, history: [...state.history, state.page] });
    },
    previousPage() {
      const page = state.history.at(-1);
      if (page === undefined) return '[No previous page.]';
      return opened({ page, scroll: 0, history: state.history.slice(0, -1) });
    },
    scrollDown() {
      if (state.scroll + LINES_PER_VIEW >= lines().length) return '[Reached the bottom of the page.]\n';
      state = { ...state, scroll: state.scroll + LINES_PER_VIEW };
      return view();
    },
    scrollUp() {
      if (state.scroll === 0) return '[Reached the top of the page.]\n';
      state = { ...state, scroll: state.scroll - LINES_PER_VIEW };
      return view();
    },
    view,
    state: () => state,
    restore(earlier) {
      state = earlier;
    },
  };
}
