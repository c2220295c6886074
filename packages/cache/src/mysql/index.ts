export { cachedQuery } from './query.ts';
export { queryKey } from './query-key.ts';
export type { CacheableQuery, QuerySource } from './query-key.ts';
export { CommitUnknownError, inTransaction } from './transaction.ts';
export type { Committed, ConnectionSource } from './transaction.ts';
export { inSavepoint, SavepointLostError } from './savepoint.ts';
export { Invalidations, TransactionEndedError } from './invalidations.ts';
export type { Invalidatable, InvalidationQueue } from './invalidations.ts';
