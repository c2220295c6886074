/**
 * Makes a value's plain objects and arrays unchangeable, however deep they lie, since one value is handed to all readers. What else there
 * is in JavaScript (Date, Map, Set, Buffer, an instance of a class) cannot be frozen, or not without breaking it: it is left as it is, with
 * all that it holds.
 *
 * What is frozen already is taken to be so throughout, which also ends the walk in a value that contains itself.
 */
export function deepFreeze(value: unknown): void {
  if (!isFreezable(value)) return;
  // A stack of its own: a value may be nested deeper than calls can be.
  const stack = [Object.freeze(value)];
  for (let object = stack.pop(); object !== undefined; object = stack.pop()) {
    for (const child of Object.values(object)) {
      if (isFreezable(child)) stack.push(Object.freeze(child));
    }
  }
}

function isFreezable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
