import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { globalSetup: ['@workshop/engines/testing'], testTimeout: 30_000, hookTimeout: 60_000 },
});
