import { expect, test } from 'vitest';
import { textWidth } from '../../src/terminal/text.ts';
import { swimlanes } from '../../src/terminal/swimlanes.ts';
import type { Look } from '../../src/terminal/style.ts';
import type { TranscriptLine } from '../../src/transcript.ts';

const look: Look = { width: 80, color: false, plain: false, unicode: true };
const select = 'SELECT * FROM articles';

type Lane = TranscriptLine['lane'];
function line(lane: Lane, atMs: number, request: string, reply?: string, tookMs?: number): TranscriptLine {
  const answered = reply === undefined ? {} : { reply };
  return { check: 'a', lane, atMs, request, ...answered, ...(tookMs === undefined ? {} : { tookMs }) };
}
const read = (atMs: number) => line('call', atMs, "search('a', 1)", '1 row', 1);
const draw = (lines: TranscriptLine[], wanted = look) => `\n${swimlanes(lines, wanted)}\n`;

test('a read says whether it was a hit, and a repetition is told in a line', () => {
  const miss = [read(0), line('redis', 0.1, 'GET k', 'nil', 0.2), line('mysql', 0.4, select, '1 row', 0.3)];
  const hits = [2, 4, 6].flatMap((atMs) => [read(atMs), line('redis', atMs + 0.1, 'GET k', '<2 KiB>', 0.1)]);
  expect(draw([...miss, ...hits])).toBe(`
        ms  MySQL                            | Redis
       0.0  search('a', 1) -> 1 row ----------------------------- miss, 1 SELECT
       0.1                                   | GET k -> nil, 0.2 ms
       0.4  SELECT * FROM articles           |
            -> 1 row, 0.3 ms                 |
       2.0  search('a', 1) -> 1 row ----------------------------- hit, no SELECT
       2.1                                   | GET k -> <2 KiB>, 0.1 ms
       6.0  the same again, 2 times ------------------- each time hit, no SELECT
            4 calls: 1 SELECT to MySQL, 4 commands to Redis
`);
});

test('a crowd is one line, with what it came to', () => {
  const crowd = Array.from({ length: 50 }, () => read(0));
  const looks = Array.from({ length: 50 }, (_unused, n) => line('redis', 0.2 + n / 100, 'GET k', 'nil', 0.1));
  const loads = Array.from({ length: 50 }, () => line('mysql', 0.8, select, '1 row', 0.2));
  expect(draw([...crowd, ...looks, ...loads])).toBe(`
        ms  MySQL                            | Redis
       0.0  50 at once: search('a', 1) -> 1 row --------------- miss, 50 SELECTs
       0.2                                   | GET k -> nil, 0.1 ms
                                             | (49 times more, until 0.7 ms)
       0.8  SELECT * FROM articles           |
            -> 1 row, 0.2 ms                 |
            (49 times more, until 0.8 ms)    |
            50 calls: 50 SELECTs to MySQL, 50 commands to Redis
`);
});

test('of calls that ran at the same time nobody says which was a hit', () => {
  const other = line('call', 0.2, "search('b', 1)", '1 row', 1);
  const drawn = draw([read(0), other, line('mysql', 0.5, select, '1 row', 0.1)]);
  expect(drawn).not.toMatch(/-- .*SELECT/);
  expect(drawn).toContain('2 calls: 1 SELECT to MySQL, nothing to Redis');
});

test.each([
  ['a hit that queries all the same', '<2 KiB>', [select], 'found in Redis, yet 1 SELECT'],
  ['a write', undefined, ['BEGIN', 'UPDATE articles', 'COMMIT'], '3 statements'],
  ['neither store', undefined, [], 'nothing sent'],
])('it names %s', (_name, found, sql, outcome) => {
  const looked = found === undefined ? [] : [line('redis', 0.1, 'GET k', found, 0.1)];
  const sent = sql.map((request, n) => line('mysql', 0.2 + n / 10, request, 'ok', 0.1));
  expect(draw([read(0), ...looked, ...sent])).toContain(`- ${outcome}\n`);
});

test('a miss is one, though what its key is made of was found', () => {
  const generation = line('redis', 0.1, 'MGET generation:7', '[5b1c]', 0.1);
  const entry = line('redis', 0.2, 'GET article:7@5b1c', 'nil', 0.1);
  const lines = [read(0), generation, entry, line('mysql', 0.3, select, '1 row', 0.1)];
  expect(draw(lines)).toContain('- miss, 1 SELECT\n');
});

test('time that the check lets pass is no call', () => {
  const lines = [read(0), line('time', 2, '(60 s pass)'), line('redis', 2.1, 'GET k', 'nil', 0.1)];
  expect(draw(lines)).toBe(`
        ms  MySQL                            | Redis
       0.0  search('a', 1) -> 1 row ------------------------------- nothing sent
       2.0  (60 s pass) --------------------------------------------------------
       2.1                                   | GET k -> nil, 0.1 ms
            1 call: nothing to MySQL, 1 command to Redis
`);
  expect(draw(lines, { ...look, plain: true })).toContain('At 2.0 ms: (60 s pass).');
});

test('a long silence shows', () => {
  expect(draw([read(0), line('redis', 2500, 'GET k')])).toContain('(2.5 s later)');
});

test('wide characters keep the lanes straight, at any width', () => {
  const lines = [
    line('call', 0, "search('日本🦠', 10)", '1 row', 1),
    line('mysql', 0.1, `SELECT '${'日本🦠'.repeat(20)}'`, '1 row', 0.1),
    line('redis', 0.2, `GET 日本${'🦠'.repeat(30)}`, 'nil', 0.1),
  ];
  for (const width of [60, 80, 100]) {
    const rows = swimlanes(lines, { ...look, width }).split('\n');
    for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(width);
    const columns = rows
      .filter((row) => row.includes(' |'))
      .map((row) => textWidth(row.slice(0, row.indexOf(' |'))));
    expect(new Set(columns).size).toBe(1);
  }
});

test('a terminal too narrow for two lanes gets sentences', () => {
  expect(draw([read(0)], { ...look, width: 44 })).toBe(`
What reached the stores: 1 call: nothing to
MySQL, nothing to Redis.
At 0.0 ms: call search('a', 1), result 1
row: nothing sent.
`);
});

test('thousands of events are cut in the middle', () => {
  const lines = Array.from({ length: 1000 }, (_unused, n) => line('redis', n, `GET k${n}`, 'nil', 0.1));
  const rows = swimlanes(lines, look).split('\n');
  expect(rows.length).toBeLessThan(40);
  expect(rows.join('\n')).toContain('(976 more)');
});
