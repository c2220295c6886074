import type { Cache } from './cache/cache.ts';
import type { Database } from './database.ts';

/** What the demo has to know of its two stores: as outputs of the stack, and as the file that a server of the stack begins with. */
export function storeOutputs({ database, cache }: { readonly database: Database; readonly cache: Cache }) {
  return {
    secret_name: database.secret.secretArn,
    mysql_endpoint: database.endpoint,
    redis_endpoint: cache.endpoint,
    redis_secret_name: cache.secret.secretArn,
    redis_mode: cache.mode === 'replicated' ? 'node' : cache.mode,
  };
}

/** An output's name as CloudFormation has it, without underscores: `secretname` of `secret_name`. */
export function outputKey(name: string): string {
  return name.replaceAll('_', '');
}
