import { fail, ProcessEnded, type FailureDetails } from '@workshop/lab-kit';

/** @param state "Redis refused SUBSCRIBE": what had happened when the process ended, for a message */
export async function withoutEnding<T>(
  work: () => Promise<T>,
  state: string,
  details: FailureDetails,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error;
    const line = error.output.split('\n').findLast((each) => /Error\b/.test(each));
    return fail(`${state}, and the process ended: ${line?.trim().slice(0, 120) ?? error.message}`, details);
  }
}
