import type { Request, RequestHandler, Response } from 'express';

/** Resolves once a handler lets a request pass, and rejects with what it has against it. */
export async function passed(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (problem?: unknown): void => {
      if (problem === undefined) resolve();
      else reject(problem instanceof Error ? problem : new TypeError('A handler has failed with no error.'));
    };
    Promise.resolve(handler(request, response, next)).catch(reject);
  });
}
