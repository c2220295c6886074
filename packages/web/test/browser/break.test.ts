import { describe, expect, it } from 'vitest';
import { startBreakableDemo } from '../faults/support.ts';
import { startDemo, useArticles } from '../support.ts';
import { expectNoViolations, layoutShift, sidewaysOverflow, tabTo, useBrowser, WIDTHS } from './browser.ts';

const database = useArticles();
const { open } = useBrowser();

describe('the page', () => {
  it.each(WIDTHS)('is accessible, fits %i pixels and does not jump, whatever is broken', async (width) => {
    const demo = await startBreakableDemo(database);
    const page = await open(`${demo.server.url}/break`, { width });
    await expectNoViolations(page);
    for (const name of ['evict', 'hang'] as const) {
      await demo.faults.begin(name, { seconds: 120 });
      // Without a reload: the page looks by itself.
      await page.locator(`[data-fault=${name}][data-on]`).waitFor();
      expect([name, await layoutShift(page), await sidewaysOverflow(page)]).toEqual([name, 0, 0]);
    }
    await expectNoViolations(page);
  });

  it('breaks Redis, counts down, and mends it, by keyboard alone', async () => {
    const demo = await startBreakableDemo(database);
    const page = await open(`${demo.server.url}/break`);
    const state = page.getByRole('status');
    await state.filter({ hasText: 'Redis is well' }).waitFor();
    await page.getByRole('combobox', { name: 'Mend by itself after' }).selectOption('60 seconds');
    await tabTo(page, page.getByRole('button', { name: 'Stop Redis' }));
    await page.keyboard.press('Enter');
    await state.filter({ hasText: 'Redis is gone' }).waitFor();
    await page.getByText(/^5\d s left$/).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Mend it now' }));
    await page.keyboard.press('Enter');
    await state.filter({ hasText: 'Redis is well' }).waitFor();
    expect(await page.getByRole('button', { name: 'Mend it now' }).isVisible()).toBe(false);
  });

  it('shows what somebody else breaks, and that it mends itself', async () => {
    const demo = await startBreakableDemo(database);
    const page = await open(`${demo.server.url}/break`);
    await demo.faults.begin('fill', { seconds: 2 });
    await page.getByRole('status').filter({ hasText: 'Redis is full' }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Redis is well' }).waitFor();
  });

  it('expires the key that was asked for most', async () => {
    const demo = await startBreakableDemo(database);
    await demo.ask();
    const page = await open(`${demo.server.url}/break`);
    await page.getByRole('button', { name: 'Expire the key' }).click();
    await page.getByText('A hot key has expired. Nothing else is wrong.').waitFor();
    expect(await demo.ask()).toContain('fwd=miss');
  });

  it('works without scripts', async () => {
    const demo = await startBreakableDemo(database);
    const page = await open(`${demo.server.url}/break`, { scripts: false });
    await page.getByRole('button', { name: 'Let Redis hang' }).click();
    await page.getByRole('status').filter({ hasText: 'Redis hangs' }).waitFor();
    await page.getByRole('button', { name: 'Mend it now' }).click();
    await page.getByRole('status').filter({ hasText: 'Redis is well' }).waitFor();
  });

  it('says so where there is nothing to break', async () => {
    const { server } = await startDemo(database);
    const page = await open(`${server.url}/break`);
    await page.getByRole('status').filter({ hasText: 'Nothing to break here' }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop Redis' }).isDisabled()).toBe(true);
    await expectNoViolations(page);
  });
});
