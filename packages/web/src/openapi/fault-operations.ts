import { z } from 'zod';
import type { Description } from '../api/operation.ts';
import { FAULTS } from '../faults/all-faults.ts';
import { DEFAULT_SECONDS, MOST_SECONDS } from '../faults/faults.ts';

const names = FAULTS.map(({ name }) => name);

const state = z
  .strictObject({
    available: z.boolean(),
    why: z.string().optional().describe('Why nothing can be broken here.'),
    state: z.enum(['well', 'unavailable', ...names]),
    phase: z.enum(['beginning', 'on', 'mending']).optional(),
    headline: z.string(),
    detail: z.string(),
    secondsLeft: z.int().min(0).optional().describe('Until it is mended by itself.'),
    faults: z.array(z.strictObject({ name: z.enum(names), title: z.string(), effect: z.string() })),
  })
  .meta({ description: 'How Redis is, and how it can be broken.' });

const order = z.strictObject({
  seconds: z
    .int()
    .min(1)
    .max(MOST_SECONDS)
    .default(DEFAULT_SECONDS)
    .describe('Until it is mended by itself.'),
  key: z
    .string()
    .max(1_000)
    .optional()
    .describe('For expire: a key in Redis. Default: the one asked for most.'),
});

const answer = { name: 'FaultsState', schema: state, description: 'How Redis is now.' };

/** What `faultRoutes` has under `/api`, for the document. */
export const faultOperations: readonly Description[] = [
  {
    method: 'get',
    path: '/api/faults',
    id: 'getFaults',
    summary: 'How Redis is, and how it can be broken',
    answer,
    problems: [],
  },
  {
    method: 'delete',
    path: '/api/faults',
    id: 'mend',
    summary: 'Mend Redis',
    answer,
    problems: ['cross-site', 'conflict'],
  },
  {
    method: 'post',
    path: '/api/faults/:fault',
    id: 'breakRedis',
    summary: 'Break Redis for a while',
    pathChoices: { fault: { label: 'How', options: names, default: 'stop' } },
    body: { name: 'FaultOrder', schema: order, types: ['application/json'] },
    answer,
    problems: ['bad-parameter', 'unreadable', 'cross-site', 'not-found', 'conflict', 'too-large'],
  },
];
