import { expire } from './expire-fault.ts';
import type { Fault, FaultName } from './fault.ts';
import { evict, fill } from './memory-faults.ts';
import { hang, slow, stop } from './process-faults.ts';

/** Every fault, in the order of the page. */
export const FAULTS: readonly Fault[] = [stop, slow, hang, fill, evict, expire];

export function faultNamed(name: FaultName): Fault {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found === undefined) throw new TypeError(`There is no fault named ${name}.`);
  return found;
}

export function isFaultName(name: unknown): name is FaultName {
  return FAULTS.some((fault) => fault.name === name);
}
