import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'What was found once is kept in a Map, until there is a cache.',
  caughtBy: 'in-mysql',
  named: 'kept-in-memory',
  says: ['the second search', 'no query reached MySQL'],
  change: [
    [
      `  return {
    async search(term, limit) {`,
      `  const kept = new Map<string, ArticleRow[]>();

  return {
    async search(term, limit) {
      const before = kept.get(\`\${limit} \${term}\`);
      if (before) return before;`,
    ],
    [
      'return rows as ArticleRow[];',
      'kept.set(`${limit} ${term}`, rows as ArticleRow[]);\n      return rows as ArticleRow[];',
    ],
  ],
});
