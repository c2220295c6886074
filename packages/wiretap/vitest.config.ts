import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['@workshop/engines/testing'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'node_modules/.cache/test-report.json' }]],
  },
});
