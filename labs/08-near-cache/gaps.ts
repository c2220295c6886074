import { gaps } from '../gaps.ts';

export default gaps({
  change: [
    [
      `  async function presentGenerations(tags: readonly string[]): Promise<string[]> {
`,
      `  async function presentGenerations(tags: readonly string[]): Promise<string[]> {
    // GAP 1: asked before every read, and hardly ever another than the last time. Who would tell this process that it is?
`,
    ],
    [
      `    if (kept && kept.remainingMs > 0) {
`,
      `    // GAP 2: fetched and parsed anew for each reader. This process has had it in its hands a moment ago.
    if (kept && kept.remainingMs > 0) {
`,
    ],
  ],
});
