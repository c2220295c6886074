import { throwawayRedis } from '../../src/throwaway/index.ts';

// Starts a server, tells where it is, and does not stop it. With `wait` it then lives on until it is killed.
const server = await throwawayRedis();
console.log(JSON.stringify({ pid: server.pid, dataDir: server.dataDir }));
if (process.argv[2] === 'stopped') await server.kill('SIGSTOP');
if (process.argv[2] !== 'end') setInterval(() => {}, 1_000);
