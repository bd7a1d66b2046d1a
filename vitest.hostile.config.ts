import { defineConfig } from 'vitest/config';

/** The attacks: numbered cases, and thousands of generated texts that a model obeys. */
export default defineConfig({
  test: {
    include: ['test/hostile/**/*.hostile.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    pool: 'forks',
    expect: { requireAssertions: true },
  },
});
