import type { Failure } from './failure.ts';

/** 0, '' and null are values: what one process stored is a hit in the next, whose memory layer is still empty. */
export const falsyMisses: Failure = {
  title: "reloads of 0, '', null",
  wanted: 0,
  async see({ open }, { redisUrl, prefix }) {
    const first = await open({ url: redisUrl }, prefix, { withMemory: true });
    const second = await open({ url: redisUrl }, prefix, { withMemory: true });
    try {
      let reloads = 0;
      for (const value of [0, '', null]) {
        const key = `value ${JSON.stringify(value)}`;
        await first.getOrLoad(key, async () => value);
        await second.getOrLoad(key, async () => {
          reloads += 1;
          return value;
        });
      }
      return reloads;
    } finally {
      await first.close();
      await second.close();
    }
  },
};
