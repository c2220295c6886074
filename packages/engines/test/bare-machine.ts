import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A machine with apt-get and nothing else, on a folder that goes with the test; `put` makes a program in it. */
export async function bareMachine() {
  const folder = await mkdtemp(path.join(tmpdir(), 'machine-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const put = async (name: string) => {
    const file = path.join(bin, name);
    await writeFile(file, '');
    await chmod(file, 0o755);
    return file;
  };
  await put('apt-get');
  return { bin, put, env: { PATH: bin, WORKSHOP_STATE: path.join(folder, 'state') }, folders: [bin] };
}
