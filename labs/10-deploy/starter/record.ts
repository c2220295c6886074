import type { Form } from './form.ts';

/** How each column of a record becomes text, and the text the column: a Redis hash holds nothing but text. */
export type Columns<T> = {
  [Column in keyof T]: { write(value: T[Column]): string; read(text: string): T[Column] };
};

/** In place of the fields when there is no record: an empty hash can't be told from a key that is not there. */
const noRecord = '(none)';

/** One record as a hash, each column a field. Null: there is no such record. */
export function asHash<T extends object>(columns: Columns<T>): Form<T | null> {
  const names = Object.keys(columns) as (keyof T & string)[];

  return {
    async read(redis, key) {
      const fields = await redis.hgetall(key);
      if (noRecord in fields) return null;
      // A hash that lacks a column is no record: another version of this program may have written it.
      if (!names.every((name) => name in fields)) return undefined;
      return Object.fromEntries(names.map((name) => [name, columns[name].read(fields[name] ?? '')])) as T;
    },

    async write(redis, key, record, lifeMs) {
      const fields = record
        ? Object.fromEntries(names.map((name) => [name, columns[name].write(record[name])]))
        : { [noRecord]: '1' };
      // Fields and expiry in one transaction. DEL first: fields of another record must not stay among these.
      return await redis.multi().del(key).hset(key, fields).pexpire(key, lifeMs).exec();
    },
  };
}
