import type { Description } from '../api/operation.ts';
import { PROBLEMS, type ProblemName } from '../http/problems.ts';
import { choiceSchema, fieldSchema, meaningOf, problem, schemaOf, type JsonSchema } from './schemas.ts';

/** The OpenAPI 3.1 document of these operations. */
export function openApiDocument(operations: readonly Description[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  const schemas: Record<string, JsonSchema> = { Problem: schemaOf(problem) };
  for (const operation of operations) {
    const { path, method, body, answer } = operation;
    const item = (paths[path.replace(/:(\w+)/g, '{$1}')] ??= {});
    item[method] = describe(operation);
    for (const form of body === undefined ? [answer] : [answer, body]) {
      schemas[form.name] = schemaOf(form.schema);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'The caching workshop',
      version: '1.0.0',
      description:
        'Articles and cities from MySQL, through a cache in Redis. Answers are JSON and carry an ETag where they can be kept; errors are problem details (RFC 9457).',
      license: { name: 'MIT-0', identifier: 'MIT-0' },
    },
    // Relative: to whatever host served this.
    servers: [{ url: '/' }],
    security: [],
    paths,
    components: { schemas },
  };
}

function describe(operation: Description): Record<string, unknown> {
  const { id, summary, description, body } = operation;
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    parameters: parametersOf(operation),
    ...(body !== undefined && {
      requestBody: {
        required: operation.method === 'patch',
        content: Object.fromEntries(body.types.map((type) => [type, { schema: reference(body.name) }])),
      },
    }),
    responses: responsesOf(operation),
  };
}

function parametersOf(description: Description): unknown[] {
  const { pathFields = {}, pathChoices = {}, fields = {}, choices = {}, method, answer } = description;
  const header = (name: string, meaning: string) => ({
    name,
    in: 'header',
    description: meaning,
    schema: { type: 'string' },
  });
  return [
    ...Object.entries(pathFields).map(([name, field]) => {
      const { default: _none, ...schema } = fieldSchema(field);
      return { name, in: 'path', required: true, description: field.label, schema };
    }),
    ...Object.entries(pathChoices).map(([name, { label, options }]) => {
      const schema = { type: 'string', enum: options };
      return { name, in: 'path', required: true, description: label, schema };
    }),
    ...Object.entries(choices).map(([name, choice]) => ({
      name,
      in: 'query',
      description: choice.label,
      schema: choiceSchema(choice),
    })),
    ...Object.entries(fields).map(([name, field]) => ({
      name,
      in: 'query',
      description: 'unit' in field ? `${field.label} (${field.unit})` : field.label,
      schema: fieldSchema(field),
    })),
    ...(answer.hasEtag === true && method === 'get'
      ? [header('If-None-Match', 'ETags that the client has: 304 in place of the same again.')]
      : []),
    ...(method === 'patch' ? [header('If-Match', 'The ETag of what is to be changed.')] : []),
  ];
}

function responsesOf({ method, answer, redirects, problems }: Description): Record<string, unknown> {
  const etag = { ETag: { description: 'Of these bytes, as they are encoded.', schema: { type: 'string' } } };
  const hasEtag = answer.hasEtag === true;
  return {
    200: {
      description: answer.description,
      ...(hasEtag && { headers: etag }),
      content: { 'application/json': { schema: reference(answer.name) } },
    },
    ...(hasEtag &&
      method === 'get' && { 304: { description: 'What the client has is the same.', headers: etag } }),
    ...(redirects !== undefined && {
      308: {
        description: redirects,
        headers: { Location: { description: 'Where it is.', schema: { type: 'string' } } },
      },
    }),
    ...problemResponses(problems),
    default: problemResponse('Whatever else went wrong.'),
  };
}

function problemResponses(problems: readonly ProblemName[]): Record<string, unknown> {
  const statuses = new Set(problems.map((name) => PROBLEMS[name].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      problemResponse(meaningOf(problems.filter((name) => PROBLEMS[name].status === status))),
    ]),
  );
}

function problemResponse(description: string): Record<string, unknown> {
  return { description, content: { 'application/problem+json': { schema: reference('Problem') } } };
}

function reference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
