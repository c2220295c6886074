import path from 'node:path';
import { expect, test } from 'vitest';
import { findTool } from '../../src/tools/index.ts';
import { bareMachine as machine } from '../bare-machine.ts';
import { fakeRun } from '../fake-run.ts';

test('a tool that is there is taken as it is', async () => {
  const { env, folders, put } = await machine();
  const file = await put('zip');
  const { run, commands } = fakeRun({});
  expect(await findTool('zip', { env, folders, run })).toBe(file);
  expect(commands).toEqual([]);
});

test('of two test files at once, one installs it and the other finds it', async () => {
  const { bin, env, folders, put } = await machine();
  const installed = async () => {
    if (commands.at(-1)?.includes(' install ')) await put('shellcheck');
    return {};
  };
  const { run, commands } = fakeRun({ env: installed, 'sudo -n': installed });
  const lines: string[] = [];
  const both = [1, 2].map(() =>
    findTool('shellcheck', { env, folders, run, onProgress: (line) => lines.push(line) }),
  );
  const file = path.join(bin, 'shellcheck');
  expect(await Promise.all(both)).toEqual([file, file]);
  expect(commands.filter((each) => each.includes(' install '))).toHaveLength(1);
  expect(commands.find((each) => each.includes(' install '))).toMatch(/--no-remove shellcheck$/);
  expect(lines.filter((line) => line.startsWith('Installing shellcheck with apt-get'))).toHaveLength(1);
});

test('where nothing may be installed, it says what to do by hand', async () => {
  const { env, folders } = await machine();
  const { run } = fakeRun({});
  await expect(
    findTool('unzip', { env: { ...env, WORKSHOP_INSTALL: 'never' }, folders, run }),
  ).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringMatching(
      /^A test needs unzip on this machine, and it is not there: WORKSHOP_INSTALL=never .* install -y --no-install-recommends unzip\.$/,
    ),
  });
});
