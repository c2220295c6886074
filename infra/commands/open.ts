import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { withAws, type Aws } from './aws/aws.ts';
import { endSession, oneServer, startForwarding } from './aws/servers.ts';
import { needStack } from './aws/stacks.ts';
import { InfraError } from './infra-error.ts';
import type { Io } from './io.ts';
import { stopSignal } from './stop-signal.ts';

export interface OpenOptions {
  readonly stackName: string;
  /** Of this machine. @default 8008 */
  readonly port?: number | undefined;
}

/** Where the site listens on each server. */
const SITE_PORT = 8008;
const PLUGIN = 'session-manager-plugin';
/** How often the page is asked for, and for how long, until it answers. */
const POLL_MS = 500;
const LIMIT_MS = 60_000;

/**
 * `pnpm infra:open`: the site of a server that no port leads to, on a port of this machine, until Ctrl-C. Session Manager's plugin
 * carries the traffic: its protocol is not AWS's API. Resolves to the exit code.
 */
export async function open({ stackName, port = SITE_PORT }: OpenOptions, io: Io): Promise<number> {
  expectPlugin();
  await expectFree(port);
  return await withAws(async (aws) => {
    await needStack(aws, stackName);
    const server = await oneServer(aws, stackName);
    const { input, session } = await startForwarding(aws, {
      server,
      remotePort: SITE_PORT,
      localPort: port,
    });
    const stop = stopSignal();
    const plugin = runPlugin(aws, session, input);
    const ended = once(plugin.child, 'close');
    try {
      const url = `http://127.0.0.1:${port}`;
      io.say(`Forwarding port ${port} to ${server} ...`);
      const isReady = await untilReady(url, plugin, Promise.race([ended, stop.stopped]), io);
      if (isReady) {
        io.say(`\n${stackName} is at ${url}\n\nCtrl-C ends it; nothing in AWS changes.`);
        await Promise.race([ended, stop.stopped]);
      }
      if (plugin.child.exitCode === null) return 0;
      throw new InfraError(`The session ended by itself.\n\n${plugin.said() || 'It said nothing.'}`);
    } finally {
      stop.forget();
      plugin.child.kill();
      await ended;
      await endSession(aws, session.SessionId);
    }
  });
}

/** Throws `InfraError` with where to get it. */
function expectPlugin(): void {
  if (spawnSync(PLUGIN, ['--version'], { stdio: 'ignore' }).error === undefined) return;
  throw new InfraError(`The ${PLUGIN} is not installed, which forwards the port. (The aws command is not needed.)

  macOS           brew install --cask session-manager-plugin
  Linux, Windows  as AWS says, at
  https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html

Or let in your own address, and open the page without it:
  pnpm infra:deploy --visitors 203.0.113.7/32`);
}

async function expectFree(port: number): Promise<void> {
  const probe = createServer();
  probe.listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw new InfraError(
      `Port ${port} is taken on this machine. Is it npm start? Take another: --port ${port + 1}`,
      {
        cause: error,
      },
    );
  } finally {
    probe.close();
  }
}

interface Plugin {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly said: () => string;
}

/** With the arguments that AWS's own command line gives it: the session, the region, what it is for, a profile, the request, the endpoint. */
function runPlugin(aws: Aws, session: object, input: object): Plugin {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? `https://ssm.${aws.region}.amazonaws.com`;
  const args = [
    JSON.stringify(session),
    aws.region,
    'StartSession',
    process.env['AWS_PROFILE'] ?? '',
    JSON.stringify(input),
    endpoint,
  ];
  const child = spawn(PLUGIN, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const note = (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-2_000);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  return { child, said: () => said.trim() };
}

/** @returns false when it ended before the page answered. Throws `InfraError` when it takes too long. */
async function untilReady(url: string, { said }: Plugin, ended: Promise<unknown>, io: Io): Promise<boolean> {
  let isOver = false;
  const over = ended.then(() => {
    isOver = true;
  });
  const startedAt = io.now().getTime();
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    if (isOver) return false;
    if (answer?.ok) return true;
    if (io.now().getTime() - startedAt > LIMIT_MS) {
      const seen = answer === undefined ? 'nothing answered' : `it answered ${answer.status}`;
      throw new InfraError(
        `The page was not ready within ${LIMIT_MS / 1_000} s: ${seen} at ${url}/readyz. The server's journal says why (journalctl -u caching-workshop).\n\n${said()}`,
      );
    }
    await Promise.race([io.pause(POLL_MS), over]);
  }
}
