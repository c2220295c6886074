import { join } from 'node:path';
import {
  CallFailed,
  CallHung,
  LiveStore,
  LoadFailed,
  ProcessEnded,
  storeFile,
  WorkWatcher,
} from '@workshop/lab-kit';
import {
  createDemoStore,
  searchOf,
  StoreError,
  type ArticleStore,
  type DemoStoreOptions,
} from '@workshop/web';
import type { FoundLab } from './labs.ts';
import { show } from './say.ts';
import { watchedSearch } from './watched-search.ts';

/**
 * The demo's pages on a learner's code: "Query the cache" asks their store for sentences, "Query MySQL" the demo's own, to compare
 * with. What no lab's store can be asked for, such as the cities near a point, is the demo's own too.
 *
 * @param onUse called at each question and at each save
 */
export async function createLearnerStore(
  { lab, folders }: FoundLab,
  options: DemoStoreOptions,
  onUse: () => void,
): Promise<ArticleStore> {
  const own = createDemoStore(options);
  const live = await LiveStore.open({ lab, entry: join(folders.work, storeFile), engines: options });
  const watcher = await WorkWatcher.start(folders.work, () => {
    onUse();
    void live.reload();
  });
  return {
    name: `your lab ${lab.id}, ${show(folders.work)}`,
    async ask(source, query) {
      onUse();
      const search = searchOf(query);
      if (source === 'mysql' || search === undefined) return await own.ask(source, query);
      try {
        return await watchedSearch(live, search.term, search.limit);
      } catch (error) {
        throw isLearners(error) ? new StoreError(error.message, { cause: error }) : error;
      }
    },
    explain: async (query) => await own.explain(query),
    ...(own.askRedis && { askRedis: own.askRedis }),
    ...(own.askMysql && { askMysql: own.askMysql }),
    deleteCache: async () => await live.deleteCache(),
    check: async () => await own.check(),
    async close() {
      watcher.close();
      await live.close();
      await own.close();
    },
  };
}

function isLearners(error: unknown): error is Error {
  return [CallFailed, CallHung, LoadFailed, ProcessEnded, StoreError].some((type) => error instanceof type);
}
