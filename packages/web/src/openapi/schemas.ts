import { z } from 'zod';
import type { Choice } from '../api/operation.ts';
import { PROBLEMS, type ProblemName } from '../http/problems.ts';
import type { Field } from '../queries/field.ts';

/** A JSON Schema of 2020-12, which OpenAPI 3.1 takes as it is. */
export type JsonSchema = Record<string, unknown>;

/** An error, as every address of the API tells it: problem details (RFC 9457). Other members name what the detail talks about. */
export const problem = z
  .looseObject({
    type: z.enum(Object.keys(PROBLEMS).map((name) => `/problems/${name}`)),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    requestId: z.string().meta({ description: 'As X-Request-Id has it, and the log.' }),
    parameter: z.string().optional(),
    engine: z.enum(['mysql', 'redis']).optional(),
    advice: z.string().optional(),
  })
  .meta({ description: 'Problem details (RFC 9457). The type is the address of a page that explains it.' });

export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema);
  return rest;
}

/** A field of a query, as the value that an address may give it. */
export function fieldSchema(field: Field): JsonSchema {
  if (field.type === 'text') {
    return { type: 'string', minLength: 1, maxLength: field.most, default: field.default };
  }
  const type = field.type === 'whole' ? 'integer' : 'number';
  return { type, minimum: field.least, maximum: field.most, default: field.default };
}

export function choiceSchema(choice: Choice): JsonSchema {
  return { type: 'string', enum: choice.options, default: choice.default };
}

/** The problems of one status: "bad-parameter: A parameter ..." */
export function meaningOf(names: readonly ProblemName[]): string {
  return names.map((name) => `${name}: ${PROBLEMS[name].meaning}`).join(' ');
}
