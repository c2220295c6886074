import { findChromium } from '@workshop/engines/browser';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

export const THEMES = ['light', 'dark'] as const;
/** A projector's or laptop's width, and a phone's, in CSS pixels. */
export const WIDTHS = [1280, 390] as const;

export interface PageOptions {
  /** @default 1280 */
  readonly width?: number;
  /** @default true */
  readonly scripts?: boolean;
  /** Paths whose failing answer is what the test is about. */
  readonly mayFail?: readonly string[];
}

/** Starts the browser of this machine. */
export async function launch(): Promise<Browser> {
  const executablePath = await findChromium({ onProgress: (line) => console.log(line) });
  return chromium.launch({
    executablePath,
    // Chromium's own sandbox does not run as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}

/**
 * One browser for the tests of a file, and a fresh context for each page that a test opens. An error in the console, a
 * script that throws or a request that fails makes the test fail. Call it at the top of the file.
 */
export function useBrowser(): { readonly open: (url: string, options?: PageOptions) => Promise<Page> } {
  let browser: Browser | undefined;
  // Where there is no browser yet, it is installed first.
  beforeAll(async () => {
    browser = await launch();
  }, 300_000);
  afterAll(() => browser?.close());

  return {
    async open(url, { width = 1280, scripts = true, mayFail = [] } = {}) {
      if (browser === undefined) throw new Error('The browser has not been started.');
      const viewport = { width, height: 800 };
      const context = await browser.newContext({ viewport, javaScriptEnabled: scripts });
      await context.addInitScript(OBSERVE_SHIFTS);
      // Shorter than a test's own limit, so that what is missing is named.
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      const problems = watch(page, mayFail);
      onTestFinished(async () => {
        await context.close();
        expect(problems, 'what the browser complained of').toEqual([]);
      });
      await page.goto(url);
      return page;
    },
  };
}

/** Collects what goes wrong on a page. A request that the page itself gave up, as by moving on, is no failure. */
function watch(page: Page, mayFail: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const isExpected = (url: string) => URL.canParse(url) && mayFail.includes(new URL(url).pathname);
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.location().url)) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400 && !isExpected(response.url())) {
      problems.push(`${response.url()}: ${response.status()}`);
    }
  });
  return problems;
}

/** Has axe-core look at the page in both themes; it must find nothing. */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    // The themes differ in colours alone, and a full run takes half a second.
    const rules = colorScheme === 'light' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
    const options = { ...rules, resultTypes: ['violations'] };
    const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    expect(found, `${page.url()}, ${colorScheme}`).toEqual([]);
  }
}

/** How much of the page moved while it was drawn, as the Layout Instability API counts it: 0 is nothing. */
export async function layoutShift(page: Page): Promise<number> {
  return page.evaluate<number>(
    'new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(globalThis.layoutShifts), 0)))',
  );
}

const OBSERVE_SHIFTS = `
  globalThis.layoutShifts = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      if (!shift.hadRecentInput) globalThis.layoutShifts += shift.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** How many pixels of the page lie beyond the window's right edge. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** Presses Tab until this has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element.matches(':focus'))) return;
  }
  throw new Error('60 presses of Tab do not lead there.');
}
