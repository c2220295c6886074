import { orThrottled, withAws, type Aws } from './aws/aws.ts';
import { invocation, oneServer, runOnServer } from './aws/servers.ts';
import { needStack } from './aws/stacks.ts';
import { InfraError } from './infra-error.ts';
import type { Io } from './io.ts';
import { duration } from './words.ts';

export interface LoadOptions {
  readonly stackName: string;
  /** Articles to generate. @default 200_000 */
  readonly rows?: number | undefined;
  /** Whether data that is there already is replaced. */
  readonly force: boolean;
}

/** 5,000,000 articles on the smallest machines take an hour or so. */
const LIMIT_SECONDS = 3 * 60 * 60;
const POLL_MS = 3_000;
/** How often it is said that nothing was said. */
const QUIET_MS = 30_000;

/**
 * `pnpm infra:load`: puts the data set into the stack's database. It can be reached from its servers only, so one of them
 * runs the loader of the bundle, and this follows it. Throws `InfraError` with what the loader said if it fails.
 */
export async function load({ stackName, rows, force }: LoadOptions, io: Io): Promise<number> {
  return await withAws(async (aws) => {
    await needStack(aws, stackName);
    const server = await oneServer(aws, stackName);
    const wanted = [...(rows === undefined ? [] : [`--rows ${rows}`]), ...(force ? ['--force'] : [])];
    io.say(`Loading on ${server} ...`);
    const commandId = await runOnServer(aws, server, [loader(wanted)], LIMIT_SECONDS);
    await follow(aws, { server, commandId }, io);
    return 0;
  });
}

/** The bundle's loader, as the user and with the settings that the site runs with. */
function loader(args: readonly string[]): string {
  return ['/usr/local/bin/caching-workshop-load', ...args].join(' ');
}

interface Running {
  readonly server: string;
  readonly commandId: string;
}

async function follow(aws: Aws, { server, commandId }: Running, io: Io): Promise<void> {
  const startedAt = io.now().getTime();
  let said = 0;
  let saidAt = startedAt;
  for (;;) {
    const state = await orThrottled(invocation(aws, server, commandId));
    const output = state?.StandardOutputContent ?? '';
    const news = output.slice(said).trimEnd();
    if (news !== '') io.say(news);
    said = Math.max(said, output.length);
    const status = state?.Status ?? 'Pending';
    if (status === 'Success') return;
    if (!['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(status)) {
      const why = state?.StandardErrorContent?.trim() || `it ended with ${status} and said nothing`;
      throw new InfraError(
        `The data was not loaded (${status}, exit code ${state?.ResponseCode ?? 'unknown'}):\n\n${why}`,
      );
    }
    const now = io.now().getTime();
    if (news !== '') saidAt = now;
    else if (now - saidAt >= QUIET_MS) {
      io.say(`  still loading, ${duration(now - startedAt)}`);
      saidAt = now;
    }
    await io.pause(POLL_MS);
  }
}
