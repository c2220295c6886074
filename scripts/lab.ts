import { parseArgs } from 'node:util';
import { report, UsageError } from './src/report-error.ts';

const usage = `pnpm lab:start [NN]      your own copy of the starter, and the demo on it
    --no-demo            without the demo
pnpm lab:verify [NN]     check your work; without a number, the labs in order
    --json               the verdict as JSON
    --solution           check the reference solution instead
    --dir FOLDER         check any folder that holds an article-store.ts
    --transcript         what reached MySQL and Redis, for every check
    --stack NAME         lab 10: check the stack that you have deployed
pnpm lab:watch [NN]      check at each save, and say what changed
pnpm lab:hint [NN]       the next hint for the check that fails now
    --again              the hints you have had, once more
pnpm lab:diff [NN]       your work against the solution
pnpm lab:solve [NN]      the solution in place of your work, which is kept
pnpm lab:reset [NN]      the starter in place of your work, which is kept
pnpm lab:goto NN         on to lab NN; those before are marked as skipped
pnpm lab:status          how far you are, and what is next
pnpm lab:demo [NN]       the demo on your code, as lab:start opens it
    --stop               end it

Without a number, a command means the lab you are at. For all of them:
    --plain              sentences, for a screen reader (or WORKSHOP_PLAIN=1)
    --help               this`;

const options = {
  dir: { type: 'string' },
  json: { type: 'boolean' },
  solution: { type: 'boolean' },
  transcript: { type: 'boolean' },
  stack: { type: 'string' },
  again: { type: 'boolean' },
  'no-demo': { type: 'boolean' },
  stop: { type: 'boolean' },
  plain: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** `pnpm lab:*`. Each command is a file of its own, loaded when it is asked for. */
export async function main(args: string[]): Promise<number> {
  // Not strict, so that all that is not understood is told at once.
  const { values, positionals, tokens } = parseArgs({
    args,
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.flatMap((token) =>
    token.kind === 'option' && !Object.hasOwn(options, token.name) ? [token.rawName] : [],
  );
  const [command, number, ...rest] = positionals;
  try {
    if (values['plain']) process.env['WORKSHOP_PLAIN'] = '1';
    if (values['help']) {
      console.log(usage);
      return 0;
    }
    const strange = [...unknown, ...rest];
    if (values['dir'] === true) throw new UsageError(`--dir needs a folder.\n\n${usage}`);
    if (values['stack'] === true || values['stack'] === '')
      throw new UsageError(`--stack needs the name of a stack.\n\n${usage}`);
    if (strange.length > 0) throw new UsageError(`Not understood: ${strange.join(' ')}\n\n${usage}`);
    switch (command) {
      case 'start':
        return await (
          await import('./src/lab-start.ts')
        ).start(number, { noDemo: Boolean(values['no-demo']) });
      case 'goto':
        return await (await import('./src/lab-goto.ts')).goto(number, { noDemo: Boolean(values['no-demo']) });
      case 'verify':
        if (values['stack'] !== undefined)
          return await (
            await import('./src/lab-verify-stack.ts')
          ).verifyStack(number, String(values['stack']), Boolean(values['json']));
        return await (
          await import('./src/lab-verify.ts')
        ).verify(number, {
          json: Boolean(values['json']),
          solution: Boolean(values['solution']),
          transcript: Boolean(values['transcript']),
          dir: values['dir'] as string | undefined,
        });
      case 'watch':
        return await (await import('./src/lab-watch.ts')).watch(number);
      case 'hint':
        return await (await import('./src/lab-hint.ts')).hint(number, { again: Boolean(values['again']) });
      case 'diff':
        return await (await import('./src/lab-diff.ts')).diff(number);
      case 'solve':
        return await (await import('./src/lab-reset.ts')).solve(number);
      case 'reset':
        return await (await import('./src/lab-reset.ts')).reset(number);
      case 'demo':
        return await (await import('./src/lab-demo.ts')).demo(number, { stop: Boolean(values['stop']) });
      case 'status':
        return await (await import('./src/lab-status.ts')).status();
      default:
        throw new UsageError(usage);
    }
  } catch (error) {
    return report(error);
  }
}
