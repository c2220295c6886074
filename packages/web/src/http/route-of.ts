import type { Request } from 'express';

/** The pattern of the route that a request came to, such as `/api/articles/:id`; undefined if it came to none. Routers stand at the root, so it is whole. */
export function routeOf({ route }: Request): string | undefined {
  const path: unknown =
    typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' || Array.isArray(path) ? String(path) : undefined;
}
