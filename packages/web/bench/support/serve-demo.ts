import { readConfig, startServer } from '../../src/index.ts';
import { tellParent } from './process.ts';

/** The demo as it is deployed, log and all, in a process of its own. */
const server = await startServer(await readConfig());
tellParent(server.url);
