import type { ConfigProblem } from './errors.ts';
import { GROUPS, SETTING_NAMES } from './settings.ts';

/** What one may write in place of a longer name. */
const SHORT: Readonly<Record<string, string>> = { visitors: 'access.visitors', everyone: 'access.everyone' };

export type Given = ReadonlyMap<string, unknown>;

/** The settings in CDK's context, by their whole names, with texts still unread; and what is no setting. */
export function readContext(context: Record<string, unknown>): {
  readonly given: Given;
  readonly problems: readonly ConfigProblem[];
} {
  const given = new Map<string, unknown>();
  const problems: ConfigProblem[] = [];
  const take = (written: string, value: unknown) => {
    const name = SHORT[written] ?? written;
    if (!SETTING_NAMES.includes(name)) {
      problems.push({ name: written, problem: `is not a setting. There are: ${KNOWN.join(', ')}` });
    } else if (given.has(name)) {
      problems.push({ name, problem: `is given twice${name === written ? '' : `, once as ${written}`}` });
    } else if (value !== undefined) given.set(name, value);
  };
  for (const [name, value] of Object.entries(context)) {
    if (isCdks(name)) continue;
    if (!GROUPS.includes(name)) {
      take(name, value);
      continue;
    }
    const members = readGroup(value);
    if (members === undefined) problems.push({ name, problem: groupProblem(name) });
    for (const [member, part] of Object.entries(members ?? {})) take(`${name}.${member}`, part);
  }
  return { given, problems };
}

const KNOWN = SETTING_NAMES.map((name) => Object.keys(SHORT).find((short) => SHORT[short] === name) ?? name);

/** Flags of CDK's behaviour, results of its lookups, and what its command line passes on. */
function isCdks(name: string): boolean {
  return name.startsWith('@') || name.includes(':') || name === 'cli-telemetry';
}

function readGroup(value: unknown): object | undefined {
  const group = typeof value === 'string' ? parseJson(value) : value;
  return typeof group === 'object' && group !== null && !Array.isArray(group) ? group : undefined;
}

function groupProblem(group: string): string {
  const member = SETTING_NAMES.find((name) => name.startsWith(`${group}.`)) ?? '';
  return `is a group of settings. Give one of them (${member}=…), or the group as a JSON object`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
