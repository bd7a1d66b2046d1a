import { defineConfig } from 'vitest/config';

/** The container engine's suite alone, without a database: with another engine, or as an ordinary user. */
export default defineConfig({
  cacheDir: `/tmp/pullwright-engine-suite-${process.getuid?.() ?? 0}`,
  test: {
    include: ['test/sandbox/container-sandbox.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    pool: 'forks',
    restoreMocks: true,
    unstubEnvs: true,
    expect: { requireAssertions: true },
  },
});
