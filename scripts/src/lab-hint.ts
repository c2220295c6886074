import { join } from 'node:path';
import {
  findSolutionLines,
  lastSave,
  noteHint,
  painter,
  readProgress,
  printable,
  type Check,
  type Look,
  type SolutionLines,
} from '@workshop/lab-kit';
import { checkWork } from './check-work.ts';
import { here, startedLab, type FoundLab, type Place } from './labs.ts';
import { noted } from './report-error.ts';
import { fitted, heading, lookHere, show } from './say.ts';

export interface HintOptions {
  /** Show what was shown before once more, and nothing new. */
  again: boolean;
}

/** `pnpm lab:hint [NN]`: the next hint for the first check that fails now. */
export async function hint(
  number: string | undefined,
  { again }: HintOptions,
  place: Place = here(),
): Promise<number> {
  const found = await startedLab(number, place);
  const look = lookHere();
  console.log(`${heading(found.lab, look)}\n`);
  const failing = await failingNow(found, place);
  console.log(
    failing
      ? await nextHint(found, failing, { again, more: `pnpm lab:hint ${found.lab.id}` }, place)
      : `All checks of lab ${found.lab.id} pass: there is nothing to hint at.`,
  );
  return 0;
}

export interface NextHintOptions extends HintOptions {
  /** What brings the hint after this one. */
  more: string;
}

/** The next hint for a check, noted as shown; with `again`, those that were shown. */
export async function nextHint(
  { lab, folders }: FoundLab,
  check: Check,
  { again, more }: NextHintOptions,
  { progress: file }: Place,
): Promise<string> {
  const look = lookHere();
  const tiers = tiersOf(check);
  const { progress } = await readProgress(file);
  const before = Math.min(progress.labs[lab.id]?.hints?.[check.id] ?? 0, tiers.length);
  const told = again ? Math.max(before, 1) : Math.min(before + 1, tiers.length);
  await noted(noteHint(file, lab.id, check.id, told, new Date()));
  const paint = painter(look);
  const lines = [fitted(`Fails now: ${check.title}`, look), ''];
  for (let n = again ? 1 : told; n <= told; n++) {
    const tier = tiers[n - 1];
    if (!tier) continue;
    lines.push(
      paint('bold', `Hint ${n} of ${tiers.length}${tier.kind}`),
      ...(await tellTier(tier.text, folders.solution, look)),
      '',
    );
  }
  const after =
    told < tiers.length
      ? `The next one: ${more}`
      : `That was the last one. All of it: pnpm lab:diff ${lab.id}, or pnpm lab:solve ${lab.id}`;
  lines.push(fitted(after, look));
  return lines.join('\n');
}

interface Tier {
  kind: string;
  text: string | SolutionLines;
}

/** A check without hints of its own still says where to look. */
function tiersOf({ hints, hint: pointer }: Check): Tier[] {
  if (!hints) return [{ kind: '', text: pointer }];
  const kinds = [', a question:', ', where to look:', ', the lines of the solution:'];
  return hints.map((text, n) => ({ kind: kinds[n] ?? '', text }));
}

async function tellTier(text: string | SolutionLines, solution: string, look: Look): Promise<string[]> {
  if (typeof text === 'string')
    return fitted(printable(text, look.unicode), { ...look, width: look.width - 2 })
      .split('\n')
      .map((line) => (look.plain ? line : `  ${line}`));
  const path = show(join(solution, text.file));
  const found = await findSolutionLines(solution, text);
  if (!found) return [`  They are in ${path}.`];
  const { first } = found;
  const lines = found.lines.map((line) => printable(line, look.unicode));
  const width = String(first + lines.length).length;
  return [
    `  ${path}, from line ${first}`,
    '',
    ...lines.map((line, n) =>
      look.plain ? line : `  ${painter(look)('dim', String(first + n).padStart(width))}  ${line}`.trimEnd(),
    ),
  ];
}

/** By the last verdict where nothing was saved since; else the checks are run. */
async function failingNow(found: FoundLab, place: Place): Promise<Check | undefined> {
  const { lab, folders } = found;
  const mine = (await readProgress(place.progress)).progress.labs[lab.id];
  const saved = await lastSave(folders.work);
  const verifiedAt = mine?.lastVerifiedAt ? new Date(mine.lastVerifiedAt) : undefined;
  const isCurrent = verifiedAt !== undefined && saved !== undefined && saved < verifiedAt;
  const passed = isCurrent
    ? mine?.checks
    : Object.fromEntries((await checkWork(found, place)).checks.map((check) => [check.id, check.passed]));
  return lab.checks.find((check) => !passed?.[check.id]);
}
