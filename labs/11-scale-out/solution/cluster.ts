import { Cluster } from 'ioredis';

/** One cluster, asked in two ways. */
export interface Servers {
  /** What these say is so: whatever was written, and confirmed, is there. */
  primaries: Cluster;
  /** These have copies, some milliseconds old; while they are cut off, older. */
  replicas: Cluster;
  close(): void;
}

/** @param redisUrl any node: it tells of the others */
export function connect(redisUrl: string): Servers {
  const { hostname: host, port, username, password } = new URL(redisUrl);
  const options = {
    // Every node is another server, which has to be told who comes, and may hang.
    redisOptions: {
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      connectTimeout: 1_000,
      // A cache that answers late is worse than none: the read goes on to MySQL after this many ms.
      commandTimeout: 300,
    },
    // A slot that has moved says so (MOVED). A node that has vanished says nothing: look who is there, every second.
    slotsRefreshInterval: 1_000,
    // Look for the cluster again at least every second, so that caching resumes soon after it is back.
    clusterRetryStrategy: (attempt: number) => Math.min(attempt * 50, 1_000),
  };
  const nodes = [{ host, port: Number(port || 6379) }];
  const primaries = new Cluster(nodes, { ...options, scaleReads: 'master' });
  const replicas = new Cluster(nodes, { ...options, scaleReads: 'slave' });
  // The cache being away is not an error of this program: reads go to MySQL meanwhile.
  for (const cluster of [primaries, replicas]) cluster.on('error', () => {});
  return {
    primaries,
    replicas,
    close() {
      primaries.disconnect();
      replicas.disconnect();
    },
  };
}
