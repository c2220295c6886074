import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { watch } from '../src/lab-watch.ts';
import { start } from '../src/lab-start.ts';
import { useOwnLabs } from './helpers/own-labs.ts';

const labs = useOwnLabs();
/** Generous: it only says that something never came. */
const limit = { timeout: 30_000, interval: 20 };

class Keyboard extends EventEmitter {
  isTTY = true;
  raw: boolean[] = [];
  setRawMode = (mode: boolean) => void this.raw.push(mode);
  resume = () => {};
  pause = () => {};
  press(keys: string): void {
    this.emit('data', Buffer.from(keys));
  }
}

let keyboard = new Keyboard();
let over: Promise<number> | undefined;
const said: string[] = [];
afterEach(async () => {
  keyboard.press('q');
  await over;
  said.length = 0;
});

async function startWatching(): Promise<void> {
  await start('01', { noDemo: true }, labs.place);
  keyboard = new Keyboard();
  over = watch(undefined, labs.place, keyboard, (text) => void said.push(text));
  await hears(/Keys:/);
}

/** Waits for a text, and takes all that was said up to there. */
async function hears(pattern: RegExp): Promise<string> {
  await vi.waitUntil(() => pattern.test(said.join('\n')), limit);
  return said.splice(0).join('\n');
}

test('a save is checked, and only what changed is said', async () => {
  await startWatching();
  await labs.save('01-small', 'eins', 'zwei');
  const fixed = await hears(/Keys:/);
  expect(fixed).toContain('PASS  two is right');
  expect(fixed).not.toContain('one is right');
  expect(fixed).toContain('Lab 01 is done: 2 of 2 checks pass');
  await labs.save('01-small', 'broken', 'zwei');
  const broken = await hears(/Keys:/);
  expect(broken).toContain('FAIL  one is right');
  expect(broken).not.toContain('two is right');
  keyboard.press('\r');
  expect(await hears(/Keys:/)).toMatch(/As before\.[^]*First to mend: one is right\./);
});

test('keys give a hint, the differences, and start over', async () => {
  await startWatching();
  keyboard.press('h');
  expect(await hears(/next one/)).toContain('What is two?');
  keyboard.press('h');
  expect(await hears(/next one/)).toContain('press h again');
  keyboard.press('d');
  expect(await hears(/zwei/)).toContain("-    async two() { return 'two'; },");
  await labs.save('01-small', 'eins', 'zwei');
  await hears(/is done[^]*Keys:/);
  keyboard.press('r');
  expect(await hears(/FAIL {2}two[^]*Keys:/)).toContain('What you had is kept in');
});

test('n goes on to the next lab; from one that is not done, when asked twice', async () => {
  await startWatching();
  keyboard.press('n');
  await hears(/Press n again/);
  keyboard.press('n');
  expect(await hears(/Keys:/)).toContain('Lab 02  The next lab');
  await labs.save('02-next', 'eins', 'zwei');
  await hears(/Lab 02 is done/);
  keyboard.press('n');
  await hears(/last lab/);
});

test('file that does not load is told, and mended is told in full', async () => {
  await startWatching();
  await labs.save('01-small', "' + (", 'two');
  expect(await hears(/Keys:/)).toMatch(/syntax error[^]*1 check was not run/);
  await labs.save('01-small', 'eins', 'two');
  expect(await hears(/Keys:/)).toMatch(/PASS {2}one is right\n[^]*FAIL {2}two is right\n[^]*seen/);
});

test.each(['q', '\u0003', '\u0004'])('%j ends it, and gives the terminal back', async (key) => {
  await startWatching();
  keyboard.press(key);
  expect(await over).toBe(0);
  expect(keyboard.raw).toEqual([true, false]);
});
