import { z } from 'zod';
import type { Description, Operation } from '../api/operation.ts';
import { sendJson } from '../api/send-json.ts';
import { Body } from '../http/bodies.ts';
import { openApiDocument } from './document.ts';

/** `GET /api/openapi.json`: what these operations are, and itself. */
export function documentOperation(others: readonly Description[]): Operation {
  const operation: Operation = {
    method: 'get',
    path: '/api/openapi.json',
    id: 'getDocument',
    summary: 'This document',
    answer: {
      name: 'OpenApiDocument',
      schema: z.looseObject({ openapi: z.literal('3.1.0') }),
      description: 'OpenAPI 3.1.',
      hasEtag: true,
    },
    problems: [],
    handlers: [async (request, response) => await sendJson(request, response, body)],
  };
  const document = openApiDocument([...others, operation]);
  const body = new Body(Buffer.from(JSON.stringify(document)));
  return operation;
}
