import { Eta } from 'eta';
import type { ComparisonView } from '../compare/comparison-view.ts';
import type { DashboardPage } from '../dashboard/page.ts';
import type { BreakPage } from '../faults/break-page.ts';
import { VIEWS } from '../folders.ts';
import type { PlanView } from '../store/plan.ts';
import { QUERY_KINDS, readQuery } from '../queries/index.ts';
import type { Query, Row } from '../queries/query.ts';
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
  compare: {
    readonly title: string;
    readonly query: Query;
    readonly runs: number | undefined;
    readonly allRuns: readonly number[];
    /** Undefined before anything was compared. */
    readonly result: ComparisonView | undefined;
  };
  break: BreakPage;
  dashboard: DashboardPage;
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
  /** A comparison, by itself. */
  comparison(view: ComparisonView): string;
  /** The table of a query's rows, by itself. */
  table(query: Query, rows: readonly Row[]): string;
}

/** The scripts of a page, of those in `client/`. Each page can do without. */
const SCRIPTS: Partial<Record<keyof Pages, readonly string[]>> = {
  result: ['page'],
  compare: ['compare'],
  break: ['break'],
  dashboard: ['dashboard'],
};

/** Stands in a result page where its rows go. Whatever else is printed is escaped, and can't look like it. */
const ROWS_GO_HERE = '<!--rows-->';

/**
 * The pages. `storeName` is asked for each page, since whose code answers may change. Everything a template prints with `<%= %>` is escaped; `<%~ %>` stands only
 * before the body of the layout and the place of the rows.
 */
export function createViews(storeName: () => string | undefined = () => undefined): Views {
  const eta = new Eta({ views: VIEWS, cache: true });
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
        scripts: SCRIPTS,
      }),
    comparison: (view) => eta.render('./comparison', view),
    table: ({ kind, values }, rows) => eta.render('./rows', { kind, values, rows }),
  };
}

/** The address of a page for the same query, such as `/query_cache?query=scan&term=delta&limit=500`. */
export function addressOf(path: string, { address }: Query): string {
  return `${path}?${address}`;
}

/** A result page in pieces. One is the table of its rows, which is most of it: its bytes go out as they are, not copied together. */
export function withRows(page: string, table: () => Buffer): Buffer[] {
  const at = page.indexOf(ROWS_GO_HERE);
  if (at === -1) return [Buffer.from(page)];
  return [Buffer.from(page.slice(0, at)), table(), Buffer.from(page.slice(at + ROWS_GO_HERE.length))];
}
