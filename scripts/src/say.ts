import { relative } from 'node:path';
import { lookOf, painter, wrap, type Look } from '@workshop/lab-kit';
import { root } from './root.ts';

/** A path as a reader of the repository knows it; one elsewhere in full. */
export function show(path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? path : inside;
}

export function lookHere(): Look {
  return lookOf(process.stdout, process.env);
}

/** As wide as the terminal; a screen reader has no width. */
export function fitted(text: string, look: Look): string {
  return look.plain ? text : wrap(text, look.width).join('\n');
}

export interface LabName {
  id: string;
  title: string;
}

export function heading({ id, title }: LabName, look: Look): string {
  return painter(look)('bold', `Lab ${id}  ${title}`);
}

/** Things by name, one below the other; for a screen reader a sentence each. */
export function facts(
  entries: readonly (readonly [name: string, ...values: string[]])[],
  { plain }: Look,
): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries
    .map(([name, ...values]) =>
      plain
        ? `${name}: ${values.join(', ')}.`
        : values.map((value, n) => `  ${(n === 0 ? name : '').padEnd(width)}  ${value}`).join('\n'),
    )
    .join('\n');
}
