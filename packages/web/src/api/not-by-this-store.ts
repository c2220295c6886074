import { ProblemError } from '../errors.ts';

/** Throws the answer for what the store, which is not the demo's own, cannot be asked: "articles by their number". */
export function notByThisStore(what: string): never {
  throw new ProblemError('not-implemented', `The code that this demo runs on has no answer for ${what}.`);
}
