import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { assert, describe, expect, it, onTestFinished } from 'vitest';
import { withDeadline } from '../../src/redis/deadline.ts';

/** Both ends of a connection in this process: what is written to one lies ready at the other at once. */
async function socketPair() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(isAddress(address));
  const near = connect(address.port, '127.0.0.1');
  const [far] = await once(server, 'connection');
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

const late = (): never => {
  throw new Error('late');
};

describe('withDeadline', () => {
  it('settles as the work does', async () => {
    await expect(withDeadline(Promise.resolve('done'), 60_000, late)).resolves.toBe('done');
    await expect(withDeadline(Promise.reject(new Error('failed')), 60_000, late)).rejects.toThrow('failed');
  });

  it('ends without the work once the time is over, by a value or by an error', async () => {
    const never = new Promise<string>(() => {});
    await expect(withDeadline(never, 1, late)).rejects.toThrow('late');
    await expect(withDeadline(never, 1, () => 'instead')).resolves.toBe('instead');
  });

  it('takes a reply that came in time, though this process was too busy to read it', async () => {
    const { near, far } = await socketPair();
    const reply = once(near, 'data').then(String);
    // From here, timers come before sockets.
    await setImmediate();
    const waiting = withDeadline(reply, 1, late);
    far.write('in time');
    const until = performance.now() + 20;
    while (performance.now() < until);
    expect(await waiting).toBe('in time');
  });
});
