import { afterAll, describe, expect, it } from 'vitest';
import { type EngineOptions, startContainerEngine, type TestEngine } from './container-engine.ts';

/**
 * The suite with an engine of its own, stopped at the end. Where none can be started, a test whose name says so and
 * why; it fails where an engine is required (`.ci/run`).
 */
export async function withContainerEngine(
  title: string,
  suite: (engine: TestEngine) => void | Promise<void>,
  options: EngineOptions = {},
): Promise<void> {
  const engine = await startContainerEngine(options);
  if (!engine.available) return describeUntested(title, engine.reason);
  afterAll(() => engine.stop());
  await suite(engine);
}

function describeUntested(title: string, reason: string): void {
  describe(`${title}, without an engine`, () => {
    it(`is NOT TESTED on this machine: ${reason}`, () => {
      expect(process.env.PULLWRIGHT_REQUIRE_CONTAINER ?? '').toBe('');
    });
  });
}
