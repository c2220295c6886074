import { minimist } from 'zx';
import { report, UsageError } from './src/report-error.ts';

const usage = `pnpm lab:start NN                 your own copy of lab NN's starter
pnpm lab:verify [NN] [options]    check your work; without a number, the labs in order
    --json          the verdict as JSON
    --solution      check the reference solution in place of your work
    --dir FOLDER    check any folder that holds an article-store.ts
    --transcript    show what reached MySQL and Redis for checks that pass, too
pnpm lab:status                   how far you are
pnpm lab:reset NN                 start over; what you had is moved, never deleted`;

/** `pnpm lab:*`. Each command is a file of its own, loaded when it is asked for. */
export async function main(args: string[]): Promise<number> {
  const unknown: string[] = [];
  const options = minimist(args, {
    string: ['dir', '_'],
    boolean: ['json', 'solution', 'transcript', 'help'],
    unknown: (argument) => {
      if (argument.startsWith('-')) unknown.push(argument);
      return !argument.startsWith('-');
    },
  });
  const [command, number, ...rest] = options._;
  try {
    if (options['help']) {
      console.log(usage);
      return 0;
    }
    const strange = [...unknown, ...rest];
    if (strange.length > 0) throw new UsageError(`Not understood: ${strange.join(' ')}\n\n${usage}`);
    switch (command) {
      case 'start':
        return await (await import('./src/lab-start.ts')).start(number);
      case 'verify':
        return await (
          await import('./src/lab-verify.ts')
        ).verify(number, {
          json: Boolean(options['json']),
          solution: Boolean(options['solution']),
          transcript: Boolean(options['transcript']),
          dir: options['dir'] as string | undefined,
        });
      case 'status':
        return await (await import('./src/lab-status.ts')).status();
      case 'reset':
        return await (await import('./src/lab-reset.ts')).reset(number);
      default:
        throw new UsageError(usage);
    }
  } catch (error) {
    return report(error);
  }
}
