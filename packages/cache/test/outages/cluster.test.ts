import { throwawayCluster } from '@workshop/engines/throwaway';
import { assert, expect, it, onTestFinished, vi } from 'vitest';
import { makeClients } from '../contract/clients.ts';
import { weather } from './outage.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

async function cluster() {
  const nodes = await throwawayCluster({ primaries: 3, nodeTimeoutMs: 1_000 });
  onTestFinished(() => nodes.stop());
  const seeds = nodes.nodes.map(({ host, port }) => ({ host, port }));
  const victim = await nodes.primaryOf('any');
  assert(victim !== undefined);
  return {
    victim,
    clients: () => makeClients({ kind: 'cluster', seeds, password: nodes.password }),
    replaced: () =>
      vi.waitFor(async () => {
        const heir = await nodes.primaryOf('any');
        assert(heir !== undefined && heir !== victim);
      }, PATIENCE),
  };
}

it('a primary of a cluster is killed, and its replica takes over', async () => {
  const { victim, clients, replaced } = await cluster();
  await weather({
    weather: 'A cluster primary killed, failover',
    clients,
    begin: async () => expect(await victim.kill('SIGKILL')).toBe(true),
    reads: 2_000,
    end: replaced,
    // The breaker is the whole cluster's, and stays closed while the other primaries answer.
    waitsFor: 'time-out',
  });
});

it('a primary of a cluster stands still, and its replica takes over', async () => {
  const { victim, clients, replaced } = await cluster();
  await weather({
    weather: 'A cluster primary stopped, failover',
    clients,
    begin: () => victim.kill('SIGSTOP'),
    reads: 2_000,
    end: replaced,
    waitsFor: 'time-out',
  });
});
