import type { Config } from './config.ts';
import { SETTING_NAMES } from './settings.ts';

/** Every setting under the source that gave it, without a secret: for the log line at the start. */
export function settingsBySource({ sources, shown }: Config): Record<string, Record<string, string>> {
  const groups: Record<string, Record<string, string>> = {};
  for (const name of SETTING_NAMES) (groups[sources[name]] ??= {})[name] = shown[name];
  return groups;
}

/** What to say when a stack was named and nothing of it is used, since others have the first word. */
export function unusedStack({ sources, shown }: Config): string | undefined {
  const isUsed = SETTING_NAMES.some((name) => sources[name].startsWith('stack '));
  if (isUsed || shown.WORKSHOP_STACK === 'none') return undefined;
  return `WORKSHOP_STACK is ${shown.WORKSHOP_STACK}, which was not asked: MYSQL_URL comes from the ${sources.MYSQL_URL}, and REDIS_URL from the ${sources.REDIS_URL}. Stop the engines here ("npx pnpm services:down"), or unset the variables, to use the stack's.`;
}
