import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { SearchRequest } from './article-store.ts';
import type { ResultView } from './result-view.ts';

/** What each template is given, by the template's name in `views/`. */
export interface Pages {
  home: {
    readonly title: string;
    readonly request: SearchRequest;
    readonly sql: string;
    /** What to tell about something just done, such as the deletion of the cache. */
    readonly notice: string | undefined;
  };
  result: ResultView & { readonly title: string };
  message: {
    readonly title: string;
    readonly heading: string;
    readonly text: string;
    readonly advice: string | undefined;
    readonly requestId: string;
    readonly request: SearchRequest;
  };
}

export interface Views {
  render<Name extends keyof Pages>(name: Name, page: Pages[Name]): string;
}

/**
 * The pages. `storeName` is asked for each page, since whose code answers may change. Everything a template prints with `<%= %>` is escaped; `<%~ %>` stands only
 * before the body of the layout.
 */
export function createViews(storeName: () => string | undefined = () => undefined): Views {
  const eta = new Eta({ views: fileURLToPath(new URL('../views', import.meta.url)), cache: true });
  return {
    render: (name, page) => eta.render(`./${name}`, { ...page, address: addressOf, storeName: storeName() }),
  };
}

/** The address of a page for the same search, such as `/query_cache?term=delta&limit=500`. */
export function addressOf(path: string, { term, limit }: SearchRequest): string {
  return `${path}?${new URLSearchParams({ term, limit: String(limit) }).toString()}`;
}
