import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTool } from '@workshop/engines/tools';
import { expect, onTestFinished, test } from 'vitest';
import { setupScript } from '../../lib/web/user-data.ts';

const run = promisify(execFile);
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

async function inFile(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'scripts-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, name), text);
  return path.join(folder, name);
}

const VALUES = {
  stackName: 'Site',
  region: 'eu-west-1',
  resource: 'WebMachine0123',
  bundleUrl: 's3://assets/bundle.zip',
  bundleSha256: '0'.repeat(64),
  outputs: '{"Site":{"secretname":"it\'s"}}',
  host: '0.0.0.0',
  port: 8008,
  trustProxy: '1',
  onFailure: 'stay',
  rows: 1_000,
  readySeconds: 60,
} as const;

test('shellcheck has nothing to say about the user data, as a machine gets it', async () => {
  const file = await inFile('user-data.sh', setupScript(VALUES));
  const { stdout } = await run(await findTool('shellcheck'), [
    '--enable=all',
    '--exclude=SC2250,SC2310,SC2312',
    file,
  ]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('nor about the scripts that stand for a machine in tests', async () => {
  const files = (await readdir(here('machine'))).map((name) => here(`machine/${name}`));
  expect(files.length).toBeGreaterThan(4);
  const { stdout } = await run(await findTool('shellcheck'), files).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

// The same rules wherever systemd is; elsewhere there is nobody to ask.
test.skipIf(!(await isSystemdHere()))('systemd takes the unit, and finds little that it may do', async () => {
  const unit = await readFile(here('../../lib/web/caching-workshop.service'), 'utf8');
  const file = await inFile('caching-workshop.service', unit.replace('/usr/bin/node-24', process.execPath));
  const { stderr } = await run('systemd-analyze', ['verify', file]);
  expect(stderr).toBe('');
  // In tenths, of 100 where nothing is denied. It fails above the threshold.
  await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', file]);
});

async function isSystemdHere(): Promise<boolean> {
  return await run('systemd-analyze', ['--version']).then(
    ({ stdout }) => Number(/^systemd (\d+)/.exec(stdout)?.[1]) >= 250,
    () => false,
  );
}

test('every value that is given is used, and stays what it is', async () => {
  const script = setupScript(VALUES);
  const [values = '', text = ''] = script.split('# Makes a web server');
  const names = [...values.matchAll(/^readonly ([A-Z0-9_]+)=/gm)].map(([, name = '']) => name);
  expect(names).toHaveLength(13);
  expect(names.filter((name) => !new RegExp(String.raw`\b${name}\b`).test(text))).toEqual([]);
  const { stdout } = await run('bash', ['-c', `${values}\nprintf '%s' "$OUTPUTS$UNIT"`]);
  expect(stdout).toBe(
    VALUES.outputs + (await readFile(here('../../lib/web/caching-workshop.service'), 'utf8')),
  );
});
