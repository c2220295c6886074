import {
  currentLab,
  isBySolution,
  isWork,
  nextLab,
  padEnd,
  painter,
  readProgress,
  type LabProgress,
} from '@workshop/lab-kit';
import { findLab, here, labNumbers, type FoundLab, type Place } from './labs.ts';
import { fitted, lookHere, show } from './say.ts';

/** `pnpm lab:status`: a line a lab, and what is next. */
export async function status(place: Place = here()): Promise<number> {
  const look = lookHere();
  const paint = painter(look);
  const { progress, damaged } = await readProgress(place.progress);
  if (damaged) {
    console.error(
      `${show(place.progress)} is damaged: what could be understood is shown. The next command keeps a copy, as ${show(place.progress)}.damaged.`,
    );
  }
  const ids = await labNumbers(place.labs);
  const at = currentLab(progress, ids);
  const labs = await Promise.all(ids.map(async (id) => await findLab(id, place.labs)));
  const titleWidth = Math.max(...labs.map(({ lab }) => lab.title.length));
  for (const found of labs) {
    const { id, title } = found.lab;
    const mine = progress.labs[id];
    const state = await stateOf(found, mine);
    const time = mine?.spentMs ? duration(mine.spentMs) : '';
    if (look.plain) console.log(`Lab ${id}, ${title}: ${state}${time ? `, ${time}` : ''}.`);
    else {
      const coloured = paint(mine?.passedAt ? 'green' : 'dim', padEnd(state, 22));
      console.log(
        `${id === at ? '>' : ' '} ${id}  ${padEnd(title, titleWidth)}  ${coloured} ${time}`.trimEnd(),
      );
    }
  }
  const spent = Object.values(progress.labs).reduce((sum, { spentMs = 0 }) => sum + spentMs, 0);
  const passed = ids.filter((id) => progress.labs[id]?.passedAt).length;
  const inAll = `${passed} of ${ids.length} labs done, ${duration(spent)} spent.`;
  const current = labs.find(({ lab }) => lab.id === at);
  const next = current
    ? whatNext(current, progress.labs[current.lab.id], nextLab(progress, ids, current.lab.id))
    : [];
  console.log(`\n${[inAll, ...next].map((line) => fitted(line, look)).join('\n')}`);
  return 0;
}

async function stateOf({ lab, folders }: FoundLab, mine: LabProgress | undefined): Promise<string> {
  const good = lab.checks.filter((check) => mine?.checks[check.id]).length;
  if (mine?.passedAt)
    return isBySolution(mine) ? 'done by the solution' : `done ${mine.passedAt.slice(0, 10)}`;
  if (mine?.lastVerifiedAt) return `${good} of ${lab.checks.length} checks pass`;
  if (mine?.solvedAt) return 'the solution is there';
  if (mine?.skippedAt) return 'skipped';
  return (await isWork(folders.work).catch(() => false)) ? 'started' : 'not started';
}

function whatNext(
  { lab: { id, checks } }: FoundLab,
  mine: LabProgress | undefined,
  next: string | undefined,
): string[] {
  if (mine?.passedAt) return [next === undefined ? 'That was the last one.' : `Next: pnpm lab:start ${next}`];
  if (!mine?.startedAt) return [`Next: pnpm lab:start ${id}`];
  const failing = mine.lastVerifiedAt ? checks.find((check) => !mine.checks[check.id]) : undefined;
  if (!failing) return [`Next: pnpm lab:watch ${id}`];
  return [
    `First to mend in lab ${id}: ${failing.title}.`,
    `Next: pnpm lab:watch ${id}, or pnpm lab:hint ${id}`,
  ];
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
