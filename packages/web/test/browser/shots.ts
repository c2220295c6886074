// Takes pictures of a demo that runs, for people to look at: every path at both widths, in both themes.
//
//   node --import tsx test/browser/shots.ts http://127.0.0.1:8008 FOLDER / /query_cache …
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launch, THEMES, WIDTHS } from './browser.ts';

const [address, folder, ...paths] = process.argv.slice(2);
if (address === undefined || folder === undefined || paths.length === 0) {
  throw new Error(
    'Give the address of a demo that runs, a folder for the pictures, and paths such as /query_cache.',
  );
}
await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const width of WIDTHS) {
    for (const colorScheme of THEMES) {
      const page = await browser.newPage({
        viewport: { width, height: width === 390 ? 844 : 800 },
        colorScheme,
      });
      for (const each of paths) {
        await page.goto(address + each);
        const name = each.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '') || 'home';
        // What a room sees without scrolling; a phone is scrolled anyway.
        const file = path.join(folder, `${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: width === 390 });
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
