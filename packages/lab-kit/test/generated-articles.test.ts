import { generateArticles } from '@workshop/dataset';
import { expect, test } from 'vitest';
import { generatedArticles } from '../src/generated-articles.ts';

test('articles that were kept are those that are generated', () => {
  const generated = [...generateArticles({ rows: 20 })];
  expect(generatedArticles(20)).toEqual(generated);
  // Asked for others, and then for the first again: those come from the file.
  expect(generatedArticles(21)).toHaveLength(21);
  expect(generatedArticles(20)).toEqual(generated);
});
