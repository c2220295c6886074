import path from 'node:path';
import { expect, test } from 'vitest';
import { findChromium } from '../../src/browser/index.ts';
import { bareMachine as machine } from '../bare-machine.ts';
import { fakeRun } from '../fake-run.ts';
import { nativeEnv, run } from '../support.ts';

const CHROMIUM = { stdout: 'Chromium 156.0.8078.79 built on Debian\n' };

test("this machine's browser is found, and answers", async () => {
  const file = await findChromium({ env: nativeEnv, onProgress: (line) => console.log(line) });
  const { stdout } = await run(file, ['--version']);
  expect(stdout).toMatch(/Chrom(e|ium) \d+/);
});

test('a program that only says how to install it is passed over', async () => {
  const { env, folders, put } = await machine();
  const [stub, real] = [await put('chromium-browser'), await put('google-chrome')];
  const answers = {
    [stub]: { code: 1, stderr: 'install the snap' },
    [real]: { stdout: 'Google Chrome 156\n' },
  };
  expect(await findChromium({ env, folders, run: fakeRun(answers).run })).toBe(real);
});

test('CHROMIUM has the first word, and is named when it is wrong', async () => {
  const { env, folders, put } = await machine();
  const [own, other] = [await put('my-browser'), await put('chromium')];
  const { run: answering } = fakeRun({ [own]: CHROMIUM, [other]: CHROMIUM });
  expect(await findChromium({ env: { ...env, CHROMIUM: own }, folders, run: answering })).toBe(own);
  await expect(
    findChromium({ env: { ...env, CHROMIUM: '/nowhere/chrome' }, folders, run: answering }),
  ).rejects.toMatchObject({
    code: 'settings',
    message: expect.stringMatching(/^CHROMIUM is \/nowhere\/chrome, .* Correct it or unset it\.$/),
  });
});

test('of two test files at once, one installs it and the other finds it', async () => {
  const { bin, env, folders, put } = await machine();
  const file = path.join(bin, 'chromium');
  const { run: installing, commands } = fakeRun({
    [file]: CHROMIUM,
    env: async () => {
      if (commands.at(-1)?.includes(' install ')) await put('chromium');
      return {};
    },
    'sudo -n': async () => {
      if (commands.at(-1)?.includes(' install ')) await put('chromium');
      return {};
    },
  });
  const lines: string[] = [];
  const find = () =>
    findChromium({ env, folders, run: installing, onProgress: (line) => void lines.push(line) });
  expect(await Promise.all([find(), find()])).toEqual([file, file]);
  expect(commands.filter((command) => command.includes(' install '))).toHaveLength(1);
  expect(lines[0]).toMatch(/^Installing chromium, fonts-dejavu-core with apt-get/);
});

test('where none may be installed, it says what to do by hand', async () => {
  const { env, folders } = await machine();
  const never = { ...env, WORKSHOP_INSTALL: 'never' };
  await expect(findChromium({ env: never, folders, run: fakeRun({}).run })).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringMatching(
      /WORKSHOP_INSTALL=never .*by hand: sudo apt-get update && .* chromium fonts-dejavu-core\. If you have one elsewhere, set CHROMIUM/,
    ),
  });
});

test('where apt-get has no such package, its words are passed on', async () => {
  const { env, folders } = await machine();
  const failed = { code: 100, stderr: 'E: Unable to locate package chromium\n' };
  const { run: failing } = fakeRun({ env: failed, 'sudo -n true': {}, 'sudo -n env': failed });
  await expect(findChromium({ env, folders, run: failing })).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringMatching(/Unable to locate package chromium.*set CHROMIUM to its program\.$/),
  });
});
