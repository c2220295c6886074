import { Validator } from '@seriousme/openapi-schema-validator';
import { ensureDataset } from '@workshop/dataset';
import { createTestDatabase } from '@workshop/engines/test-space';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Express } from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createApp, createDemoStore } from '../../src/index.ts';
import { CONFIG, startTappedDemo } from '../support.ts';
import { CASES, caseName } from './openapi-cases.ts';

interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, AnswerObject> }>>;
}
interface AnswerObject {
  readonly content?: Record<string, { readonly schema: { readonly $ref: string } }>;
}

const database = { mysqlUrl: '' };
let drop: (() => Promise<void>) | undefined;
let app: Express;
let document: Document;
const ajv = new Ajv2020({ strict: true, allErrors: true });
// OpenAPI's own words beside JSON Schema's are none that a value is checked by.
ajv.addVocabulary(['openapi', 'info', 'servers', 'security', 'paths', 'components', 'tags']);

beforeAll(async () => {
  const made = await createTestDatabase(inject('mysqlUrl'));
  drop = made.drop;
  database.mysqlUrl = made.url;
  await ensureDataset(made.url, { rows: 1_000 });
  const store = createDemoStore({ ...CONFIG, ...database, redisUrl: inject('redisUrl') });
  app = createApp({ store, logger: pino({ level: 'silent' }) });
  const server = app.listen(0, '127.0.0.1');
  const address = await new Promise<ReturnType<typeof server.address>>((resolve) => {
    server.once('listening', () => resolve(server.address()));
  });
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  document = (await (await fetch(`http://127.0.0.1:${port}/api/openapi.json`)).json()) as Document;
  ajv.addSchema(document, 'openapi');
  server.close();
  server.closeAllConnections();
  await store.close();
}, 60_000);
afterAll(() => drop?.());

describe('the document', () => {
  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate({ ...structuredClone(document) });
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route that the application has under /api, and no other', () => {
    const known = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(known.toSorted()).toEqual([...new Set(routesOf(app.router.stack))].toSorted());
  });

  it('has a case here for every answer it tells of', () => {
    const told = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter(isNotDefault)
          .map((status) => `${method} ${path} ${status}`),
      ),
    );
    expect([...new Set(CASES.map(caseName))].toSorted()).toEqual(told.toSorted());
  });
});

describe('the answer to', () => {
  it.each(CASES.map((each) => [caseName(each), each] as const))(
    '%s is as the document has it',
    async (_name, each) => {
      const response = await each.ask(database);
      expect(response.status).toBe(each.status);
      await check(each, response);
    },
  );
});

it('whatever else goes wrong is told by the default answer', async () => {
  const demo = await startTappedDemo(database);
  const unheardOf = { code: 1690, sqlState: '22003', message: 'out of range' };
  demo.mysqlTap.weather.fail(({ kind }) => kind === 'execute', unheardOf);
  const response = await demo.get('/api/articles/1');
  expect(response.status).toBe(500);
  await check({ method: 'get', path: '/api/articles/{id}', status: 'default' }, response);
});

async function check(
  { path, method, status }: { path: string; method: string; status: number | 'default' },
  response: Response,
): Promise<void> {
  const answer = document.paths[path]?.[method]?.responses[status];
  const text = await response.text();
  if (answer?.content === undefined) {
    // A redirect has words for whoever does not follow it.
    if (status !== 308) expect(text).toBe('');
    return;
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const reference = answer.content[type]?.schema.$ref;
  expect([type, reference]).toEqual([type, expect.any(String)]);
  const validate = ajv.getSchema(`openapi${reference}`);
  expect([reference, validate]).toEqual([reference, expect.any(Function)]);
  const isValid = await validate?.(JSON.parse(text));
  expect({ isValid, errors: validate?.errors }).toEqual({ isValid: true, errors: null });
}

function isNotDefault(status: string): boolean {
  return status !== 'default';
}

interface Layer {
  readonly route?: {
    readonly path: string | string[];
    readonly stack: readonly { readonly method?: string }[];
  };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** `get /api/articles/{id}` of each route, those of routers within routers included. */
function routesOf(stack: readonly unknown[]): string[] {
  return (stack as readonly Layer[]).flatMap(({ route, handle }) => {
    if (route === undefined) return routesOf(handle?.stack ?? []);
    const paths = [route.path].flat().filter((path) => path.startsWith('/api'));
    const methods = route.stack.flatMap(({ method }) => (method === undefined ? [] : [method]));
    return paths.flatMap((path) => methods.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
  });
}
