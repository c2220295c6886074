import { describe, expect, it } from 'vitest';
import { startDemo, useArticles } from '../support.ts';
import { expectNoViolations, layoutShift, sidewaysOverflow, tabTo, useBrowser, WIDTHS } from './browser.ts';

const database = useArticles();
const { open } = useBrowser();

const PAGES = ['/', '/query_mysql', '/query_cache', '/query_cache?term=qqqq', '/nowhere'];
/** What is searched for, and found, may be long and without a space. */
const LONG = [`/query_cache?term=${'x'.repeat(100)}`, '/query_cache?term=zebra', '/query_mysql?limit=0'];
const mayFail = ['/nowhere', '/query_mysql'];

describe('every page', () => {
  it.each(WIDTHS)('is accessible, fits %i pixels and does not jump while it is drawn', async (width) => {
    const { server } = await startDemo(database);
    const page = await open(server.url, { width, mayFail });
    for (const path of [...PAGES, ...LONG]) {
      await page.goto(server.url + path);
      expect([path, await layoutShift(page)]).toEqual([path, 0]);
      expect([path, await sidewaysOverflow(page)]).toEqual([path, 0]);
      expect([path, await page.getByRole('heading', { level: 1 }).count()]).toEqual([path, 1]);
      if (PAGES.includes(path)) await expectNoViolations(page);
    }
  });
});

describe('the query pages', () => {
  it('show MySQL, then a miss, then a hit, and how much faster that was', async () => {
    const { server } = await startDemo(database);
    const page = await open(server.url);
    await page.getByRole('button', { name: 'Query MySQL' }).click();
    await page.getByText('From MySQL', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Query the cache' }).click();
    await page.getByText('Cache miss').waitFor();
    await page.getByRole('button', { name: 'Query the cache' }).click();
    await page.getByText('Cache hit').waitFor();
    await page.getByText('as fast as MySQL').waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBeGreaterThan(10);
  });

  it('take the search that was typed along to every page', async () => {
    const { server } = await startDemo(database);
    const page = await open(server.url);
    const term = page.getByLabel('Text in a sentence');
    const limit = page.getByLabel('At most');
    await term.fill('zebra');
    await limit.fill('3');
    await page.getByRole('button', { name: 'Query the cache' }).click();
    await page.getByText('Cache miss').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Query MySQL' }).click();
    await page.getByText('From MySQL', { exact: true }).waitFor();
    expect(await term.inputValue()).toBe('zebra');
    expect(await limit.inputValue()).toBe('3');
  });

  it('delete the cache by keyboard alone', async () => {
    const { server } = await startDemo(database);
    const page = await open(`${server.url}/query_cache`);
    await tabTo(page, page.getByRole('button', { name: 'Delete the cache' }));
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'The cache is deleted' }).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Query the cache' }));
    await page.keyboard.press('Enter');
    await page.getByText('Cache miss').waitFor();
  });
});

describe('a page that says what is wrong', () => {
  it('leads back to the start', async () => {
    const { server } = await startDemo(database);
    const page = await open(`${server.url}/nowhere`, { mayFail });
    await page.getByRole('link', { name: 'To the start page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Seconds to milliseconds' }).waitFor();
  });
});
