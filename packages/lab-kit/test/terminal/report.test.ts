import { expect, test } from 'vitest';
import { Report } from '../../src/terminal/report.ts';
import type { Look } from '../../src/terminal/style.ts';
import type { TranscriptLine } from '../../src/transcript.ts';
import type { Verdict } from '../../src/verdict.ts';

const lab = { id: '02', title: 'Cache-aside' };
const look: Look = { width: 80, color: false, plain: false, unicode: true };

const verdict: Verdict = {
  lab: '02',
  passed: false,
  durationMs: 1234,
  checks: [
    {
      id: 'a',
      title: 'A read from a cold cache is right',
      passed: true,
      expected: '',
      observed: '',
      hint: '',
    },
    {
      id: 'b',
      title: 'A read that is in the cache does not reach MySQL',
      passed: false,
      expected: '5 equal reads: 1 SELECT',
      observed: "5 times search('delta', 10): expected 1 SELECT, saw 5; nothing reached Redis",
      hint: 'Look in Redis before you ask MySQL.',
      mistake: 'no-cache',
      leadsTo: 'The database carries every read, as if there were no cache; and Redis is paid for on top.',
    },
    { id: 'c', title: 'Every entry expires', passed: false, expected: '', observed: 'no key', hint: '' },
    {
      id: 'd',
      title: 'close() closes',
      passed: false,
      expected: '',
      observed: 'not run',
      hint: '',
      skipped: true,
    },
  ],
  transcript: [
    line({ lane: 'call', request: "search('delta', 10)", reply: '10 rows', atMs: 0 }),
    line({ lane: 'redis', request: 'GET articles:search:10:delta', reply: 'nil', atMs: 0.4, tookMs: 0.2 }),
    line({
      lane: 'mysql',
      request: "SELECT * FROM articles WHERE Sentence LIKE ?  ['%delta%', '10']",
      reply: '10 rows',
      atMs: 1.1,
      tookMs: 2.3,
    }),
    line({ lane: 'redis', request: 'GET k', atMs: 12.1 }),
  ],
};

function line(
  part: Partial<TranscriptLine> & Pick<TranscriptLine, 'lane' | 'request' | 'atMs'>,
): TranscriptLine {
  return { check: 'b', ...part };
}

/** All of it at once, as it stands on the screen in the end. */
function report(wanted: Look): string {
  const parts = new Report({ lab, look: wanted });
  const checks = verdict.checks.map((check) =>
    parts.check(
      check,
      verdict.transcript.filter((each) => each.check === check.id),
    ),
  );
  return [parts.heading(), ...checks, parts.summary(verdict)].join('\n');
}

test('a failure is told in 80 columns: seen, expected, mistake, what it leads to, where to look, and the lanes', () => {
  expect(`\n${report(look)}\n`).toBe(`
Lab 02  Cache-aside

  PASS  A read from a cold cache is right
  FAIL  A read that is in the cache does not reach MySQL
        seen      5 times search('delta', 10): expected 1 SELECT, saw 5; nothing
                  reached Redis
        expected  5 equal reads: 1 SELECT
        mistake   no cache
        leads to  The database carries every read, as if there were no cache;
                  and Redis is paid for on top.
        look at   Look in Redis before you ask MySQL.

        ms  MySQL                            | Redis
       0.0  search('delta', 10) -> 10 rows ---------------------- miss, 1 SELECT
       0.4                                   | GET articles:search:10:delta
                                             | -> nil, 0.2 ms
       1.1  SELECT * FROM articles WHERE     |
            Sentence LIKE ?  ['%delta%',     |
            '10']                            |
            -> 10 rows, 2.3 ms               |
      12.1                                   | GET k -> no reply
            1 call: 1 SELECT to MySQL, 2 commands to Redis

  FAIL  Every entry expires
        no key
  SKIP  close() closes

1 of 4 checks pass (1.2 s).
First to mend: A read that is in the cache does not reach MySQL.
`);
});

test.each([40, 60, 80, 120])('no line is wider than a terminal of %i columns', (width) => {
  for (const text of report({ ...look, width }).split('\n')) expect(text.length).toBeLessThanOrEqual(width);
});

test('without colour there is no escape sequence; with it the words stay', () => {
  expect(report(look)).not.toContain('\u001b');
  const colored = report({ ...look, color: true });
  expect(colored).toContain('\u001b');
  expect(colored).toContain('FAIL');
});

test('for a screen reader it is a sentence a line, in order', () => {
  expect(
    report({ ...look, plain: true })
      .split('\n')
      .slice(2, 14),
  ).toEqual([
    'Passed: A read from a cold cache is right.',
    'Failed: A read that is in the cache does not reach MySQL.',
    "Seen: 5 times search('delta', 10): expected 1 SELECT, saw 5; nothing reached Redis",
    'Expected: 5 equal reads: 1 SELECT',
    'Mistake: no cache',
    'Leads to: The database carries every read, as if there were no cache; and Redis is paid for on top.',
    'Look at: Look in Redis before you ask MySQL.',
    'What reached the stores: 1 call: 1 SELECT to MySQL, 2 commands to Redis.',
    "At 0.0 ms: call search('delta', 10), result 10 rows: miss, 1 SELECT.",
    'At 0.4 ms: Redis got GET articles:search:10:delta; reply nil after 0.2 ms.',
    "At 1.1 ms: MySQL got SELECT * FROM articles WHERE Sentence LIKE ?  ['%delta%', '10']; reply 10 rows after 2.3 ms.",
    'At 12.1 ms: Redis got GET k; no reply.',
  ]);
});

test("a learner's text can't reach the terminal's controls, and is ASCII where the terminal is", () => {
  const [check] = verdict.checks;
  const bad = { ...check!, passed: false, observed: 'saw \u001b[31m\u001b[2Jred\u0007 \u{1F9A0} \u202Eevil' };
  const told = (unicode: boolean) => new Report({ lab, look: { ...look, unicode } }).check(bad, []);
  expect(told(true)).toContain('saw \\u{1b}[2Jred\\u{7} \u{1F9A0} \\u{202e}evil');
  expect(told(false)).toContain('saw \\u{1b}[2Jred\\u{7} \\u{1f9a0} \\u{202e}evil');
});
