import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { globalSetup: ['@workshop/engines/testing'], testTimeout: 60_000, maxConcurrency: 3 },
});
