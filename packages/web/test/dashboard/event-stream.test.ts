import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { EventStreamOptions } from '../../src/dashboard/event-stream.ts';
import { EventStream } from '../../src/dashboard/event-stream.ts';

async function open(options?: EventStreamOptions) {
  const events = new EventStream(options);
  const server = createServer((_request, response) => {
    if (events.isOpen) events.add(response, ['data: hello\n\n']);
    else response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    events.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const read = async () => {
    const request = get({ port, agent: false });
    // Being cut off is what some tests are about.
    request.on('error', () => {});
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    return response;
  };
  return { events, read };
}

function textOf(response: IncomingMessage): () => string {
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

test('all readers get what is sent, after their opening; a heartbeat is a comment', async () => {
  const { events, read } = await open({ heartbeatMs: 20 });
  const responses = await Promise.all([read(), read()]);
  const texts = responses.map(textOf);
  expect(responses[0]?.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  events.send('data: first\n\n');
  await vi.waitFor(
    () => {
      for (const text of texts)
        expect(text()).toMatch(/^retry: 2000\n\ndata: hello\n\n(:\n\n)*data: first\n\n(:\n\n)+$/);
    },
    { timeout: 20_000 },
  );
});

test('a reader that leaves is forgotten', async () => {
  const { events, read } = await open();
  const response = await read();
  expect(events.readers).toBe(1);
  response.destroy();
  await vi.waitFor(() => expect(events.readers).toBe(0), { timeout: 20_000 });
});

test('a reader that does not read is dropped, and the others go on', async () => {
  const { events, read } = await open();
  const stuck = await read();
  stuck.pause();
  const text = textOf(await read());
  const large = `data: ${'x'.repeat(32_000)}\n\n`;
  let sent = 0;
  await vi.waitFor(
    () => {
      events.send(large);
      sent++;
      expect(events.readers).toBe(1);
    },
    { timeout: 20_000, interval: 5 },
  );
  await vi.waitFor(() => expect(text().split('data: x')).toHaveLength(sent + 1), { timeout: 20_000 });
  // Not before it was really behind: the systems' own buffers take some.
  expect(sent).toBeGreaterThan(2);
});

test('no more readers than it may have, until one leaves', async () => {
  const { read } = await open({ mostReaders: 2 });
  const [first] = await Promise.all([read(), read()]);
  expect((await read()).statusCode).toBe(503);
  first?.destroy();
  await vi.waitFor(async () => expect((await read()).statusCode).toBe(200), { timeout: 20_000 });
});

test('closing ends all streams whole, and takes no more', async () => {
  const { events, read } = await open();
  const response = await read();
  const ended = once(response.resume(), 'end');
  events.close();
  await ended;
  expect(events.isOpen).toBe(false);
  expect((await read()).statusCode).toBe(503);
});
