import type { Resource, StackModel } from '../template/stack-model.ts';
import { textOf } from '../template/template.ts';
import { isClustered, shardsOf } from './parts.ts';

/** The nodes of a replication group, as CloudWatch knows them: `<id>-001`; with shards `<id>-0001-001`. */
export function membersOf(model: StackModel, cache: Resource): readonly string[] {
  const { NumCacheClusters, ReplicasPerNodeGroup } = cache.properties;
  const nodes =
    ReplicasPerNodeGroup === undefined ? Number(NumCacheClusters ?? 1) : Number(ReplicasPerNodeGroup) + 1;
  const numbers = (count: number, digits: number) =>
    Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, '0'));
  if (!isClustered(model, cache)) return numbers(nodes, 3).map((node) => `${cache.ref}-${node}`);
  return numbers(shardsOf(cache.properties), 4).flatMap((shard) =>
    numbers(nodes, 3).map((node) => `${cache.ref}-${shard}-${node}`),
  );
}

/** vCPUs of a node type: `cache.t4g.micro` has 2, `cache.m7g.2xlarge` has 8. */
export function vcpusOf(cache: Resource): number {
  const size = textOf(cache.properties['CacheNodeType']).split('.').at(-1) ?? '';
  const times = /^(\d*)xlarge$/.exec(size);
  return times ? 4 * Number(times[1] || 1) : 2;
}
