import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ArticleStore } from '../store/article-store.ts';
import type { Bodies } from '../http/bodies.ts';
import { showHow } from '../http/http-headers.ts';
import type { LastTimes } from '../pages/last-times.ts';
import { readSource } from '../http/params.ts';
import { readQuery } from '../queries/index.ts';
import { journals } from '../queries/journals.ts';
import { nearby } from '../queries/nearby.ts';
import type { QueryString } from '../queries/query-string.ts';
import type { Query, QueryKind } from '../queries/query.ts';
import { scan } from '../queries/scan.ts';
import type { Operation } from './operation.ts';
import { city, journal, listedArticle } from './rows.ts';
import { passed } from './passed.ts';
import { sendJson } from './send-json.ts';

export interface ListsOptions {
  readonly store: ArticleStore;
  readonly bodies: Bodies;
  readonly lastTimes: LastTimes;
  /** Counts what a client asks of what costs. */
  readonly limited: RequestHandler;
}

const ARTICLES = '/api/articles';
const JOURNALS = '/api/journals';
const CITIES_NEAR = '/api/cities/near';

/** Lists that have an address of their own. All others are lists of articles. */
const ADDRESSES = new Map<QueryKind, string>([
  [journals, JOURNALS],
  [nearby, CITIES_NEAR],
]);

const SOURCE = {
  source: {
    label:
      'Where the rows are to come from. Redis is asked unless told otherwise; MySQL is counted as costly.',
    options: ['cache', 'mysql'],
    default: 'cache',
  },
};

const HOW = 'How they were come by is in Cache-Status (RFC 9211) and Server-Timing.';

/** The queries of the pages for programs: the rows as a JSON array, in the very bytes that Redis keeps. */
export function listOperations({ store, bodies, lastTimes, limited }: ListsOptions): Operation[] {
  const answer =
    (path: string, read: (given: QueryString) => Query): RequestHandler =>
    async (request, response) => {
      const given = request.query;
      const query = read(given);
      const source = readSource(given);
      const address = ADDRESSES.get(query.kind) ?? ARTICLES;
      if (address !== path) {
        response.redirect(308, addressOf(address, query, source));
        return;
      }
      if (source === 'mysql') await passed(limited, request, response);
      const result = await store.ask(source, query);
      lastTimes.record(query, result);
      showHow(response, result);
      await sendJson(request, response, bodies.of(query.address, result.json));
    };
  const list = { method: 'get', choices: SOURCE } as const;
  const problems = ['bad-parameter', 'too-many-requests', 'engine-away'] as const;

  return [
    {
      ...list,
      path: ARTICLES,
      id: 'listArticles',
      summary: 'Articles by a text or by words in their sentence',
      description: `scan reads every row (LIKE), words asks a full-text index. ${HOW}`,
      fields: scan.fields,
      choices: {
        query: { label: 'How to search', options: ['scan', 'words'], default: 'scan' },
        ...SOURCE,
      },
      answer: formOf('ArticleList', listedArticle, 'The articles: by id, or by how well their words match.'),
      redirects: 'The other queries of the pages, journals and nearby, have an address of their own.',
      problems,
      handlers: [answer(ARTICLES, readQuery)],
    },
    {
      ...list,
      path: JOURNALS,
      id: 'listJournals',
      summary: 'The journals with the most articles',
      description: HOW,
      fields: journals.fields,
      answer: formOf('JournalList', journal, 'The journals, the one with the most articles first.'),
      problems,
      handlers: [answer(JOURNALS, journals.read)],
    },
    {
      ...list,
      path: CITIES_NEAR,
      id: 'listCitiesNear',
      summary: 'The cities around a point',
      description: HOW,
      fields: nearby.fields,
      answer: formOf('CityList', city, 'The cities, the nearest first.'),
      problems,
      handlers: [answer(CITIES_NEAR, nearby.read)],
    },
  ];
}

/** The pages know every query by one name, and link to it here: where it has an address of its own, that is the one to keep. */
function addressOf(path: string, query: Query, source: string): string {
  const parameters = new URLSearchParams(query.address);
  parameters.delete('query');
  parameters.set('source', source);
  return `${path}?${parameters.toString()}`;
}

function formOf(name: string, row: z.ZodType, description: string): Operation['answer'] {
  return { name, schema: z.array(row), description, hasEtag: true };
}
