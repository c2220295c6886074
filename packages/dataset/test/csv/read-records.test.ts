import { describe, expect, test } from 'vitest';
import { readRecords } from '../../src/csv/read-records.ts';
import { useFolder } from '../helpers/csv-file.ts';

const folder = useFolder();

/** Each record as its line and its fields, or its line and what is wrong with it. */
async function read(contents: string | Buffer): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of readRecords(await folder.file('some.csv', contents), 0)) {
    for (const record of batch)
      found.push('fields' in record ? [record.line, ...record.fields] : [record.line, record.problem]);
  }
  return found;
}

describe('readRecords', () => {
  test('reads quotes, doubled quotes, and commas and newlines within quotes', async () => {
    expect(await read('a,b\n"x, y","say ""hi"""\n"two\n\nlines",""\n1,\n')).toEqual([
      [1, 'a', 'b'],
      [2, 'x, y', 'say "hi"'],
      [3, 'two\n\nlines', ''],
      [6, '1', ''],
    ]);
  });

  test('counts a CRLF once, inside quotes as well', async () => {
    expect(await read('a,b\r\n"x\r\ny\r\n\r\nz",1\r\nlast,2')).toEqual([
      [1, 'a', 'b'],
      [2, 'x\r\ny\r\n\r\nz', '1'],
      [6, 'last', '2'],
    ]);
  });

  test('passes over blank lines and counts them', async () => {
    expect(await read('\n\na,b\n\n \n1,2\n\n')).toEqual([
      [3, 'a', 'b'],
      [6, '1', '2'],
    ]);
  });

  test('hands on bytes that are not UTF-8 as they are', async () => {
    expect(await read(Buffer.from([0x61, 0x2c, 0xff, 0xc3, 0xa9, 0x0a]))).toEqual([
      [1, 'a', '\u00ff\u00c3\u00a9'],
    ]);
  });

  const closing = expect.stringContaining('after its closing quote');
  const opening = expect.stringContaining('in the middle of a field');
  const open = expect.stringContaining('never closed');

  test('loses only the record whose quotes are wrong', async () => {
    expect(await read('a,b\n1,"he said "hi" there"\n2,ok\n3,5" pipe\n4,ok\n')).toEqual([
      [1, 'a', 'b'],
      [2, closing],
      [3, '2', 'ok'],
      [4, opening],
      [5, '4', 'ok'],
    ]);
  });

  test('finds again what follows a quote that is never closed', async () => {
    expect(await read('1,"never\n2,ok\n3,"fine"\n4,"neither\n5,ok')).toEqual([
      [1, closing],
      [2, '2', 'ok'],
      [3, '3', 'fine'],
      [4, open],
      [5, '5', 'ok'],
    ]);
  });

  test('finds its way from the middle of a record of several lines', async () => {
    // The quote after "six" ends the field too early; lines 2 and 3 are what is left of the record.
    expect(await read('1,"six" inches\nof rain, or\nmore"\n2,ok\n')).toEqual([
      [1, closing],
      [2, 'of rain', ' or'],
      [3, opening],
      [4, '2', 'ok'],
    ]);
  });

  test('goes on over the pieces a file is read in, and after a record without end', async () => {
    const long = 'y'.repeat(300_000);
    const endless = `bad,"${'z'.repeat(5 * 1024 * 1024)}`;
    const found = await read(`1,"${long}"\n2,${long}\n${endless}\n4,ok\n`);
    expect(found).toEqual([
      [1, '1', long],
      [2, '2', long],
      [3, expect.stringContaining('longer than 4194304 bytes')],
      [4, '4', 'ok'],
    ]);
  });
});
