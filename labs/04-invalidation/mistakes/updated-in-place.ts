import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The new article goes into the cache at once, so that the next reader has a hit.',
  caughtBy: 'crossing',
  named: 'updated-in-place',
  says: ['while another process did the same'],
  change: [
    [
      '...createWrites(pool, cache),',
      `...createWrites(pool, {
      ...cache,
      async invalidate(tags) {
        await cache.invalidate(tags.filter((tag) => tag === listsTag));
        for (const tag of tags) {
          const id = Number(tag.split(':')[1]);
          if (tag === listsTag) continue;
          const [[row]] = await pool.execute<RowDataPacket[]>(byIdSql, [id]);
          const found = row ? ({ ...row, Readers: BigInt(row['Readers']) } as Article) : null;
          await cache.replace({ key: \`articles:id:\${id}\`, form: article, tags: [tag] }, found);
          await cache.replace({ key: \`articles:readers:\${id}\`, form: readers, tags: [tag] }, found);
        }
      },
    }),`,
    ],
    [
      '  invalidate(tags: readonly string[]): Promise<void>;',
      `  invalidate(tags: readonly string[]): Promise<void>;
  replace<T>(place: Place<T>, value: T): Promise<void>;`,
    ],
    [
      '    close() {\n      redis.disconnect();',
      `    async replace<T>({ key, form, tags }: Place<T>, value: T): Promise<void> {
      const generations = await generationsOf(redis, tags).catch(() => []);
      await form.write(redis, \`\${key}@\${generations.join()}\`, value, lifeOf(value)).catch(() => {});
    },

    close() {
      redis.disconnect();`,
    ],
  ],
});
