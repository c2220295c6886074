import { describe, expect, it } from 'vitest';
import { CacheOptionError } from '../../src/index.ts';
import { checkReadOnly } from '../../src/mysql/read-only.ts';
import { readCode } from '../../src/mysql/sql-tokens.ts';

const check = (sql: string) => checkReadOnly(sql, readCode(sql));

describe('checkReadOnly', () => {
  it.each([
    'SELECT 1',
    ' select 1 ; ; -- done',
    '/* first */ (SELECT 1) UNION (SELECT 2)',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'WITH RECURSIVE a (n) AS (SELECT 1 UNION SELECT n + 1 FROM a WHERE n < 5) (SELECT n FROM a)',
    'TABLE articles ORDER BY id',
    'VALUES (1), (2)',
    'SHOW TABLES',
    'DESCRIBE articles',
    'SELECT \'INTO; DELETE\', "FOR UPDATE", `into` FROM `update`',
    'SELECT a -- INTO b\nFROM t /* FOR UPDATE */',
    'SELECT t.into, t.update FROM t USE INDEX FOR JOIN (i)',
    "SELECT REPLACE('a', 'b', 'c'), INSERT('a', 1, 1, 'b'), sleep FROM t",
    'SELECT next value FROM t WHERE a = :a',
    'SELECT /*+ MAX_EXECUTION_TIME(1000) */ 1',
  ])('lets %s pass', (sql) => {
    expect(() => check(sql)).not.toThrow();
  });

  it.each([
    ['', /begins with no verb/],
    ['-- nothing', /begins with no verb/],
    ['INSERT INTO t VALUES (1)', /begins with INSERT/],
    ['update t set a = 1', /begins with UPDATE/],
    ['CALL p()', /begins with CALL/],
    ['SET @a = 1', /begins with SET/],
    ['EXPLAIN ANALYZE DELETE FROM t', /begins with EXPLAIN/],
    ['DESC ANALYZE DELETE FROM t', /runs what it describes/],
    ['WITH a AS (SELECT 1) DELETE FROM t', /is WITH \.\.\. DELETE/],
    ['WITH a AS (SELECT 1), b AS (SELECT 2) UPDATE t SET x = (SELECT 1)', /is WITH \.\.\. UPDATE/],
    ['SELECT 1; DELETE FROM t', /is more than one/],
    ["SELECT a INTO OUTFILE '/tmp/x' FROM t", /has INTO/],
    ['SELECT a FROM t INTO @x', /has INTO/],
    ["SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */", /has INTO/],
    ['SELECT 1 /*M!100000 ; DELETE FROM t */', /is more than one/],
    ['/*! DELETE FROM t */', /begins with DELETE/],
    ['SELECT 1.INTO @x', /has INTO/],
    ['SELECT a FROM t FOR UPDATE', /locks rows FOR UPDATE/],
    ['SELECT a FROM t for /* x */ share skip locked', /locks rows FOR SHARE/],
    ['SELECT a FROM (SELECT a FROM t FOR UPDATE) x', /locks rows FOR UPDATE/],
    ['SELECT a FROM t LOCK IN SHARE MODE', /locks rows IN SHARE MODE/],
    ["SELECT GET_LOCK('x', 1)", /calls GET_LOCK\(\)/],
    ['SELECT last_insert_id ()', /calls LAST_INSERT_ID\(\)/],
    ['SELECT NEXT VALUE FOR s', /NEXT VALUE/],
    ['SELECT @n := @n + 1 FROM t', /assigns a variable/],
  ])('refuses %s', (sql, reason) => {
    expect(() => check(sql)).toThrow(CacheOptionError);
    expect(() => check(sql)).toThrow(reason);
    expect(() => check(sql)).toThrow(expect.objectContaining({ option: 'sql' }));
  });

  it('does not repeat a long statement whole', () => {
    const sql = `DELETE FROM t WHERE a IN (${'1, '.repeat(500)}1)`;
    expect(() => check(sql)).toThrow(expect.objectContaining({ value: `${sql.slice(0, 120)}...` }));
  });
});
