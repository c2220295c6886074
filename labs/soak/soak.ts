import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabSession, type EngineUrls, type Lab, type Verdict } from '@workshop/lab-kit';
import { labFolders } from '../folders.ts';
import { keepBusy } from './busy.ts';
import { labCases } from './cases.ts';

export interface SoakOptions {
  labsRoot: string;
  engines: EngineUrls;
  rounds: number;
  /** "03": that lab alone. */
  lab?: string;
  /** Only cases whose name holds this. */
  only?: string;
  /** With every core of the machine kept busy. */
  busy?: boolean;
  log: (line: string) => void;
}

/** Verifies every solution, variant and mistake again and again. @returns the verdicts that differed from the first */
export async function soakLabs({
  labsRoot,
  engines,
  rounds,
  lab = '',
  only = '',
  busy = false,
  log,
}: SoakOptions): Promise<string[]> {
  const written = join(labsRoot, '.checked', `soak-${process.pid}`);
  const rest = busy ? keepBusy() : async () => {};
  const differences: string[] = [];
  try {
    for (const folder of (await labFolders(labsRoot)).filter((name) => name.startsWith(lab))) {
      const root = join(labsRoot, folder);
      const { default: checks } = (await import(join(root, 'checks.ts'))) as { default: Lab };
      for (const { name, entry } of (await labCases(root, written, checks.entry)).filter((each) =>
        each.name.includes(only),
      )) {
        const found = await soakCase({ lab: checks, engines }, entry, rounds);
        differences.push(...found.map((difference) => `lab ${checks.id}, ${name}: ${difference}`));
        log(`lab ${checks.id}  ${name.padEnd(40)} ${rounds} rounds, ${found.length} differed from the first`);
      }
    }
  } finally {
    await rest();
    await rm(written, { recursive: true, force: true });
  }
  return differences;
}

/** Each round in a session of its own, as a command would run it. */
async function soakCase(
  options: { lab: Lab; engines: EngineUrls },
  entry: string,
  rounds: number,
): Promise<string[]> {
  let first: string[] | undefined;
  const differences: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const session = new LabSession(options);
    try {
      const verdict = await session.run({ entry });
      const lines = summary(verdict);
      first ??= lines;
      const at = lines.findIndex((line, index) => line !== first?.[index]);
      if (at >= 0) {
        const seen = verdict.checks[at]?.observed;
        differences.push(`round ${round}: "${lines[at]}", the first said "${first[at]}" (${seen})`);
      }
    } finally {
      await session.close();
    }
  }
  return differences;
}

/** What must be the same each time; how long something took, say, may stand in what was observed. */
function summary({ checks }: Verdict): string[] {
  return checks.map(({ id, passed, skipped, mistake }) =>
    passed ? `${id} passes` : skipped ? `${id} is not run` : `${id} fails${mistake ? ` as ${mistake}` : ''}`,
  );
}
