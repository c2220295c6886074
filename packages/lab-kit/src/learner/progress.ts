import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Verdict } from '../verdict.ts';

/** How far somebody is. One readable file that may be copied to another machine. */
export interface Progress {
  version: 1;
  labs: Record<string, LabProgress>;
}

export interface LabProgress {
  startedAt?: string;
  /** When all checks first passed; it stays when a later run fails. */
  passedAt?: string;
  lastVerifiedAt?: string;
  /** The last verdict of each check. */
  checks: Record<string, boolean>;
}

export interface ProgressFile {
  progress: Progress;
  /** Set when the file was there but could not be used; it is kept under this name before the next write. */
  damaged?: string;
}

/** @returns empty progress when there is no file yet, or none that can be read */
export async function readProgress(file: string): Promise<ProgressFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { progress: { version: 1, labs: {} } };
    throw error;
  }
  const progress = parse(text);
  return progress ? { progress } : { progress: { version: 1, labs: {} }, damaged: `${file}.damaged` };
}

export async function noteStarted(file: string, lab: string, now: Date): Promise<void> {
  await update(file, (progress) => {
    labProgress(progress, lab).startedAt ??= now.toISOString();
  });
}

export async function noteVerdict(file: string, verdict: Verdict, now: Date): Promise<void> {
  await update(file, (progress) => {
    const lab = labProgress(progress, verdict.lab);
    lab.lastVerifiedAt = now.toISOString();
    if (verdict.passed) lab.passedAt ??= now.toISOString();
    lab.checks = Object.fromEntries(verdict.checks.map((check) => [check.id, check.passed]));
  });
}

function labProgress(progress: Progress, lab: string): LabProgress {
  return (progress.labs[lab] ??= { checks: {} });
}

async function update(file: string, change: (progress: Progress) => void): Promise<void> {
  const { progress, damaged } = await readProgress(file);
  if (damaged) await rename(file, damaged);
  change(progress);
  await mkdir(dirname(file), { recursive: true });
  // Renamed into place, so that a reader or a crash never meets half a file.
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(progress, null, 2)}\n`);
  await rename(aside, file);
}

/** Takes what it understands: a file of another version, or made by hand, must not stop anybody. */
function parse(text: string): Progress | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || !isRecord(value['labs'])) return undefined;
  const labs: Progress['labs'] = {};
  for (const [id, lab] of Object.entries(value['labs'])) {
    if (!isRecord(lab)) continue;
    labs[id] = {
      ...pickDate(lab, 'startedAt'),
      ...pickDate(lab, 'passedAt'),
      ...pickDate(lab, 'lastVerifiedAt'),
      checks: isRecord(lab['checks'])
        ? Object.fromEntries(Object.entries(lab['checks']).map(([check, passed]) => [check, passed === true]))
        : {},
    };
  }
  return { version: 1, labs };
}

function pickDate<K extends string>(from: Record<string, unknown>, key: K): { [P in K]?: string } {
  const value = from[key];
  const valid = typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return (valid ? { [key]: value } : {}) as { [P in K]?: string };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
