import { expect, it } from 'vitest';
import { startDemo, useArticles } from '../support.ts';
import { expectNoViolations, sidewaysOverflow, tabTo, useBrowser, WIDTHS } from './browser.ts';

const database = useArticles();
const { open } = useBrowser();

it.each(WIDTHS)('compares while one looks on, by keyboard alone, at %i pixels', async (width) => {
  const { server } = await startDemo(database);
  const page = await open(`${server.url}/compare?term=zebra`, { width });
  await page.getByRole('combobox', { name: 'Runs each' }).selectOption('50');
  const button = page.getByRole('button', { name: 'Compare' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await page.getByText(/^Run \d+ of 50/).waitFor();
  await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor();
  await page.getByText('50 runs each, by turns.').waitFor();
  expect(await page.locator('.strip rect, .strip circle').count()).toBe(100);
  expect(await page.getByText(/as (fast|slow) as MySQL/).count()).toBe(1);
  expect(await button.isEnabled()).toBe(true);
  expect(page.url()).toContain('term=zebra');
  expect(await sidewaysOverflow(page)).toBe(0);
  await expectNoViolations(page);
});

it('asks nothing more of the server once the visitor has gone on to another page', async () => {
  const { server, log } = await startDemo({ ...database, logLevel: 'info' });
  const page = await open(`${server.url}/compare?term=delta`);
  await page.getByRole('combobox', { name: 'Runs each' }).selectOption('100');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByText(/^Run \d+ of 100/).waitFor();
  await page.goto(server.url);
  // Its turn ends, so another's comparison begins at once.
  await page.goto(`${server.url}/compare?term=delta`);
  await page.getByRole('combobox', { name: 'Runs each' }).selectOption('10');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('status').filter({ hasText: 'Done.' }).waitFor();
  expect(log.join('')).not.toContain('broke off');
});

it('counts down what expires', async () => {
  const { server } = await startDemo({ ...database, cacheTtlMs: 3_000 });
  const page = await open(`${server.url}/query_cache?term=zebra`);
  const left = page.getByRole('definition').filter({ hasText: /^in \d s$/ });
  expect(await left.textContent()).toBe('in 3 s');
  await page.getByText('in 1 s', { exact: true }).waitFor();
  await page.getByText('now: the next read is a miss').waitFor();
});
