import { throwawayRedis, type ThrowawayServer } from '@workshop/engines/throwaway';
import { createRedisTap, type RedisEvent, type RedisTap, type Spell } from '@workshop/wiretap';
import { afterAll, beforeAll, it, onTestFinished } from 'vitest';
import { makeClients } from '../contract/clients.ts';
import { weather, type Outage } from './outage.ts';

let server: ThrowawayServer;
beforeAll(async () => {
  server = await throwawayRedis();
});
afterAll(() => server?.stop());

/** A tap before the server, and what makes weather of one of its spells. */
async function tapped(
  begin: (tap: RedisTap) => Spell,
): Promise<Pick<Outage, 'clients' | 'begin' | 'end'> & { spells: () => Spell[] }> {
  const tap = await createRedisTap({ upstream: { host: server.host, port: server.port } });
  onTestFinished(() => tap.close());
  const spells: Spell[] = [];
  return {
    spells: () => spells,
    clients: () => makeClients({ kind: 'single', url: tap.url(server.url) }),
    begin: () => Promise.resolve(spells.push(begin(tap))),
    end: () => Promise.resolve(spells.forEach((spell) => spell.stop())),
  };
}

const isRead = ({ name }: RedisEvent) => name === 'GET' || name === 'MGET';
const isScript = ({ name }: RedisEvent) => name === 'EVALSHA';
/** What a client says when it connects; Redis answers that even while it loads its data. */
const GREETINGS = new Set(['HELLO', 'AUTH', 'INFO', 'CLIENT']);
const isWork = ({ kind, name }: RedisEvent) => kind === 'command' && !GREETINGS.has(name ?? '');

it('the connection is cut in the middle of a reply, each time there is one to read', async () => {
  await weather({
    weather: 'Connection cut in mid-reply of a read',
    ...(await tapped((tap) => tap.weather.cutReply(isRead))),
    reads: 2_000,
    waitsFor: 'nothing',
  });
});

it('the connection is cut in the middle of a reply that grants a lease', async () => {
  await weather({
    weather: 'Connection cut in mid-reply of a lease',
    ...(await tapped((tap) => tap.weather.cutReply(isScript))),
    reads: 2_000,
    waitsFor: 'nothing',
  });
});

it('Redis answers later than the time-out', async () => {
  await weather({
    weather: 'Latency of 500 ms, beyond the time-out',
    ...(await tapped((tap) => tap.weather.delay(500))),
    reads: 8_000,
    waitsFor: 'nothing',
  });
});

it('Redis answers late, but within the time-out', async () => {
  await weather({
    weather: 'Latency of 20 ms, within the time-out',
    ...(await tapped((tap) => tap.weather.delay(20))),
    reads: 1_000,
    waitsFor: 'time-out',
  });
});

it('Redis refuses everything while it loads its data', async () => {
  await weather({
    weather: 'LOADING',
    ...(await tapped((tap) => tap.weather.fail(isWork, 'LOADING Redis is loading the dataset in memory'))),
    reads: 2_000,
    waitsFor: 'answers',
  });
});

it('Redis refuses connections', async () => {
  await weather({
    weather: 'Connections refused',
    ...(await tapped((tap) => tap.weather.refuse())),
    reads: 2_000,
    waitsFor: 'nothing',
  });
});
