import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      `    // An error of the load goes to the caller, and nothing is stored.
    const value = await query();
`,
      `    // GAP 1: fifty callers come here at once, all with the same key. One query is enough for this process.
    // GAP 2: and for all processes. Which command of Redis lets one of them win? What if that one dies, or its query fails?
    // An error of the load goes to the caller, and nothing is stored.
    const value = await query();
`,
    ],
    [
      `      if (kept !== undefined) return kept;
`,
      `      // GAP 3: an entry that is read all the time need never expire: who reads it in the last fifth of its life sees to a new one.
      if (kept !== undefined) return kept;
`,
    ],
  ],
});
