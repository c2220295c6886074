// Runs `load-worker.ts` from the sources. Plain JavaScript, since a thread takes over no loader: `--import tsx` has no effect in it.
import { register } from 'tsx/esm/api';

register();
await import('./load-worker.ts');
