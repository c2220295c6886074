import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stateDir } from '@workshop/engines';
import { root } from './root.ts';
import { fitted, lookHere, show } from './say.ts';

/** The demo that runs on a learner's code, as it is on record. Who changes the lab changes what it serves; without the file it ends. */
export interface DemoRecord {
  lab: string;
  url: string;
  /** In the header of each of its answers, so that another program on that port is not taken for it. */
  id: string;
}

/** What the process tells whoever has started it. */
export type DemoMessage = { progress: string } | { url: string } | { trouble: string };

type DemoAnswer = Exclude<DemoMessage, { progress: string }>;

export const demoHeader = 'Workshop-Demo';
export const demoFile = (): string => join(stateDir(), 'demo.json');
const logFile = (): string => join(stateDir(), 'demo.log');

/** How long a demo may take to say that it is there, ms. */
const answerLimitMs = 2_000;

/** How long it may take to end, its last answers included, ms. */
const endLimitMs = 20_000;

/** Has the demo serve a lab: the one that runs, or a new one in the background. Says where it is, or why it is not. */
export async function openDemo(lab: string): Promise<boolean> {
  if (await moveDemo(lab)) return true;
  console.log('\nOpening the demo on your code ...');
  const answer = await startDemo(lab);
  if ('url' in answer) {
    console.log(
      `The demo is at ${answer.url}, on your lab ${lab}.\nIt follows each save; pnpm lab:demo --stop ends it.`,
    );
    return true;
  }
  // Another command may have opened it in the same moment.
  if (await moveDemo(lab)) return true;
  console.log(fitted(`The demo is not open: ${answer.trouble}`, lookHere()));
  return false;
}

/** @returns whether there was one */
export async function stopDemo(): Promise<boolean> {
  const running = await runningDemo();
  await rm(demoFile(), { force: true });
  if (!running) return false;
  const giveUpAt = Date.now() + endLimitMs;
  while (await answers(running)) {
    if (Date.now() > giveUpAt)
      throw new DemoError(`The demo at ${running.url} has not ended after ${endLimitMs / 1_000} s.`);
    await delay(50);
  }
  return true;
}

/** The one that runs goes on with another lab. @returns false when none runs */
async function moveDemo(lab: string): Promise<boolean> {
  const running = await runningDemo();
  if (!running) return false;
  await writeDemo({ ...running, lab });
  console.log(`\nThe demo is at ${running.url}, on your lab ${lab} now.`);
  return true;
}

export class DemoError extends Error {
  override name = 'DemoError';
}

export async function readDemo(): Promise<DemoRecord | undefined> {
  try {
    const { lab, url, id } = JSON.parse(await readFile(demoFile(), 'utf8')) as Partial<DemoRecord>;
    return lab && url && id ? { lab, url, id } : undefined;
  } catch {
    return undefined;
  }
}

export async function writeDemo(record: DemoRecord): Promise<void> {
  await mkdir(dirname(demoFile()), { recursive: true });
  const aside = `${demoFile()}.${randomUUID()}`;
  await writeFile(aside, `${JSON.stringify(record, null, 2)}\n`);
  await rename(aside, demoFile());
}

async function runningDemo(): Promise<DemoRecord | undefined> {
  const record = await readDemo();
  return record && (await answers(record)) ? record : undefined;
}

async function answers({ url, id }: DemoRecord): Promise<boolean> {
  const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(answerLimitMs) }).catch(
    () => undefined,
  );
  return response?.headers.get(demoHeader) === id;
}

/** In a session of its own: it stays when this terminal's next command runs. */
async function startDemo(lab: string): Promise<DemoAnswer> {
  await mkdir(stateDir(), { recursive: true });
  const log = openSync(logFile(), 'w');
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'lab-demo', lab], {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit').then(() => ({ trouble: `it ended. Its log: ${show(logFile())}` }));
  const told = new Promise<DemoAnswer>((resolve) => {
    child.on('message', (message: DemoMessage) => {
      if ('progress' in message) console.log(message.progress);
      else resolve(message);
    });
  });
  const answer = await Promise.race([told, ended]);
  if (child.connected) child.disconnect();
  child.unref();
  return answer;
}
