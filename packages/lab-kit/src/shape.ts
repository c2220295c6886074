import { fail } from './check-failed.ts';
import type { Shape } from './lab.ts';
import { describeReply } from './sandbox/describe-call.ts';

const wanted: Record<Shape, string> = {
  rows: 'an array of rows',
  row: 'a row or undefined',
  object: 'an object',
  anything: 'anything',
};

/** @throws {CheckFailed} when what a call returned has not the shape that its lab asks for */
export function checkShape(call: string, value: unknown, shape: Shape): void {
  if (hasShape(value, shape)) return;
  const holes = Array.isArray(value) && shape === 'rows' ? ', some of which are no objects' : '';
  fail(`${call} returned ${describeReply(value)}${holes}, expected ${wanted[shape]}`);
}

function hasShape(value: unknown, shape: Shape): boolean {
  if (shape === 'anything') return true;
  if (shape === 'rows') return Array.isArray(value) && value.every(isObject);
  return isObject(value) || (shape === 'row' && value === undefined);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
