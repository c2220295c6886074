/**
 * Takes a value to be a `T` on the word of the cache's caller. What comes out of Redis, or out of a load that another
 * caller began, has no type of its own: that one key always stands for one type is the contract of `getOrLoad`.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's word is the point of it
export function vouchedFor<T>(value: unknown): T;
export function vouchedFor(value: unknown): unknown {
  return value;
}
