import type { Ecosystem } from '../ecosystem.ts';

const buildFile = /^(?:build|settings)\.gradle(?:\.kts)?$/;

/** Gradle: its build files are programs, so nothing is fetched with network unless the repository's owner says how. */
export const gradleEcosystem: Ecosystem = {
  name: 'gradle',
  async detect(source) {
    const file = [...source.files].find((path) => buildFile.test(path));
    if (file === undefined) return undefined;
    const cwd = source.directory;
    const hasTests = [...source.files].some((path) => /(?:^|\/)src\/test\//.test(path));
    return {
      fetch: [],
      build: [],
      lint: [],
      typecheck: [],
      test: hasTests
        ? [
            {
              shell: gradle(source.files.has('gradlew'), '--offline --continue test'),
              cwd,
              why: `${file} and src/test`,
              format: 'junit',
              reportPath: '*/build/test-results/*TEST-*.xml',
            },
          ]
        : [],
      notes: [
        `${file} is code that would run with network: set \`setup\` in \`.github/agent.yml\` to fetch dependencies.`,
        ...(hasTests ? [] : [`${file} is there, but no src/test.`]),
      ],
    };
  },
};

/** The wrapper downloads Gradle itself: an installed one comes first. */
function gradle(hasWrapper: boolean, words: string): string {
  if (!hasWrapper) return `gradle ${words}`;
  return `if command -v gradle >/dev/null; then gradle ${words}; else ./gradlew ${words}; fi`;
}
