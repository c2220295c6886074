import { mkdtemp, rmdir, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enginesReset, enginesUp, enginesDown } from '../src/index.ts';
import { expectRoom } from '../src/native-mysql.ts';
import { runCommand } from '../src/run-command.ts';
import { findServers } from '../src/server-program.ts';
import { readSettings } from '../src/settings.ts';
import { nativeEnv, run } from './support.ts';

test('a disk with too little room is told before anything is made on it', async () => {
  await expect(expectRoom('/home/me', async () => ({ bavail: 20_000, bsize: 4096 }))).rejects.toMatchObject({
    code: 'disk-full',
    message:
      "The disk of /home/me is full: MySQL's data needs 300 MB to start with, and 82 MB are free. " +
      'Make room, or set WORKSHOP_STATE to a folder on another disk.',
  });
});

/** A small disk, where this user may have one. */
const disk = await mkdtemp(path.join(tmpdir(), 'small-disk-'));
const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=340m', 'tmpfs', disk]).then(
  () => true,
  () => false,
);
if (!mounted) await rmdir(disk);

const [server] = await findServers('mysql', { run: runCommand, settings: readSettings(nativeEnv) });

// Only root may mount, and a full disk cannot be had otherwise. What the servers log then is also in log-diagnosis.test.ts.
if (mounted) {
  describe('on a small disk that fills up', () => {
    const options = { stateDir: path.join(disk, 'state'), env: nativeEnv };
    beforeAll(async () => {
      await enginesUp(options);
      await enginesDown(options);
    });
    afterAll(async () => {
      await enginesReset(options);
      await run('umount', [disk]);
      await rmdir(disk);
    });

    const freeBytes = async () => {
      const { bavail, bsize } = await statfs(disk);
      return bavail * bsize;
    };
    const fillUpTo = async (bytesLeft: number) =>
      writeFile(
        path.join(disk, `filler-${bytesLeft}`),
        Buffer.alloc(Math.max(0, (await freeBytes()) - bytesLeft)),
      );

    // MariaDB takes 12 MB for its temporary tables whenever it starts; MySQL may start, or not, on its last bytes.
    if (server?.brand === 'MariaDB') {
      test('a server that finds no room for its files', async () => {
        await fillUpTo(6e6);
        await expect(enginesUp(options)).rejects.toMatchObject({
          code: 'disk-full',
          message: expect.stringMatching(
            /^MariaDB [\d.]+ .*; the disk is full: make room, then try again\. Its log: .*mysql\.log$/,
          ),
        });
      });
    }

    test('no room for our own files', async () => {
      await fillUpTo(0);
      await expect(enginesUp(options)).rejects.toMatchObject({
        code: 'disk-full',
        message: `The disk of ${path.join(options.stateDir, 'engines')} is full: make room, or set WORKSHOP_STATE to a folder on another disk.`,
      });
    });
  });
}
