import { throwawayRedis } from '@workshop/engines/throwaway';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  expectNoViolations,
  layoutShift,
  sidewaysOverflow,
  tabTo,
  useBrowser,
  WIDTHS,
} from '../browser/browser.ts';
import { useArticles } from '../support.ts';
import { openApp } from './support.ts';

const database = useArticles();
const browser = useBrowser();
const LIMIT = { timeout: 20_000 };

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
/** One of the large figures. */
const figure = (page: Page, field: string) => page.locator(`[data-field=${field}]`);
const live = (page: Page) => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

/** How many pixels of a chart's canvas have this colour of the style sheet, or nearly. */
async function pixelsOf(page: Page, chart: string, color: string): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const canvas = document.querySelector('#chart-${chart} canvas');
    const swatch = document.createElement('canvas').getContext('2d');
    swatch.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('${color}').trim();
    swatch.fillRect(0, 0, 1, 1);
    const [red, green, blue] = swatch.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) {
      const off = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
      if (data[at + 3] > 200 && off < 12) found++;
    }
    return found;
  })()`);
}

describe('the dashboard', () => {
  it.each(WIDTHS)('moves by itself, and nothing else does, at %i pixels', async (width) => {
    const app = await openApp({ ...database, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`, { width });
    await live(page);
    const ratio = figure(page, 'sessionHitRatio');
    await ratio.filter({ hasText: '–' }).waitFor();
    for (let times = 0; times < 4; times++) await fetch(`${app.url}/query_cache`);
    await ratio.filter({ hasText: '75 %' }).waitFor();
    await figure(page, 'hitP50').filter({ hasText: / ms$/ }).waitFor();
    await page.getByText('4 requests, 4 reads of the cache, 3 hits.').waitFor();
    await vi.waitFor(async () => expect(await pixelsOf(page, 'memory', '--redis')).toBeGreaterThan(0), LIMIT);
    expect(await layoutShift(page)).toBe(0);
    expect(await sidewaysOverflow(page)).toBe(0);
  });

  it('shows what was before to one who comes later, and the same after a reload', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    await fetch(`${app.url}/query_cache`);
    await vi.waitFor(() => expect(app.dashboard.latest?.state.session.requests).toBe(1), LIMIT);
    const page = await browser.open(`${app.url}/dashboard`);
    for (let visit = 0; visit < 2; visit++) {
      await live(page);
      // The one request was in a sample that had passed before this page came.
      const words = region(page, 'Requests').locator('.unseen[id]');
      await words
        .filter({ hasText: /^Answered: .+ now; from 0 \/s to [1-9]/ })
        .waitFor({ state: 'attached' });
      await page.reload();
    }
  });

  it('is told in words and in tables', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`);
    await live(page);
    const memory = region(page, 'Memory of Redis');
    const words = /^Used: [\d.]+ MiB now; from .+ in 2 minutes\. Limit: /;
    await memory.locator('.unseen[id]').filter({ hasText: words }).waitFor({ state: 'attached' });
    await tabTo(page, memory.getByText('Latest values'));
    await page.keyboard.press('Enter');
    await memory.getByRole('columnheader', { name: 'limit' }).waitFor();
    expect(await page.locator('[aria-live=polite], [aria-live=assertive]').count()).toBe(0);
  });

  it('has a gap where an engine was away, and says which', async () => {
    const server = await throwawayRedis();
    onTestFinished(() => server.stop());
    const app = await openApp({ ...database, redisUrl: server.url, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`);
    const memory = region(page, 'Memory of Redis');
    const used = figure(page, 'usedMemoryBytes');
    await used.filter({ hasText: 'MiB' }).waitFor();
    await server.kill('SIGKILL');
    await page.getByText('Redis is not answering: its lines have a gap until it does.').waitFor();
    await used.filter({ hasText: '–' }).waitFor();
    await server.restart();
    await used.filter({ hasText: 'MiB' }).waitFor();
    await memory.getByText('Latest values').click();
    await memory.getByRole('cell', { name: '–' }).first().waitFor();
    expect(await layoutShift(page)).toBe(0);
  });

  it('follows the theme while it is open', async () => {
    const app = await openApp({ ...database, everyMs: 60_000 });
    const page = await browser.open(`${app.url}/dashboard`);
    const seen = () => page.evaluate<string>(`document.querySelector('#chart-ratio canvas').toDataURL()`);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await seen();
    await page.emulateMedia({ colorScheme: 'dark' });
    // No sample comes: it is drawn again for the theme alone.
    await vi.waitFor(async () => expect(await seen()).not.toBe(light), LIMIT);
  });

  it('says when it has lost the server, and goes on when that is back', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`);
    await live(page);
    app.dropReaders();
    await page.getByText('Not connected. Trying again …').waitFor();
    await live(page);
  });

  it('has nothing that axe-core finds fault with, in both themes', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    await fetch(`${app.url}/query_cache`);
    const page = await browser.open(`${app.url}/dashboard`);
    await live(page);
    await region(page, 'Requests').getByText('Latest values').click();
    await page.getByText('How much, and of what').click();
    await expectNoViolations(page);
  });
});

describe('the load', () => {
  it('is started, watched and stopped by keyboard alone, on the page', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`);
    await live(page);
    const start = page.getByRole('button', { name: 'Start the load' });
    const stop = page.getByRole('button', { name: 'Stop it' });
    await page.getByText('How much, and of what').click();
    await page.getByLabel('Requests at most').fill('200000');
    await page.getByLabel('Callers at once').fill('2');
    await start.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Running …').waitFor();
    expect(app.load.state.plan).toMatchObject({ requests: 200_000, callers: 2 });
    // The button that was pressed is now off; the focus has moved to the one that is on.
    await vi.waitFor(
      async () => expect(await stop.evaluate((button) => button.matches(':focus'))).toBe(true),
      LIMIT,
    );
    await figure(page, 'requestRate')
      .filter({ hasText: /^[1-9]/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Stopped before its end.').waitFor();
    expect(await start.isEnabled()).toBe(true);
  });

  it('tells what was wrong with it', async () => {
    const app = await openApp({ ...database, everyMs: 250 });
    const page = await browser.open(`${app.url}/dashboard`, { mayFail: ['/load'] });
    await live(page);
    await page.getByText('How much, and of what').click();
    // The browser's own check says nothing of what only the server knows.
    await page.evaluate(`document.querySelector('#load-form').noValidate = true`);
    await page.getByLabel('Callers at once').fill('65');
    await page.getByRole('button', { name: 'Start the load' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: 'callers must be a whole number from 1 to 64.' })
      .waitFor();
    expect(app.load.state.phase).toBe('idle');
  });
});
