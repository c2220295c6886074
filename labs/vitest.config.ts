import { defineConfig } from 'vitest/config';

// A lab is run some twenty times: it waits more than it works, so a few runs at once cost little.
export default defineConfig({
  test: {
    globalSetup: ['@workshop/engines/testing'],
    testTimeout: 120_000,
    maxConcurrency: 3,
  },
});
