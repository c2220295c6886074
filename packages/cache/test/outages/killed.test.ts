import { throwawayRedis } from '@workshop/engines/throwaway';
import { expect, it, onTestFinished } from 'vitest';
import { makeClients } from '../contract/clients.ts';
import { weather } from './outage.ts';

async function server() {
  const redis = await throwawayRedis();
  onTestFinished(() => redis.stop());
  return { redis, clients: () => makeClients({ kind: 'single', url: redis.url }) };
}

it('Redis is killed (SIGKILL), and started again', async () => {
  const { redis, clients } = await server();
  await weather({
    weather: 'SIGKILL and restart',
    clients,
    begin: async () => expect(await redis.kill('SIGKILL')).toBe(true),
    reads: 2_000,
    end: () => redis.restart(),
    waitsFor: 'nothing',
  });
});

it('Redis stands still (SIGSTOP), and goes on (SIGCONT)', async () => {
  const { redis, clients } = await server();
  await weather({
    weather: 'SIGSTOP and SIGCONT',
    clients,
    begin: () => redis.kill('SIGSTOP'),
    reads: 8_000,
    end: () => redis.kill('SIGCONT'),
    waitsFor: 'nothing',
  });
});
