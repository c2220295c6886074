import { expect } from 'vitest';

/** What the first failing check of each starter says. */
export const starterFails: Record<string, { id: string; observed: string }> = {
  '01': { id: 'answers', observed: "search('delta', 10) returned 0 rows, and no query reached MySQL" },
  '02': {
    id: 'second-read',
    observed: "5 times search('delta', 10): expected 1 SELECT, saw 5; nothing reached Redis",
  },
  '03': {
    id: 'lives',
    observed:
      "search('nothing contains this', 10) found nothing: its key articles:search:10:nothing contains this lives for 60 s",
  },
  '04': {
    id: 'fresh',
    observed:
      "revise(7, { Title }) resolved; then byId(7), in the same process, returned a row whose Title is the string 'Transmission of SARS-CoV-2 among health-care workers in Maca'... 40 more cha..., expected the string 'A new title'",
  },
  '07': {
    id: 'waits',
    observed: 'MySQL does not answer queries: byId(6) was neither answered nor refused within 3 s',
  },
  '08': {
    id: 'from-memory',
    observed: '6 times byId(7) in one process: the last one still sent 3 commands to Redis and 0 SELECTs',
  },
  '09': {
    id: 'sessions',
    observed:
      "after signOutEverywhere('user'), session() returned the object { user: 'user', remembered: {} }",
  },
  '10': {
    id: 'reachable',
    observed: 'no rule lets the web server connect to port 3306 of the database: 0 rules for that port',
  },
  // How often a node is asked, and refuses, depends on when the breaker opens.
  '11': { id: 'every-node', observed: expect.stringMatching(/SELECTs.*MOVED [1-9]/) as string },
};
