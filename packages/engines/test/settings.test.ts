import path from 'node:path';
import { expect, test } from 'vitest';
import { readSettings, repositoryRoot, stateDir } from '../src/settings.ts';

test('an empty environment asks for engines of our own, in .workshop', () => {
  expect(readSettings({})).toMatchObject({
    mysqlUrl: undefined,
    redisUrl: undefined,
    source: 'auto',
    install: 'auto',
    stateDir: path.join(repositoryRoot, '.workshop'),
  });
});

test('an empty variable is one that is not set', () => {
  const empty = {
    MYSQL_URL: '',
    REDIS_URL: '',
    WORKSHOP_ENGINES: '',
    WORKSHOP_INSTALL: '',
    WORKSHOP_STATE: '',
  };
  expect(readSettings(empty)).toMatchObject(readSettings({ ...empty, MYSQL_URL: undefined }));
  expect(stateDir(empty)).toBe(path.join(repositoryRoot, '.workshop'));
});

test('a state folder may be relative', () => {
  expect(stateDir({ WORKSHOP_STATE: 'here' })).toBe(path.resolve('here'));
});

test('commands that we run do not see the URLs', () => {
  const { childEnv } = readSettings({
    MYSQL_URL: 'mysql://a:b@c/d',
    REDIS_URL: 'redis://:b@c',
    HOME: '/home/me',
  });
  expect(childEnv).toEqual({ HOME: '/home/me' });
});

test('folders of PATH that depend on where one stands are not searched', () => {
  expect(readSettings({ PATH: '/usr/bin::.:bin:/opt/x' }).searchPath).toEqual(['/usr/bin', '/opt/x']);
});

test.each([
  [{ WORKSHOP_INSTALL: 'no' }, 'WORKSHOP_INSTALL must be "auto" or "never". Correct it or unset it.'],
  [
    { WORKSHOP_ENGINES: 'podman' },
    'WORKSHOP_ENGINES must be "auto", "native" or "docker". Correct it or unset it.',
  ],
  [
    { REDIS_URL: 'localhost:6379' },
    'REDIS_URL is not a URL of the form redis://:password@host:6379/0. Correct it or unset it.',
  ],
])('%o is refused by name', (env, message) => {
  expect(() => readSettings(env)).toThrow(expect.objectContaining({ code: 'settings', message }));
});
