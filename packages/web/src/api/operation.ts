import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { ProblemName } from '../http/problems.ts';
import type { Fields } from '../queries/field.ts';

/** A parameter that is one of a few words. */
export interface Choice {
  readonly label: string;
  readonly options: readonly string[];
  readonly default: string;
}

/** A body of JSON, of one form. `name` is what the document calls the form. */
export interface JsonForm {
  readonly name: string;
  readonly schema: z.ZodType;
}

/** One method of one address of the API, as the OpenAPI document tells it. */
export interface Description {
  readonly method: 'get' | 'patch' | 'post' | 'delete';
  /** As Express has it: `/api/articles/:id`. */
  readonly path: string;
  /** Its name in the document, for generated clients: `listArticles`. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly pathFields?: Fields;
  readonly pathChoices?: Readonly<Record<string, Choice>>;
  readonly fields?: Fields;
  readonly choices?: Readonly<Record<string, Choice>>;
  readonly body?: JsonForm & { readonly types: readonly string[] };
  readonly answer: JsonForm & {
    readonly description: string;
    /** Whether a client that names the ETag it has is told "304, the same". */
    readonly hasEtag?: boolean;
  };
  /** Where the answer may stand elsewhere. */
  readonly redirects?: string;
  readonly problems: readonly ProblemName[];
}

/** The same with what it does: the router and the document are both made from these, so that neither can say what the other does not. */
export interface Operation extends Description {
  readonly handlers: readonly RequestHandler[];
}
