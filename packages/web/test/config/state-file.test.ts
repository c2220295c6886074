import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stateDir } from '@workshop/engines';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { readStateFile } from '../../src/config/state-file.ts';

async function stateFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'web-state-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'engines'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, 'engines', name), text);
  return folder;
}

const RECORDS = JSON.stringify({
  version: 1,
  engines: {
    mysql: { source: 'docker', title: 'MySQL 8.4.3', port: 3307 },
    redis: { source: 'docker', title: 'Valkey 8.1.1', port: 6380 },
  },
});

describe('the state file', () => {
  // Engines that were given by URL are in the environment, not in the state folder.
  const areGiven = Boolean(process.env['MYSQL_URL'] && process.env['REDIS_URL']);
  it.skipIf(areGiven)('leads to the engines that run here', async () => {
    const config = await readConfig({ WORKSHOP_STATE: stateDir() });
    expect(config).toMatchObject({
      mysqlUrl: inject('mysqlUrl'),
      redisUrl: inject('redisUrl'),
      sources: { MYSQL_URL: 'state file', REDIS_URL: 'state file' },
    });
  });

  it('is found in the repository when no folder is named', async () => {
    // The same folder as the engines take by themselves.
    expect(await readStateFile()).toEqual(await readStateFile(stateDir({})));
  });

  it('knows a MySQL in a container by its user', async () => {
    const folder = await stateFolder({ 'engines.json': RECORDS, password: 's3cret\n' });
    expect(await readStateFile(folder)).toEqual({
      mysqlUrl: 'mysql://root:s3cret@127.0.0.1:3307/workshop',
      redisUrl: 'redis://:s3cret@127.0.0.1:6380/0',
    });
  });

  it('gives way to the environment, each value by itself', async () => {
    const folder = await stateFolder({ 'engines.json': RECORDS, password: 's3cret' });
    const config = await readConfig({ WORKSHOP_STATE: folder, REDIS_URL: 'redis://elsewhere' });
    expect(config.redisUrl).toBe('redis://elsewhere');
    expect(config.sources).toMatchObject({ MYSQL_URL: 'state file', REDIS_URL: 'environment' });
  });

  it.each([
    ['there is none', {}],
    ['it is damaged', { 'engines.json': '{"version":1', password: 's3cret' }],
    ['it is of another version', { 'engines.json': '{"version":2,"engines":{}}', password: 's3cret' }],
    ['the password is gone', { 'engines.json': RECORDS }],
    ['no engine runs', { 'engines.json': '{"version":1,"engines":{}}', password: 's3cret' }],
  ])('says that no engines run when %s', async (_what, files) => {
    const folder = await stateFolder(files);
    await expect(readConfig({ WORKSHOP_STATE: folder })).rejects.toThrow(
      /^MYSQL_URL is not set, and no engines of "npm start" run here\..*\nREDIS_URL is not set/,
    );
  });

  it('says so when it cannot be read, to those who need it', async () => {
    const folder = await stateFolder({ 'engines.json': RECORDS });
    await mkdir(path.join(folder, 'engines', 'password'));
    await expect(readConfig({ WORKSHOP_STATE: folder, REDIS_URL: 'redis://elsewhere' })).rejects.toThrow(
      /^WORKSHOP_STATE names a folder whose password cannot be read \(EISDIR/,
    );
    const urls = { MYSQL_URL: 'mysql://u:p@elsewhere/d', REDIS_URL: 'redis://elsewhere' };
    expect((await readConfig({ WORKSHOP_STATE: folder, ...urls })).redisUrl).toBe('redis://elsewhere');
  });
});
