import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'LIKE finds too much for "100%"; what does not contain it is taken out afterwards.',
  caughtBy: 'injection',
  named: 'work-in-the-app',
  says: ['over the network'],
  change: [
    ['[`%${literal}%`, limit]', '[`%${term.replaceAll("\\\\", "_")}%`, limit]'],
    [
      'return rows as ArticleRow[];',
      'return (rows as ArticleRow[]).filter((row) => row.Sentence.toLowerCase().includes(term.toLowerCase()));',
    ],
    [
      `  const literal = term.replace(/[\\\\%_]/g, String.raw\`\\$&\`);
`,
      '',
    ],
  ],
});
