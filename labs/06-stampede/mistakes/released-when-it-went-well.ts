import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The lock is let go of once the entry is stored.',
  caughtBy: 'failing-load',
  named: 'failure-locks-out',
  says: ['still wait'],
  change: [
    [
      `        if (lock) return await loadAndStore(key, form, query);
      } finally {
        await lock?.release();
      }`,
      `        if (lock) {
          const value = await loadAndStore(key, form, query);
          await lock.release();
          return value;
        }
      } catch (error) {
        if (!lock) throw error;
        throw error;
      }`,
    ],
  ],
});
