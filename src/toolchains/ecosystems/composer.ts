import type { RepositoryCommand, TestCommand } from '../../domain/toolchain.ts';
import { type Ecosystem, type ProjectSource, reportFile } from '../ecosystem.ts';
import { parseObject, stringMap } from '../read-json.ts';

/** PHP: Composer without scripts and plugins; PHPUnit or Pest with a JUnit report. */
export const composerEcosystem: Ecosystem = {
  name: 'composer',
  async detect(source) {
    const manifest = parseObject(await source.read('composer.json'));
    if (!manifest) return undefined;
    const cwd = source.directory;
    const packages = [manifest['require'], manifest['require-dev']].flatMap((value) =>
      Object.keys(stringMap(value)),
    );
    const test = testCommand(source, packages, stringMap(manifest['scripts']));
    const needsFetch = packages.some((name) => name.includes('/'));
    const phpstan = packages.includes('phpstan/phpstan') && source.files.has('phpstan.neon');
    return {
      fetch: needsFetch
        ? [
            {
              shell:
                'composer install --no-scripts --no-plugins --no-interaction --no-progress --prefer-dist',
              cwd,
              why: source.files.has('composer.lock') ? 'composer.lock' : 'composer.json, no lockfile',
              ...(await readsOf(source)),
            },
          ]
        : [],
      build: [],
      lint: [],
      typecheck: phpstan
        ? [{ shell: 'vendor/bin/phpstan analyse --no-progress', cwd, why: 'phpstan.neon' }]
        : [],
      test: test ? [test] : [],
      notes: test ? [] : ['composer.json is there, but neither PHPUnit, Pest nor a test script.'],
    };
  },
};

/** A package that lies in the tree itself is copied from it: then any file may decide. */
async function readsOf(source: ProjectSource): Promise<Pick<RepositoryCommand, 'reads'> | undefined> {
  const texts = `${await source.read('composer.json')}\n${await source.read('composer.lock')}`;
  if (/"type":\s*"path"/.test(texts)) return undefined;
  return { reads: ['composer.json', 'composer.lock', 'auth.json', 'vendor/'] };
}

function testCommand(
  source: ProjectSource,
  packages: readonly string[],
  scripts: Readonly<Record<string, string>>,
): TestCommand | undefined {
  const cwd = source.directory;
  const runner = [
    ['pestphp/pest', 'pest'],
    ['phpunit/phpunit', 'phpunit'],
  ].find(([name]) => packages.includes(name ?? ''))?.[1];
  if (runner !== undefined) {
    const reportPath = reportFile(source, 'phpunit.xml');
    const shell = `vendor/bin/${runner} --log-junit ${reportPath}`;
    return { shell, cwd, why: `composer.json names ${runner}`, format: 'junit', reportPath };
  }
  if (scripts['test'] === undefined) return undefined;
  const why = 'composer.json scripts.test';
  return { shell: 'composer run-script test', cwd, why, format: 'exit-code', reportPath: null };
}
