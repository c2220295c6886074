import { connect } from 'node:net';
import { ensureDataset } from '@workshop/dataset';
import { createTestDatabase } from '@workshop/engines/test-space';
import * as fc from 'fast-check';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { expect, inject, onTestFinished, test } from 'vitest';
import { MARKER } from './fuzz-banks.ts';
import { fuzzedRequest, type FuzzedRequest } from './fuzz-requests.ts';
import { startDemo } from './support.ts';

const REQUESTS = 10_000;
const SEED = 20_260_131;
const CALLERS = 16;
const ROWS = 1_000;
const LIMIT_MS = 20_000;

test(`${REQUESTS.toLocaleString('en-US')} requests that nobody should make: no 5xx, nothing echoed, nothing let in`, async () => {
  const database = await createTestDatabase(inject('mysqlUrl'));
  onTestFinished(database.drop);
  await ensureDataset(database.url, { rows: ROWS });
  const demo = await startDemo({
    mysqlUrl: database.url,
    rateLimitPerMinute: 0,
    // It would ask this server, too.
    loadGenerator: false,
  });

  const requests = fc.sample(fuzzedRequest, { numRuns: REQUESTS, seed: SEED });
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let escaped = 0;
  const call = async (): Promise<void> => {
    for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
      const answer = await send(demo.server.port, request);
      const { status } = answer;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (answer.body.includes(MARKER.replace('<', '&lt;'))) escaped++;
      for (const fault of faultsOf(answer))
        wrong.push(`${fault}\n${request.bytes.slice(0, 500)}\n${answer.head}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  expect(wrong.slice(0, 5)).toEqual([]);
  // It was no monologue: enough of them got as far as the application.
  for (const status of [200, 400, 404, 405]) expect(statuses.get(status)).toBeGreaterThan(REQUESTS / 100);
  expect(escaped).toBeGreaterThan(REQUESTS / 500);

  for (const path of ['/', '/healthz', '/readyz', '/query_mysql', '/api/articles?source=mysql'])
    expect([path, (await demo.get(path)).status]).toEqual([path, 200]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  const connection = await createConnection(database.url);
  const [[counted]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM articles');
  await connection.end();
  expect(counted?.['n']).toBe(ROWS);

  // One line, one entry: nobody can write into the log what looks like another's.
  for (const line of demo.log) expect(() => JSON.parse(line) as unknown).not.toThrow();
  for (const url of [database.url, inject('redisUrl')]) {
    expect(demo.log.some((line) => line.includes(new URL(url).password))).toBe(false);
  }
}, 180_000);

interface Answer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends bytes, and reads until the server closes. */
async function send(port: number, { bytes, isWhole }: FuzzedRequest): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`No end of the answer within ${LIMIT_MS} ms to:\n${bytes.slice(0, 2_000)}`));
    }, LIMIT_MS);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // A stream has no end.
      if (chunks.length === 1 && chunk.includes('text/event-stream')) socket.destroy();
    });
    // A server that has heard enough may close while we still talk.
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks)
        .toString('latin1')
        .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
      const at = text.indexOf('\r\n\r\n');
      const head = at === -1 ? text : text.slice(0, at);
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
      resolve({ status, head, body: at === -1 ? '' : text.slice(at + 4) });
    });
    socket.write(Buffer.from(bytes, 'latin1'));
    // Not otherwise: a client that hangs up gets no answer.
    if (!isWhole) socket.end();
  });
}

function faultsOf({ status, head, body }: Answer): string[] {
  const headers = head.split('\r\n').slice(1);
  const type = headers.find((line) => /^content-type:/i.test(line)) ?? '';
  const location = headers.find((line) => /^location:/i.test(line));
  return [
    ...(status >= 500 ? [`A ${status}.`] : []),
    ...(status === 0 && head !== '' ? ['An answer that is no HTTP.'] : []),
    ...(/json/.test(type) || !body.includes(MARKER) ? [] : ['The marker, as it was sent.']),
    ...(headers.some((line) => /^(x-injected|set-cookie):/i.test(line)) ? ['A header of the client.'] : []),
    ...(headers.every((line) => /^[\w-]+: [\x20-\x7e]*$/.test(line)) ? [] : ['A header that is none.']),
    ...(location === undefined || /^location: \/(?!\/)/i.test(location)
      ? []
      : ['A redirect that leads away.']),
    ...(body.includes('node_modules') && !/javascript/.test(type) ? ['A look inside.'] : []),
  ];
}
