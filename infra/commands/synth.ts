import path from 'node:path';
import type { Template } from '../prices/template.ts';
import { billLine } from './bill-table.ts';
import type { Io } from './io.ts';
import { synthesise, type Settings } from './synthesise.ts';
import { count, kindOf, table } from './words.ts';

/** `pnpm infra:synth`: the template, and what is in it. Needs no account and no network. */
export async function synth(settings: Settings, io: Pick<Io, 'say'>, make = synthesise): Promise<number> {
  const { config, templateFile, template, bill } = await make(settings);
  const kinds = countKinds(template);
  const total = kinds.reduce((sum, [, number]) => sum + number, 0);
  io.say(
    `${config.stackName}, profile ${config.profile}: ${count(total, 'resource')} of ${count(kinds.length, 'kind')}`,
  );
  io.say(table(kinds.map(([kind, number]) => [String(number), kind])));
  io.say(`\nTemplate  ${path.relative(process.cwd(), templateFile) || templateFile}`);
  io.say(`Price     ${billLine(bill)}`);
  return 0;
}

/** How many there are of each kind, in the order of the alphabet. */
export function countKinds({ Resources = {} }: Template): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(Resources)) {
    const kind = kindOf(Type);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
