import { connect, createServer, type AddressInfo } from 'node:net';
import type { Run } from './offline.ts';

/** A plain proxy that keeps what both sides say, in order, so that a real conversation can be given again offline. */
export async function captureBefore(upstream: {
  host: string;
  port: number;
}): Promise<{ port: number; runs: Run[]; close(): Promise<void> }> {
  const runs: Run[] = [];
  const keep = (from: Run['from'], bytes: Buffer): void => {
    const last = runs.at(-1);
    if (last?.from === from) last.bytes = Buffer.concat([last.bytes, bytes]);
    else runs.push({ from, bytes });
  };
  const server = createServer((client) => {
    const store = connect(upstream);
    client.on('data', (bytes: Buffer) => {
      keep('client', bytes);
      store.write(bytes);
    });
    store.on('data', (bytes: Buffer) => {
      keep('store', bytes);
      client.write(bytes);
    });
    client.on('error', () => undefined).on('close', () => store.destroy());
    store.on('error', () => undefined).on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    runs,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
