/** A call that is awaited later. The check may fail before that, and its end is then of no interest to anybody. */
export function begun<T>(call: Promise<T>): Promise<T> {
  call.catch(() => {});
  return call;
}
