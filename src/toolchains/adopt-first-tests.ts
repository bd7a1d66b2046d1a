import type { DetectedCommands } from '../domain/toolchain.ts';

/**
 * The commands of a change that brings a repository its first tests: what is found on head, because base has none. A
 * script that is judged by its exit code alone is not taken: the change itself would say that it passes.
 */
export function adoptFirstTests(base: DetectedCommands, head: DetectedCommands): DetectedCommands {
  if (base.test.length > 0) return base;
  const test = head.test.filter(({ format }) => format !== 'exit-code');
  if (test.length === 0) return base;
  const note = 'The repository had no test command: the one that the change brings is used.';
  return {
    ...base,
    fetch: head.fetch,
    build: head.build,
    test,
    coverage: head.coverage ?? [],
    notes: [...base.notes, note],
  };
}
