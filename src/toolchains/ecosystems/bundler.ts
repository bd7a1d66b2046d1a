import type { RepositoryCommand, TestCommand } from '../../domain/toolchain.ts';
import { type Ecosystem, type ProjectSource, reportFile } from '../ecosystem.ts';
import { quoteForShell } from '../quote-for-shell.ts';

const gems = '"$HOME/gems"';
/** Gems are installed beside the workspace: `vendor/` would be a change. */
const environment = 'export GEM_HOME="$HOME/bundle" PATH="$HOME/bundle/bin:$PATH"; ';
const gemsMax = 400;

/** Ruby: gems are downloaded by name from the lockfile (a Gemfile is code), and installed without network. */
export const bundlerEcosystem: Ecosystem = {
  name: 'bundler',
  async detect(source) {
    if (!source.files.has('Gemfile')) return undefined;
    const lock = (await source.read('Gemfile.lock')) ?? '';
    const locked = lockedGems(lock);
    const prefix = locked.length === 0 ? '' : environment;
    const test = testCommand(source, prefix);
    const rubocop = source.files.has('.rubocop.yml') && /^ {4}rubocop /m.test(lock);
    const cwd = source.directory;
    return {
      ...gemCommands(source, locked),
      lint: rubocop ? [{ shell: `${prefix}bundle exec rubocop --no-server`, cwd, why: '.rubocop.yml' }] : [],
      typecheck: [],
      test: test ? [test] : [],
      notes: [
        ...(lock === '' ? ['Gemfile is there, but no Gemfile.lock: no gem is fetched.'] : []),
        ...(test ? [] : ['Gemfile is there, but neither spec/ nor test/.']),
      ],
    };
  },
};

function gemCommands(
  source: ProjectSource,
  locked: readonly string[],
): { readonly fetch: readonly RepositoryCommand[]; readonly build: readonly RepositoryCommand[] } {
  if (locked.length === 0) return { fetch: [], build: [] };
  const cwd = source.directory;
  const why = 'Gemfile.lock';
  const fetch = `mkdir -p ${gems} && cd ${gems} && gem fetch ${locked.map(quoteForShell).join(' ')}`;
  const build = `${environment}gem install --local --no-document --ignore-dependencies --force ${gems}/*.gem`;
  // The names and versions are in the command itself.
  return {
    fetch: [{ shell: fetch, cwd, why, reads: ['Gemfile.lock'] }],
    build: [{ shell: build, cwd, why }],
  };
}

/** `name:version` of the section GEM; gems from git or a path are in the tree or cannot be fetched without git. */
function lockedGems(lock: string): readonly string[] {
  const section = /^GEM\n(?: {2}.*\n)+/m.exec(`${lock}\n`)?.[0] ?? '';
  return [...section.matchAll(/^ {4}([A-Za-z0-9][\w.-]*) \((\d[\w.]*)(?:-[\w.-]+)?\)$/gm)]
    .map(([, name, version]) => `${name}:${version}`)
    .slice(0, gemsMax);
}

function testCommand(source: ProjectSource, prefix: string): TestCommand | undefined {
  const cwd = source.directory;
  const has = (pattern: RegExp): boolean => [...source.files].some((path) => pattern.test(path));
  if (has(/^spec\/.*_spec\.rb$/)) {
    const reportPath = reportFile(source, 'rspec.json');
    const shell = `${prefix}bundle exec rspec --format json --out ${reportPath}`;
    return { shell, cwd, why: 'spec/*_spec.rb', format: 'rspec-json', reportPath };
  }
  if (!has(/^test\/.*_test\.rb$|^test\/test_.*\.rb$/)) return undefined;
  const shell = `${prefix}bundle exec rake test`;
  return { shell, cwd, why: 'test/ and Gemfile', format: 'exit-code', reportPath: null };
}
