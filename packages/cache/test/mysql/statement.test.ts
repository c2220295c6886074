import * as fc from 'fast-check';
import type { Connection, QueryError } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readCode, readTokens } from '../../src/mysql/sql-tokens.ts';
import { canonicalStatement, nameOfStatement } from '../../src/mysql/statement.ts';

describe('canonicalStatement', () => {
  it.each([
    ['line breaks and tabs', 'SELECT a,\n\tb\nFROM t\r\n  WHERE a  =  1', 'SELECT a,b FROM t WHERE a = 1'],
    ['the ends, and a semicolon there', '  SELECT a FROM t ;\n; ', 'SELECT a FROM t'],
    ['comments', '/* all */ SELECT a FROM/* of */t -- x\nWHERE# once\na', 'SELECT a FROM t WHERE a'],
    ['a comment that is not closed', 'SELECT a FROM t /* to be', 'SELECT a FROM t'],
    ['commas of a list', 'SELECT DISTINCT  a ,b  , c FROM t', 'SELECT DISTINCT a,b,c FROM t'],
    [
      'subqueries',
      'SELECT n  FROM ( SELECT  a ,  b AS n FROM t  ) x',
      'SELECT n FROM ( SELECT a,b AS n FROM t ) x',
    ],
    ['unions', 'SELECT 1  UNION\nSELECT 2', 'SELECT 1 UNION SELECT 2'],
  ])('evens out %s', (_what, sql, expected) => {
    expect(canonicalStatement(sql)).toBe(expected);
    expect(canonicalStatement(expected)).toBe(expected);
  });

  it.each([
    ['strings', `SELECT a FROM t WHERE b = 'x  y -- z' OR c = "p  /* q */" OR d = 'it''s  x'`],
    ['quoted names', 'SELECT a FROM `my  table` WHERE `a -- b``  c` = 1'],
    ['optimizer hints', 'SELECT /*+  NO_INDEX(t) */ a FROM t'],
    ['executable comments', 'SELECT /*!80000 SQL_NO_CACHE  */ a FROM t  WHERE a = 1'],
    ['minus minus', 'SELECT 5--3 FROM t WHERE a = b--c'],
    [
      'expressions that name their column',
      'SELECT a  +  b,COUNT( * ),(SELECT  1),CASE  WHEN a THEN b END FROM t',
    ],
    ['comments that name their column', 'SELECT a /* plus */ + b,/* sum */c * d FROM t'],
    ['the first row of VALUES', 'VALUES (1  + 1)'],
    ['names that look like keywords', 'SELECT t.from  + 1,@from  + 1,:from  + 1 FROM t'],
    ['comments that hold a placeholder', 'SELECT a FROM t # which?\nWHERE a = ?'],
    ['comments that hold a quote', "SELECT a FROM t -- isn't\nWHERE a = :a"],
    ['a text with a backslash', String.raw`SELECT  '\'  ,'a  b'`],
  ])('leaves %s as they are', (_what, sql) => {
    expect(canonicalStatement(sql)).toBe(sql);
  });

  it('cuts any text into tokens that together are the text', () => {
    const pieces = fc.constantFrom(
      ...`' " \` \\ -- # /* */ /*! /*+ \n ; ( ) , . SELECT a 1.5 \u{1F600}`.split(' '),
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(
          readTokens(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads a string of millions of characters', () => {
    const sql = `SELECT a FROM t WHERE b IN ('${"x''".repeat(1_000_000)}')`;
    expect(canonicalStatement(sql)).toBe(sql);
  });
});

describe('two statements with one canonical text', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await createConnection({ uri: inject('mysqlUrl'), rowsAsArray: true });
  });
  afterAll(() => connection.end());

  /** Statements in which a gap may stand for every `~`. */
  const STATEMENTS = [
    'SELECT~1~+~1~,~COUNT~(~*~)~,~(~SELECT~2~)~AS~n~FROM~(~SELECT~3~*~1~AS~x~)~t~WHERE~x~=~3',
    "SELECT~DISTINCT~CASE~WHEN~1~THEN~'a  b'~END~,~x~.~y~+~1~FROM~(~SELECT~1~AS~y~)~AS~x~LIMIT~1",
    '(~SELECT~1~+~2~)~UNION~ALL~(~SELECT~4~)~ORDER~BY~1',
    'WITH~a~AS~(~SELECT~5~-~1~,~6~)~SELECT~*~FROM~a',
    'SELECT~*~FROM~(~VALUES~(~1~,~2~+~3~)~)~v',
    'SELECT~1~=~1~UNION~SELECT~2',
  ];
  const GAPS = [' ', '', '  ', '\n', '\t ', '/* c */', ' /* c */ ', ' -- c\n', '# c\n'];

  const fill = (statement: string, gapAt: (index: number) => string) =>
    statement.split('~').reduce((sql, part, index) => sql + gapAt(index - 1) + part);

  async function expectAlike(one: string, other: string): Promise<boolean> {
    if (one === other || canonicalStatement(one) !== canonicalStatement(other)) return false;
    expect(await resultOf(other)).toEqual(await resultOf(one));
    return true;
  }

  it.each(STATEMENTS)(
    'have the same rows under the same names, wherever one gap differs in %s',
    async (statement) => {
      const even = fill(statement, () => ' ');
      let alike = 0;
      for (let place = 0; place < statement.split('~').length - 1; place++) {
        for (const gap of GAPS) {
          const odd = fill(statement, (index) => (index === place ? gap : ' '));
          if (await expectAlike(even, odd)) alike++;
        }
      }
      expect(alike).toBeGreaterThan(10);
    },
  );

  it('have the same rows under the same names, whatever gaps differ', async () => {
    const layouts = fc.array(fc.constantFrom(...GAPS), { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STATEMENTS), layouts, layouts, async (statement, one, other) => {
        // They differ in half of the places at most, or hardly any two would be found alike.
        const mixed = (index: number) => (index % 2 === 0 ? one : other)[index] ?? ' ';
        await expectAlike(
          fill(statement, (index) => one[index] ?? ' '),
          fill(statement, mixed),
        );
      }),
      { numRuns: 500 },
    );
  });

  async function resultOf(sql: string): Promise<unknown> {
    try {
      const [rows, fields] = await connection.query(sql);
      return { rows, names: fields.map(({ name }) => name) };
    } catch (error) {
      return { error: (error as QueryError).code };
    }
  }
});

describe('nameOfStatement', () => {
  it.each([
    ['SELECT a FROM articles WHERE a = 1', 'select-articles'],
    ['select a from `my db`.`odd``name` x', 'select-odd`name'],
    ['(SELECT 1) UNION (SELECT a FROM t)', 'select-t'],
    ['SELECT * FROM (SELECT * FROM shop.orders) x', 'select-orders'],
    ['SELECT 1', 'select'],
    ['TABLE cities', 'table-cities'],
    ['WITH a AS (SELECT 1 FROM b) SELECT * FROM a', 'with-b'],
    ['SHOW TABLES', 'show'],
  ])('calls %s %s', (sql, name) => {
    expect(nameOfStatement(readCode(sql))).toBe(name);
  });
});
