import { CallFailed } from './sandbox/errors.ts';

/**
 * Turns a rejection of the learner's code into a value, for checks where rejecting may be right. A process that
 * ended or a call that never settled is still thrown: that is never right.
 */
export async function orFailure<T>(call: Promise<T>): Promise<T | CallFailed> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
}
