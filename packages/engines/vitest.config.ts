import { defineConfig } from 'vitest/config';

// Unlike every other package's, these tests start and kill engines, so they keep away from the ones that the others share.
export default defineConfig({
  test: {
    globalSetup: ['test/install-servers.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // They wait for servers more than they work.
    maxWorkers: 3,
  },
});
