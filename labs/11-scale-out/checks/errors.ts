import type { LabCluster } from '@workshop/lab-kit';

/** How many errors of this kind the nodes answered with since the counts began. */
export async function errorsOf(cluster: LabCluster, kind: string): Promise<number> {
  return (await cluster.counts()).reduce((sum, { errors }) => sum + (errors.get(kind) ?? 0), 0);
}

/** "mget 12, unlink 3": the commands that were refused before they ran. */
export async function refused(cluster: LabCluster): Promise<string> {
  const sums = new Map<string, number>();
  for (const { rejected } of await cluster.counts())
    for (const [name, count] of rejected) if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].map(([name, count]) => `${name.toUpperCase()} ${count}`).join(', ');
}
