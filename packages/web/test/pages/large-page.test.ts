import { loadFixture } from '@workshop/dataset';
import { createTestDatabase } from '@workshop/engines/test-space';
import { expect, inject, it, onTestFinished } from 'vitest';
import { ARTICLES } from '../articles.ts';
import { startDemo } from '../support.ts';

const ROWS = 500;

it.each(['gzip', 'br', 'identity'])('500 rows come whole, as a miss and as a hit (%s)', async (accepted) => {
  const database = await createTestDatabase(inject('mysqlUrl'));
  onTestFinished(database.drop);
  const [any] = ARTICLES;
  const articles = Array.from({ length: ROWS }, (_, index) => ({ ...any!, OBJECTID: index + 1 }));
  await loadFixture(database.url, { articles });
  const { get } = await startDemo({ mysqlUrl: database.url });
  for (const status of ['fwd=miss', 'redis; hit']) {
    const response = await get('/query_cache', { headers: { 'Accept-Encoding': accepted } });
    expect(response.headers.get('cache-status')).toContain(status);
    const html = await response.text();
    expect(html.match(/<tr role="row"><td/g)).toHaveLength(ROWS);
    expect(html.trimEnd().endsWith('</html>')).toBe(true);
  }
});
