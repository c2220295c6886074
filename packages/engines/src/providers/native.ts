import { readMark } from '../data-folder.ts';
import { dockerTrouble, readDockerPorts } from '../docker-engines.ts';
import type { EngineContext, EngineKind } from '../engine-context.ts';
import { upNative } from '../native-engine.ts';
import { clusterPlaces, storePlace, type Store } from '../native-places.ts';
import { upCluster } from '../native-cluster.ts';
import { findServers, type ServerProgram } from '../server-program.ts';
import type { Outcome, Provider } from './provider.ts';

/** Servers that are installed on this machine, run privately: on a folder and ports of our own. */
export const nativeProvider: Provider = {
  async up(wanted, context) {
    const outcomes: Outcome[] = [];
    for (const kind of wanted) outcomes.push(await upOne(kind, context));
    return outcomes;
  },
};

/** A server that was installed since does not take over from the container that has the data. */
async function isInDocker(kind: EngineKind, context: EngineContext): Promise<boolean> {
  const ports = await readDockerPorts(context.folder);
  return ports[kind] !== undefined && context.settings.source !== 'native' && !(await dockerTrouble(context));
}

async function upOne(kind: EngineKind, context: EngineContext): Promise<Outcome> {
  if (context.settings.source === 'docker')
    return { kind, why: 'WORKSHOP_ENGINES=docker leaves out servers on this machine' };
  const store: Store = kind === 'mysql' ? 'mysql' : 'redis';
  const { dataDir } =
    kind === 'cluster' ? clusterPlaces(context.folder)[0]! : storePlace(kind, context.folder);
  const mark = await readMark(dataDir);
  if (!mark && (await isInDocker(kind, context))) return { kind, why: 'its data is in a Docker volume' };
  const findServer = async (): Promise<ServerProgram | undefined> =>
    (await findServers(store, context, mark))[0];
  const engine = await (kind === 'cluster'
    ? upCluster(findServer, context)
    : upNative(kind, findServer, context));
  if (engine) return { kind, engine };
  const names = {
    mysql: 'mysqld or mariadbd that may use a private folder',
    redis: 'redis-server or valkey-server',
  };
  return { kind, why: `no ${names[store]} is installed` };
}
