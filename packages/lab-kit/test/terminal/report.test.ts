import { expect, test } from 'vitest';
import { Report } from '../../src/terminal/report.ts';
import { lookOf, type Look } from '../../src/terminal/style.ts';
import type { TranscriptLine } from '../../src/transcript.ts';
import type { Verdict } from '../../src/verdict.ts';

const lab = { id: '02', title: 'Cache-aside' };
const look: Look = { width: 80, color: false };

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

        ms  MySQL                              Redis
       0.0  search('delta', 10) -> 10 rows -------------------------------------
       0.4                                     GET articles:search:10:delta
                                               -> nil, 0.2 ms
       1.1  SELECT * FROM articles WHERE
            Sentence LIKE ?  ['%delta%',
            '10']
            -> 10 rows, 2.3 ms
      12.1                                     GET k
                                               -> no reply

  FAIL  Every entry expires
        no key
  SKIP  close() closes

1 of 4 checks pass (1.2 s).
`);
});

test('no line is wider than the terminal, with or without colour', () => {
  for (const width of [60, 80, 120]) {
    for (const text of report({ width, color: false }).split('\n'))
      expect(text.length).toBeLessThanOrEqual(width);
  }
});

test('without colour there is no escape sequence; with it the words stay', () => {
  expect(report(look)).not.toContain('\u001b');
  const colored = report({ width: 80, color: true });
  expect(colored).toContain('\u001b');
  expect(colored).toContain('FAIL');
});

test('colour is for terminals that want it', () => {
  expect(lookOf({ isTTY: true, columns: 100 }, {})).toEqual({ width: 100, color: true });
  expect(lookOf({ isTTY: true, columns: 100 }, { NO_COLOR: '1' }).color).toBe(false);
  expect(lookOf({ isTTY: true }, { TERM: 'dumb' }).color).toBe(false);
  expect(lookOf({}, {})).toEqual({ width: 80, color: false });
});
