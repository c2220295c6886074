/** Nobody waits for it any more. It may still be under way. */
export class TooLate extends Error {
  override name = 'TooLate';
}

/**
 * What `answer` becomes, or a rejection as soon as it is too late.
 * @param what "MySQL": for the message
 */
export async function until<T>(tooLate: AbortSignal, what: string, answer: Promise<T>): Promise<T> {
  let giveUp = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new TooLate(`${what} did not answer in time`, { cause: tooLate.reason }));
  });
  tooLate.addEventListener('abort', giveUp);
  if (tooLate.aborted) giveUp();
  try {
    // Of the one that loses, the rejection is taken care of, too.
    return await Promise.race([answer, late]);
  } finally {
    tooLate.removeEventListener('abort', giveUp);
  }
}
