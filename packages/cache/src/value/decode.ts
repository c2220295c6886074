import type { StandardSchemaV1 } from '@standard-schema/spec';
import { CacheDecodeError, CacheInvalidError } from '../errors.ts';
import { vouchedFor } from '../vouch.ts';
import type { Codec } from './codec.ts';

/** How a reader wants its value: as it was loaded, or as the bytes of its JSON. */
export type Decode<T> = (payload: Buffer) => T;

/** What the codec makes of bytes, or `decode` of the caller, who answers for what that throws. */
export function decodeBy<T>(codec: Codec, payload: Buffer, decode: Decode<T> | undefined): T {
  if (decode !== undefined) return decode(payload);
  try {
    return vouchedFor<T>(codec.decode(payload));
  } catch (cause) {
    if (cause instanceof CacheDecodeError) throw cause;
    throw new CacheDecodeError('The codec could not decode a stored value.', { cause });
  }
}

/** A schema that keeps to no standard must not make its refusal an error of the reader's. */
function isIssue(issue: unknown): issue is { readonly message: string } {
  return (
    typeof issue === 'object' && issue !== null && 'message' in issue && typeof issue.message === 'string'
  );
}

/** Throws `CacheInvalidError` for what the schema refuses. */
export async function checkBySchema(name: string, value: unknown, schema: StandardSchemaV1): Promise<void> {
  let issues: readonly { readonly message: string }[] | undefined;
  try {
    ({ issues } = await schema['~standard'].validate(value));
  } catch (error) {
    issues = [{ message: `the schema threw${error instanceof Error ? `: ${error.message}` : ''}` }];
  }
  if (issues !== undefined)
    throw new CacheInvalidError(name, Array.isArray(issues) ? issues.filter(isIssue) : []);
}
