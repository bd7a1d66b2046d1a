import type { Ecosystem, ProjectSource } from '../ecosystem.ts';

const reports = '*/target/surefire-reports/TEST-*.xml';

/**
 * Maven: the report of surefire in every module. A failing module must not hide the tests of the next, so failures
 * do not stop the build; the report has them.
 */
export const mavenEcosystem: Ecosystem = {
  name: 'maven',
  async detect(source) {
    if (!source.files.has('pom.xml')) return undefined;
    const cwd = source.directory;
    const extension = await namesExtension(source);
    const hasTests = [...source.files].some((path) => /(?:^|\/)src\/test\//.test(path));
    return {
      fetch: extension
        ? []
        : [{ shell: 'mvn -B -q dependency:go-offline', cwd, why: 'pom.xml has dependencies and plugins' }],
      build: [{ shell: 'mvn -B -q -o test-compile', cwd, why: 'pom.xml' }],
      lint: [],
      typecheck: [],
      test: hasTests
        ? [
            {
              shell: 'mvn -B -o -Dmaven.test.failure.ignore=true test',
              cwd,
              why: 'pom.xml and src/test',
              format: 'junit',
              reportPath: reports,
            },
          ]
        : [],
      coverage:
        hasTests && /jacoco-maven-plugin/.test((await source.read('pom.xml')) ?? '')
          ? [
              {
                shell: 'mvn -B -o -Dmaven.test.failure.ignore=true test jacoco:report',
                cwd,
                why: 'jacoco-maven-plugin in pom.xml',
                format: 'coverage-xml',
                reportPath: '*/target/site/jacoco/jacoco.xml',
              },
            ]
          : [],
      notes: [
        ...(hasTests ? [] : ['pom.xml is there, but no src/test.']),
        ...(extension
          ? [
              'Maven extensions are code that would run with network: set `setup` in `.github/agent.yml` to fetch.',
            ]
          : []),
      ],
    };
  },
};

/** Core and build extensions are loaded before any goal, also while dependencies are fetched. */
async function namesExtension(source: ProjectSource): Promise<boolean> {
  if (source.files.has('.mvn/extensions.xml') || source.files.has('.mvn/jvm.config')) return true;
  const poms = [...source.files].filter((path) => /(?:^|\/)pom\.xml$/.test(path)).slice(0, 100);
  for (const pom of poms) {
    if (/<extensions>|<extension>/.test((await source.read(pom)) ?? '')) return true;
  }
  return false;
}
