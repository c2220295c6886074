import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { EngineContext } from '../src/engine-context.ts';
import { EngineRecords } from '../src/engine-records.ts';
import type { Run } from '../src/run-command.ts';
import { readSettings } from '../src/settings.ts';

/** What a provider gets, on a folder that is gone after the test, with commands run as the test says. */
export async function makeContext(run: Run, env: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'context-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lines: string[] = [];
  const context: EngineContext = {
    settings: readSettings({ PATH: process.env['PATH'], ...env }),
    folder,
    run,
    records: await EngineRecords.read(folder, (line) => lines.push(line)),
    password: 'a password of 32 characters, say'.replaceAll(/\W/g, '_'),
    machine: { isRoot: true, canAsk: false, hasSystemd: false },
    progress: (line) => lines.push(line),
  };
  return { context, lines };
}
