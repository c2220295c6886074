import type { Connection } from 'mysql2/promise';

/** A column of each type that MySQL and MariaDB have in common, and the literals of what it is to hold, its edges first. */
const COLUMNS: readonly (readonly [definition: string, ...literals: string[]])[] = [
  ['TINYINT', '-128', '127', '0'],
  ['TINYINT(1)', '1', '0'],
  ['TINYINT UNSIGNED', '255', '0'],
  ['SMALLINT', '-32768', '32767'],
  ['SMALLINT UNSIGNED', '65535'],
  ['MEDIUMINT', '-8388608', '8388607'],
  ['MEDIUMINT UNSIGNED', '16777215'],
  ['INT', '-2147483648', '2147483647'],
  ['INT UNSIGNED', '4294967295'],
  ['INT(8) ZEROFILL', '42'],
  ['BIGINT', '-9223372036854775808', '9223372036854775807', '9007199254740993', '-9007199254740991'],
  ['BIGINT UNSIGNED', '18446744073709551615', '9007199254740992', '9007199254740991', '0'],
  ['BIT(1)', "b'1'", "b'0'"],
  ['BIT(9)', "b'100000001'"],
  ['BIT(64)', '0xffffffffffffffff', "b'1'"],
  ['FLOAT', '0.1', '-3.4e38', '1e-45', '-0e0'],
  ['DOUBLE', '0.1', '1.7976931348623157e308', '5e-324', '-0e0', '123456789012345678'],
  ['DECIMAL(65,30)', '-12345678901234567890123456789012345.000000000000000000000000000001', '0'],
  ['DECIMAL(5,0)', '42'],
  ['DATE', "'1000-01-01'", "'9999-12-31'", "'2024-02-29'", "'0000-00-00'", "'2024-00-00'", "'0050-06-07'"],
  ['DATETIME', "'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'0000-00-00 00:00:00'"],
  ['DATETIME(3)', "'2024-03-31 02:30:00.007'"],
  ['DATETIME(6)', "'2024-02-29 23:59:59.999999'", "'2024-02-29 23:59:59.000001'"],
  ['TIMESTAMP(6) NULL', "'1970-01-02 00:00:01.000001'", "'2038-01-18 03:14:07.999999'", "'0000-00-00'"],
  ['TIME', "'-838:59:59'", "'838:59:59'", "'00:00:00'"],
  ['TIME(6)', "'-838:59:58.999999'", "'00:00:00.000001'", "'12:34:56.100000'"],
  ['YEAR', '1901', '2155', '0'],
  ['CHAR(4)', "''", "'ab'", "'a b'"],
  ['VARCHAR(40)', "''", "'0'", "'\u{1F600} e\u0301 \u2028 \u4E09\u89D2\u6D32'", "'null'"],
  ['VARCHAR(40) CHARACTER SET latin1', "'Zürich'"],
  ['TINYTEXT', "'tiny'"],
  ['TEXT', "'line\\nbreak, tab\\t, nul \\0, quote \\', \u{1F468}\u200D\u{1F469}\u200D\u{1F467}'"],
  ['MEDIUMTEXT', "REPEAT('三角洲', 30000)"],
  ['LONGTEXT', "'long'"],
  ['BINARY(4)', "x'00ff'", "x'61626364'"],
  ['VARBINARY(40)', "x''", "x'00ff0d0a80'"],
  ['TINYBLOB', "x'00'"],
  ['BLOB', "x'89504e470d0a1a0a'", "x''"],
  ['MEDIUMBLOB', "REPEAT(x'00ff', 40000)"],
  ['LONGBLOB', "x'ff'"],
  ["ENUM('small', 'großß', '')", "'small'", "'großß'", "''"],
  ["SET('a', 'b', 'c')", "'a,c'", "''"],
  [
    'JSON',
    `'{"b": [1, 12345678901234567890, 1.5, null, true], "$type": "Date", "a": "\u{1F600}", "": {}}'`,
    "'[]'",
    `'"text"'`,
    "'12'",
    "'null'",
  ],
  ['GEOMETRY', "ST_GeomFromText('POINT(0 -0.5)')", "ST_GeomFromText('LINESTRING(0 0, 1e300 1e-300)')"],
  ['POINT', "ST_GeomFromText('POINT(1.5 -2.5)')"],
  ['LINESTRING', "ST_GeomFromText('LINESTRING(0 0, 1 1)')"],
  ['POLYGON', "ST_GeomFromText('POLYGON((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))')"],
  ['MULTIPOINT', "ST_GeomFromText('MULTIPOINT(0 0, 1 1)')"],
  ['MULTILINESTRING', "ST_GeomFromText('MULTILINESTRING((0 0, 1 1), (2 2, 3 3))')"],
  ['MULTIPOLYGON', "ST_GeomFromText('MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)))')"],
  [
    'GEOMETRYCOLLECTION',
    "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), GEOMETRYCOLLECTION(LINESTRING(0 0, 1 1)))')",
  ],
];

/** How many rows there are: each literal of the column that has most, and one of NULL everywhere. */
const DEPTH = Math.max(...COLUMNS.map(([, ...literals]) => literals.length));

/** Makes the table `every_type`. Its columns are named for their definitions. */
export async function makeEveryType(connection: Connection): Promise<void> {
  // Without this, zero dates are refused; they are in many an old table.
  await connection.query("SET SESSION sql_mode = ''");
  const columns = COLUMNS.map(([definition]) => `\`${definition}\` ${definition}`);
  await connection.query(`CREATE TABLE every_type (id INT PRIMARY KEY, ${columns.join(', ')})`);
  for (let row = 0; row < DEPTH; row++) {
    const values = COLUMNS.map(([, ...literals]) => literals[row % literals.length]);
    await connection.query(`INSERT INTO every_type VALUES (${row}, ${values.join(', ')})`);
  }
  await connection.query(`INSERT INTO every_type (id) VALUES (${DEPTH})`);
}
