import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { report, UsageError } from './src/report-error.ts';
import { root } from './src/root.ts';

const usage = `pnpm infra:synth      the template, and what is in it; needs no AWS account
pnpm infra:diff       what deploy would change
pnpm infra:deploy     says what it costs, asks, and deploys
    --yes                 without the question
pnpm infra:open       the site on a port of this machine, until Ctrl-C
    --port N              in place of 8008
pnpm infra:status     how the stack is, and what it has cost
pnpm infra:load       the data set into the stack's database
    --rows N              1000 to 5000000 articles, in place of 200000
    --force               also over data that is there already
pnpm infra:destroy    deletes the stack, and lists what is left
    --yes                 without the question

For synth, diff and deploy:
    --profile NAME        workshop (default), production, serverless
    --visitors RANGE      who may open the site: 203.0.113.7/32; default nobody
    --email ADDRESS       who is told when an alarm fires
    --hours N             the stack destroys itself after so many hours
    -c NAME=VALUE         any setting of docs/deploying.md, cache.mode=cluster
For all:
    --stack NAME          the stack's name, in place of CachingWorkshop
    --help                this

AWS credentials and region are found as the aws command finds them: AWS_PROFILE,
AWS_REGION. docs/deploying.md begins at an account that has neither.`;

const options = {
  yes: { type: 'boolean', short: 'y' },
  port: { type: 'string' },
  rows: { type: 'string' },
  force: { type: 'boolean' },
  profile: { type: 'string' },
  visitors: { type: 'string' },
  email: { type: 'string' },
  hours: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
  stack: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OptionName = keyof typeof options;

const SETTINGS = ['profile', 'visitors', 'email', 'hours', 'context', 'stack'] as const;

interface CommandSpec {
  /** The options that it has, beside `--help`. */
  readonly takes: readonly OptionName[];
  /** What its function is called with. */
  what(values: Values): unknown;
}

/** Each is a function of this name in a file of this name in infra/commands. */
const commands: Readonly<Record<string, CommandSpec>> = {
  synth: { takes: SETTINGS, what: settingsOf },
  diff: { takes: SETTINGS, what: settingsOf },
  deploy: {
    takes: [...SETTINGS, 'yes'],
    what: (values) => ({ settings: settingsOf(values), yes: values.yes ?? false }),
  },
  open: {
    takes: ['stack', 'port'],
    what: ({ stack, port }) => ({
      stackName: nameOf(stack),
      port: whole(port, '--port', 1, 65_535),
    }),
  },
  status: { takes: ['stack'], what: ({ stack }) => nameOf(stack) },
  load: {
    takes: ['stack', 'rows', 'force'],
    what: ({ stack, rows, force = false }) => ({
      stackName: nameOf(stack),
      rows: whole(rows, '--rows', 1_000, 5_000_000),
      force,
    }),
  },
  destroy: {
    takes: ['stack', 'yes'],
    what: ({ stack, yes = false }) => ({ stackName: nameOf(stack), yes }),
  },
};

/** `pnpm infra:*`. The work is done in infra/commands, each in a file that is loaded when it is asked for. @returns the exit code */
export async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = read(args);
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const [command = '', ...rest] = positionals;
    const spec = commands[command];
    if (spec === undefined || rest.length > 0) {
      throw new UsageError(`Not understood: infra ${args.join(' ')}\n\n${usage}`);
    }
    const strange = (Object.keys(values) as OptionName[]).filter((name) => !spec.takes.includes(name));
    if (strange.length > 0) {
      throw new UsageError(`infra:${command} has no option --${strange.join(', --')}.\n\n${usage}`);
    }
    const what = spec.what(values);
    const { [command]: run } = await load<Record<string, Run>>(command);
    const io = await load<{ terminal: () => unknown }>('io');
    return (await run?.(what, io.terminal())) ?? 1;
  } catch (error) {
    return report(error);
  }
}

function read(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`);
  }
}

type Values = ReturnType<typeof read>['values'];

type Run = (what: unknown, io: unknown) => Promise<number>;

/** From infra's own folder: no package may import it. */
async function load<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(root, 'infra', 'commands', `${name}.ts`)).href)) as T;
}

/** The short options by the names that the configuration has for them. */
function settingsOf(values: Values): Record<string, string> {
  const settings: Record<string, string> = {};
  const set = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    if (settings[name] !== undefined) throw new UsageError(`${name} is given twice.`);
    settings[name] = value;
  };
  set('profile', values.profile);
  set('stackName', values.stack);
  set('visitors', values.visitors);
  set('alarmEmail', values.email);
  set('destroyAfterHours', values.hours);
  for (const pair of values.context ?? []) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`-c takes NAME=VALUE, such as -c cache.mode=cluster, not ${pair}.`);
    set(pair.slice(0, at), pair.slice(at + 1));
  }
  return settings;
}

function nameOf(stack: string | undefined): string {
  return stack ?? 'CachingWorkshop';
}

function whole(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text.replaceAll('_', ''));
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new UsageError(`${name} must be a whole number from ${least} to ${most}, not ${text}.`);
}
