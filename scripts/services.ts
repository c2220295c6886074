import { styleText } from 'node:util';
import {
  enginesDown,
  enginesLogs,
  enginesReset,
  enginesStatus,
  enginesUp,
  formatStatus,
  type EngineState,
} from '@workshop/engines';
import { minimist } from 'zx';
import { report, UsageError } from './src/report-error.ts';

const usage = `pnpm services:up [--cluster]     start MySQL and Redis; with --cluster, a Redis Cluster too
pnpm services:down               stop what was started; the data stays
pnpm services:status [--json]    what runs, and where
pnpm services:logs               the end of each engine's log
pnpm services:reset              stop what was started and delete its data`;

const say = (line: string) => console.log(line);

const colours: Partial<Record<EngineState, Parameters<typeof styleText>[0]>> = {
  running: 'green',
  'not answering': 'red',
  died: 'red',
};

const commands: Record<string, { flags?: string; run: (flag: boolean) => Promise<void> }> = {
  up: { flags: 'cluster', run: up },
  status: { flags: 'json', run: status },
  down: { run: down },
  reset: { run: reset },
  logs: { run: logs },
};

/** `pnpm services:*`. @returns the exit code */
export async function main(args: string[]): Promise<number> {
  const { _: words, ...flags } = minimist(args, { boolean: ['cluster', 'json', 'help'] });
  try {
    if (flags['help']) {
      say(usage);
      return 0;
    }
    const command = words.length === 1 ? commands[words[0]!] : undefined;
    const strange = Object.keys(flags).filter((flag) => flags[flag] && flag !== command?.flags);
    if (!command) throw new UsageError(`Not understood: services ${args.join(' ')}\n\n${usage}`);
    if (strange.length > 0)
      throw new UsageError(`services:${words[0]} has no option ${strange.join(', ')}.\n\n${usage}`);
    await command.run(Boolean(command.flags && flags[command.flags]));
    return 0;
  } catch (error) {
    return report(error);
  }
}

async function up(cluster: boolean): Promise<void> {
  await enginesUp({ cluster, onProgress: say });
  await status(false);
}

async function down(): Promise<void> {
  const stopped = await enginesDown({ onProgress: say });
  say(
    stopped.length === 0
      ? 'Nothing was running.'
      : `Stopped: ${stopped.map(({ name }) => name).join(', ')}. The data stays.`,
  );
}

const paint = (state: EngineState, text: string) =>
  styleText(colours[state] ?? 'dim', text, { stream: process.stdout });

async function status(json: boolean): Promise<void> {
  const statuses = await enginesStatus();
  if (json) return say(JSON.stringify({ engines: statuses }, null, 2));
  say(formatStatus(statuses, { columns: process.stdout.columns ?? 80, paint }));
}

async function reset(): Promise<void> {
  const deleted = await enginesReset({ onProgress: say });
  say(deleted.length === 0 ? 'There was nothing to delete.' : ['Deleted:', ...deleted].join('\n  '));
}

async function logs(): Promise<void> {
  const all = await enginesLogs();
  if (all.length === 0) say('There are no logs: no engine was started here.');
  for (const { name, from, tail } of all) say(`--- ${name}: ${from}\n${tail}\n`);
}
