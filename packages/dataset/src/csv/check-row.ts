import { isUtf8 } from 'node:buffer';
import type { ArticleRow } from '../rows.ts';
import type { Capacity } from '../schema.ts';
import { articleColumns, articlesTable } from '../schema.ts';
import { escapeField } from '../tsv.ts';
import { SeenIds } from './seen-ids.ts';

/** A row as a line for LOAD DATA, one character for each byte, or what is wrong with it. */
export type CheckedRow = { line: string; problem?: never } | { problem: string; line?: never };

type Name = keyof ArticleRow;

const LEAST_INT = -(2 ** 31);
const MOST_INT = 2 ** 31 - 1;
const NOT_ASCII = /[\u0080-\u00ff]/;

/** Where in a record each of our columns stands. */
export interface Header {
  positions: readonly { name: Name; at: number; capacity?: Capacity }[];
  fields: number;
}

/** Finds our columns in the first row, by name, in any order and case. */
export function readHeader(fields: readonly string[]): {
  header: Header;
  missing: string[];
  twice: string[];
} {
  const names = fields.map((field) => decode(field).trim().toLowerCase());
  const at = (name: string): number => names.indexOf(name.toLowerCase());
  const positions = articlesTable.columns.map((name) => ({ name, at: at(name), ...capacityOf(name) }));
  return {
    header: { positions, fields: fields.length },
    missing: articlesTable.columns.filter((name) => at(name) < 0),
    twice: articlesTable.columns.filter((name) => names.lastIndexOf(name.toLowerCase()) !== at(name)),
  };
}

function capacityOf(name: Name): { capacity?: Capacity } {
  const column = articleColumns[name];
  return 'capacity' in column ? { capacity: column.capacity } : {};
}

/** Makes the check of one file's rows; it remembers the ids it has seen. */
export function createRowCheck({
  positions,
  fields: expected,
}: Header): (fields: readonly string[]) => CheckedRow {
  const seen = new SeenIds();
  return (fields) => {
    if (fields.length !== expected) {
      return {
        problem: `${fields.length} ${fields.length === 1 ? 'field' : 'fields'} where the header has ${expected}`,
      };
    }
    let line = '';
    let id = 0;
    for (const { name, at, capacity } of positions) {
      const field = fields[at] ?? '';
      const problem = capacity === undefined ? checkId(name, field) : checkText(name, field, capacity);
      if (problem !== undefined) return { problem };
      if (capacity === undefined) id = Number(field);
      line += `${capacity === undefined ? id : escapeField(field)}\t`;
    }
    // Only now, so that a bad row does not take its id from a good one after it.
    if (!seen.add(id)) return { problem: `OBJECTID ${id} was taken by a row before` };
    return { line: `${line.slice(0, -1)}\n` };
  };
}

function checkId(name: Name, field: string): string | undefined {
  if (!/^\s*[+-]?\d+\s*$/.test(field)) return `${name} is ${quote(field)}, not an integer`;
  const id = Number(field);
  return id >= LEAST_INT && id <= MOST_INT
    ? undefined
    : `${name} is ${field.trim()}, beyond ${LEAST_INT} to ${MOST_INT}`;
}

function checkText(name: Name, field: string, capacity: Capacity): string | undefined {
  if (NOT_ASCII.test(field) && !isUtf8(Buffer.from(field, 'latin1'))) return `${name} is not valid UTF-8`;
  if ('bytes' in capacity) {
    if (field.length <= capacity.bytes) return undefined;
    return `${name} is ${field.length} bytes long and the column holds ${capacity.bytes}`;
  }
  // There are never more characters than bytes, so only a long field has to be counted out.
  if (field.length <= capacity.characters) return undefined;
  const characters = Array.from(decode(field)).length;
  if (characters <= capacity.characters) return undefined;
  return `${name} is ${characters} characters long and the column holds ${capacity.characters}`;
}

const decode = (field: string): string => Buffer.from(field, 'latin1').toString('utf8');

/** A field as it may stand in a message: short and on one line. */
export function quote(field: string): string {
  const text = decode(field);
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
