import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findInstalledServer, findThrowawayServer } from '../../src/throwaway/find-server.ts';
import { nativeEnv } from '../support.ts';

async function emptyState(): Promise<string> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'find-test-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  return stateDir;
}

test('the server of this machine is found, whatever URL is given', async () => {
  const env = { ...nativeEnv, REDIS_URL: 'redis://127.0.0.1:1' };
  expect(await findThrowawayServer({ env })).toMatchObject({
    file: expect.stringMatching(/(redis|valkey)-server$/),
  });
});

test('where none is, and none may be installed, that is said plainly', async () => {
  const env = { ...nativeEnv, WORKSHOP_STATE: await emptyState(), WORKSHOP_INSTALL: 'never' };
  await expect(findThrowawayServer({ env, folders: [] })).rejects.toMatchObject({
    name: 'EngineError',
    code: 'no-engine',
    message: expect.stringMatching(
      /need redis-server or valkey-server on this machine.*WORKSHOP_INSTALL=never/,
    ),
  });
});

test('asked for what is installed, it installs nothing and is content with none', async () => {
  expect(await findInstalledServer({ env: nativeEnv })).toMatchObject({ version: expect.any(String) });
  expect(await findInstalledServer({ env: nativeEnv, folders: [] })).toBeUndefined();
  expect(await findInstalledServer({ env: { ...nativeEnv, WORKSHOP_ENGINES: 'docker' } })).toBeUndefined();
});

test('where Docker alone may be used, too', async () => {
  const env = { ...nativeEnv, WORKSHOP_STATE: await emptyState(), WORKSHOP_ENGINES: 'docker' };
  await expect(findThrowawayServer({ env, folders: [] })).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringContaining('WORKSHOP_ENGINES=docker'),
  });
});
