import type { Request, RequestHandler, Response } from 'express';
import { json } from 'express';
import { z } from 'zod';
import type { ArticleStore } from '../store/article-store.ts';
import { Body, type Bodies } from '../http/bodies.ts';
import { BadParameterError, ProblemError } from '../errors.ts';
import { showHow } from '../http/http-headers.ts';
import { readFields, type Fields } from '../queries/field.ts';
import { sameOriginOnly } from '../http/security.ts';
import { isMatch } from './conditions.ts';
import { notByThisStore } from './not-by-this-store.ts';
import type { Operation } from './operation.ts';
import { article } from './rows.ts';
import { sendJson } from './send-json.ts';

export interface ArticlesOptions {
  readonly store: ArticleStore;
  readonly bodies: Bodies;
  readonly limited: RequestHandler;
}

const ID = {
  id: { type: 'whole', label: 'The number of the article', least: 1, most: 999_999_999, default: 1 },
} as const satisfies Fields;

/** JSON merge patch (RFC 7396); plain JSON means the same here. */
const PATCH_TYPES = ['application/merge-patch+json', 'application/json'];
const MOST_BYTES = '16kb';
const MOST_TITLE = 500;

/** Half of a character, which has no form in UTF-8. */
const LONE_SURROGATE = /\p{Cs}/u;

const articlePatch = z.strictObject({
  Title: z
    .string()
    .refine((title) => !LONE_SURROGATE.test(title) && isOneTo(MOST_TITLE, title))
    .meta({ minLength: 1, maxLength: MOST_TITLE }),
});

/** One article: read through the cache, and changed. */
export function articleOperations({ store, bodies, limited }: ArticlesOptions): Operation[] {
  const answer: Operation['answer'] = {
    name: 'Article',
    schema: article,
    description: 'The article.',
    hasEtag: true,
  };
  return [
    {
      method: 'get',
      path: '/api/articles/:id',
      id: 'getArticle',
      summary: 'One article',
      description:
        'Counted for the leaderboard. That there is no such article is cached too, for a sixth of the time.',
      pathFields: ID,
      answer,
      problems: ['bad-parameter', 'not-found', 'not-implemented', 'engine-away'],
      handlers: [
        async (request, response) => {
          const { id } = readFields(ID, request.params);
          const found = await (store.records ?? notByThisStore('articles by their number')).get(id);
          showHow(response, { source: 'cache', answer: found.answer });
          if (found.json === undefined) throw noSuchArticle(id);
          if (request.method === 'GET') store.reads?.record(id);
          await sendJson(request, response, bodies.of(`article ${id}`, found.json));
        },
      ],
    },
    {
      method: 'patch',
      path: '/api/articles/:id',
      id: 'changeArticle',
      summary: 'Change the title of an article',
      description:
        'A JSON merge patch (RFC 7396). With If-Match the article is changed only if it is still the one with that ETag. First MySQL commits, then the article and all lists are taken out of the cache: who reads from then on gets the new title.',
      pathFields: ID,
      body: { name: 'ArticlePatch', schema: articlePatch, types: PATCH_TYPES },
      answer,
      problems: [
        'bad-parameter',
        'unreadable',
        'cross-site',
        'not-found',
        'changed',
        'too-large',
        'wrong-media-type',
        'too-many-requests',
        'not-implemented',
        'engine-away',
      ],
      handlers: [
        sameOriginOnly,
        limited,
        patchTypesOnly,
        json({ type: PATCH_TYPES, limit: MOST_BYTES }),
        change,
      ],
    },
  ];

  async function change(request: Request, response: Response): Promise<void> {
    const { id } = readFields(ID, request.params);
    const title = readTitle(request.body);
    const ifMatch = request.get('if-match');
    const records = store.records ?? notByThisStore('a change of an article');
    const changed = await records.changeTitle(id, title, (now) => isMatch(ifMatch, new Body(now)));
    switch (changed.outcome) {
      case 'absent':
        throw noSuchArticle(id);
      case 'stale':
        throw new ProblemError('changed', `Article ${id} is no longer the one that If-Match names.`);
      case 'changed':
        await sendJson(request, response, bodies.of(`article ${id}`, changed.json));
    }
  }
}

/** Throws `BadParameterError`. */
function readTitle(body: unknown): string {
  const { data, error } = articlePatch.safeParse(body);
  if (data !== undefined) return data.Title;
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw new BadParameterError('body', 'may have no member but Title');
  }
  if (issue?.path[0] === 'Title') {
    throw new BadParameterError('Title', `must be a text of 1 to ${MOST_TITLE} characters`);
  }
  throw new BadParameterError('body', 'must be a JSON object, such as {"Title": "A new title"}');
}

/** In front of the parser, which takes a body of another type for none. */
const patchTypesOnly: RequestHandler = (request, _response, next) => {
  if (typeof request.is(PATCH_TYPES) === 'string') {
    next();
    return;
  }
  const types = PATCH_TYPES.join(', ');
  const message = `The body must be one of ${types}.`;
  next(new ProblemError('wrong-media-type', message, { headers: { 'Accept-Patch': types } }));
};

function noSuchArticle(id: number): ProblemError {
  return new ProblemError('not-found', `There is no article ${id}.`);
}

/** Counted as a reader counts, and as JSON Schema does: an emoji is one. */
function isOneTo(most: number, text: string): boolean {
  const { length } = Array.from(text);
  return length >= 1 && length <= most;
}
