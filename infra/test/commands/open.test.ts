import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { open } from '../../commands/open.ts';
import { useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { useFakeStack } from './fake-stack.ts';

const stackName = 'CachingWorkshop';

/** Stands in for AWS's program, which forwards to a server: it serves the page itself, on the port that it is told. */
const PLUGIN = `#!${process.execPath}
const { createServer } = require('node:http');
const [session, region, what, profile, request, endpoint] = process.argv.slice(2);
if (session === '--version') process.exit(0);
const { SessionId } = JSON.parse(session);
const { Target, Parameters } = JSON.parse(request);
let asked = 0;
const server = createServer((_, response) => {
  asked += 1;
  response.writeHead(asked < 3 ? 503 : 200).end();
  if (process.env.PLUGIN_ENDS && asked === 3) setImmediate(() => { console.error('The session was cut.'); process.exit(1); });
});
if (process.env.PLUGIN_FAILS) { console.error('bad handshake', SessionId, Target, region, what, endpoint); process.exit(255); }
if (process.env.PLUGIN_SLEEPS) setInterval(() => {}, 1000);
else server.listen(Number(Parameters.localPortNumber[0]), '127.0.0.1');
`;

async function account({ plugin = true } = {}): Promise<FakeAws> {
  const aws = await useFakeAws();
  useFakeStack(aws);
  aws.on('ssm:DescribeInstanceInformation', () => ({ InstanceInformationList: [{ InstanceId: 'i-1' }] }));
  aws.on('ssm:StartSession', () => ({ SessionId: 's-1', StreamUrl: 'wss://x', TokenValue: 't' }));
  aws.on('ssm:TerminateSession', () => ({}));
  const folder = await mkdtemp(join(tmpdir(), 'infra-open-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (plugin) {
    const file = join(folder, 'session-manager-plugin');
    await writeFile(file, PLUGIN);
    await chmod(file, 0o755);
  }
  vi.stubEnv('PATH', folder);
  return aws;
}

/** Its clock stands still: what is waited for comes when it comes. */
function patient() {
  return { ...fakeIo(), now: () => new Date(0) };
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('forwards, waits until the page is ready, and ends by Ctrl-C', async () => {
  const aws = await account();
  const port = await freePort();
  const said = patient();
  const io = {
    ...said,
    say: (text: string) => {
      said.say(text);
      // Ctrl-C, as soon as the page is said to be there.
      if (text.includes('Ctrl-C')) process.emit('SIGINT');
    },
  };
  expect(await open({ stackName, port }, io)).toBe(0);
  expect(said.text()).toContain(`CachingWorkshop is at http://127.0.0.1:${port}`);
  const asked = aws.requests.filter(({ action }) => action.endsWith('Session'));
  expect(asked.map(({ action, params }) => [action, params])).toEqual([
    [
      'ssm:StartSession',
      {
        Target: 'i-1',
        DocumentName: 'AWS-StartPortForwardingSession',
        Parameters: { portNumber: ['8008'], localPortNumber: [String(port)] },
      },
    ],
    ['ssm:TerminateSession', { SessionId: 's-1' }],
  ]);
});

test('a session that never begins is told in the words of the plugin', async () => {
  const aws = await account();
  vi.stubEnv('PLUGIN_FAILS', '1');
  const port = await freePort();
  await expect(open({ stackName, port }, patient())).rejects.toThrow(
    new RegExp(`ended by itself\\.\\s+bad handshake s-1 i-1 eu-west-1 StartSession ${aws.url}`),
  );
});

test('a session that is cut is an error too', async () => {
  await account();
  vi.stubEnv('PLUGIN_ENDS', '1');
  const port = await freePort();
  await expect(open({ stackName, port }, patient())).rejects.toThrow(
    /ended by itself\.\s+The session was cut\./,
  );
});

test('a page that never comes is told after a minute', async () => {
  await account();
  vi.stubEnv('PLUGIN_SLEEPS', '1');
  const port = await freePort();
  await expect(open({ stackName, port }, fakeIo())).rejects.toThrow(
    /not ready within 60 s: nothing answered/,
  );
});

test('without the plugin: where to get it, before AWS is asked', async () => {
  const aws = await account({ plugin: false });
  await expect(open({ stackName }, fakeIo())).rejects.toThrow(
    /session-manager-plugin is not\s+installed[^]*brew install[^]*--visitors/,
  );
  expect(aws.requests).toEqual([]);
});

test('a port that is taken: which other to take', async () => {
  await account();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  onTestFinished(async () => {
    taken.close();
    await once(taken, 'close');
  });
  await expect(open({ stackName, port }, fakeIo())).rejects.toThrow(
    new RegExp(`Port ${port} is taken[^]*--port\\s+${port + 1}`),
  );
});
