import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { painter, type Look } from '@workshop/lab-kit';
import { here, startedLab, type FoundLab, type Place } from './labs.ts';
import { UsageError } from './report-error.ts';
import { lookHere, show } from './say.ts';

/** `pnpm lab:diff [NN]`: the learner's files against the solution's, as a unified diff. */
export async function diff(number: string | undefined, place: Place = here()): Promise<number> {
  console.log(await diffText(await startedLab(number, place), lookHere()));
  return 0;
}

export async function diffText({ lab, folders: { work, solution } }: FoundLab, look: Look): Promise<string> {
  const names = new Set([...(await sourcesIn(work)), ...(await sourcesIn(solution))]);
  const diffs = [...names]
    .toSorted()
    .map((name) => fileDiff(join(work, name), join(solution, name), look))
    .filter((text) => text !== '');
  if (diffs.length === 0) return `${show(work)} is the solution of lab ${lab.id}, to the last word.`;
  const legend = look.plain
    ? 'A line that begins with minus is yours; one that begins with plus is the solution. Differences in spaces are left out.'
    : '-  yours    +  the solution    (differences in spaces are left out)';
  return [legend, ...diffs].join('\n\n');
}

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ts') && !/(^|[/\\])(node_modules|\.)/.test(name));
}

/** By git, whose diffs are read every day; nothing of the user's own settings for it takes part. */
function fileDiff(mine: string, theirs: string, look: Look): string {
  const [before, after] = [mine, theirs].map((path) => (existsSync(path) ? path : devNull));
  const { status, stdout, stderr, error } = spawnSync(
    'git',
    [
      '--no-pager',
      'diff',
      '--no-index',
      '--no-ext-diff',
      '--no-textconv',
      '--ignore-all-space',
      '--ignore-blank-lines',
      `--color=${look.color ? 'always' : 'never'}`,
      '--',
      before ?? '',
      after ?? '',
    ],
    { encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' } },
  );
  if (error) throw new UsageError(`lab:diff needs git, which could not be started (${error.message}).`);
  if (status !== 0 && status !== 1) throw new Error(`git diff failed: ${stderr}`);
  // Its own header names the paths in a way that only git needs.
  const hunks = stdout.search(/^.{0,8}@@ /m);
  if (hunks === -1) return '';
  const names = [
    `--- ${existsSync(mine) ? show(mine) : 'not in your work'}`,
    `+++ ${existsSync(theirs) ? show(theirs) : 'not in the solution'}`,
  ].map((name) => painter(look)('bold', name));
  return [...names, stdout.slice(hunks).trimEnd()].join('\n');
}
