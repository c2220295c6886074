import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import type { PlanView } from './plan.ts';
import { QUERY_KINDS, readQuery } from './queries/index.ts';
import type { Query, Row } from './queries/query.ts';
import type { ResultView } from './result-view.ts';

/** What each template is given, by the template's name in `views/`. */
export interface Pages {
  home: {
    readonly title: string;
    readonly query: Query;
    readonly sql: string;
    readonly plan: readonly PlanView[] | undefined;
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
  };
}

export interface Views {
  render<Name extends keyof Pages>(name: Name, page: Pages[Name]): string;
  /** The table of a query's rows, by itself. */
  table(query: Query, rows: readonly Row[]): string;
}

/** Stands in a result page where its rows go. Whatever else is printed is escaped, and can't look like it. */
const ROWS_GO_HERE = '<!--rows-->';

/**
 * The pages. `storeName` is asked for each page, since whose code answers may change. Everything a template prints with `<%= %>` is escaped; `<%~ %>` stands only
 * before the body of the layout and the place of the rows.
 */
export function createViews(storeName: () => string | undefined = () => undefined): Views {
  const eta = new Eta({ views: fileURLToPath(new URL('../views', import.meta.url)), cache: true });
  const anyQuery = readQuery({});
  return {
    render: (name, page) =>
      eta.render(`./${name}`, {
        query: anyQuery,
        ...page,
        name,
        kinds: QUERY_KINDS,
        address: addressOf,
        storeName: storeName(),
        rowsGoHere: ROWS_GO_HERE,
      }),
    table: ({ kind, values }, rows) => eta.render('./rows', { kind, values, rows }),
  };
}

/** The address of a page for the same query, such as `/query_cache?query=scan&term=delta&limit=500`. */
export function addressOf(path: string, { address }: Query): string {
  return `${path}?${address}`;
}

/** A result page with the table of its rows, whose bytes are put in as they are: most of a page is its rows. */
export function withRows(page: string, table: () => Buffer): Buffer {
  const at = page.indexOf(ROWS_GO_HERE);
  if (at === -1) return Buffer.from(page);
  return Buffer.concat([
    Buffer.from(page.slice(0, at)),
    table(),
    Buffer.from(page.slice(at + ROWS_GO_HERE.length)),
  ]);
}
