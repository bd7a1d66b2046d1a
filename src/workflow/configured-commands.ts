import type {
  CoverageCommand,
  DetectedCommands,
  RepositoryCommand,
  TestCommand,
} from '../domain/toolchain.ts';
import { quoteForShell } from '../toolchains/quote-for-shell.ts';
import type { ConfiguredCommand, RepositoryConfig } from './ports.ts';

const why = '.github/agent.yml';

/** What the repository's configuration names replaces what was detected, key by key. */
export function applyConfiguredCommands(
  detected: DetectedCommands,
  config: RepositoryConfig,
): DetectedCommands {
  const { commands } = config;
  const replaced = (
    name: 'setup' | 'build' | 'lint' | 'typecheck',
    otherwise: readonly RepositoryCommand[],
  ) => commands[name]?.map((entry) => shellOf(entry, config)) ?? otherwise;
  return {
    ...detected,
    fetch: replaced('setup', detected.fetch),
    build: replaced('build', detected.build),
    lint: replaced('lint', detected.lint),
    typecheck: replaced('typecheck', detected.typecheck),
    test: commands.test?.map((entry) => testOf(entry, config, detected)) ?? detected.test,
    coverage: coverageOf(config, detected),
  };
}

/** Commands of its own for tests make the detected way to measure them a guess. */
function coverageOf(config: RepositoryConfig, detected: DetectedCommands): readonly CoverageCommand[] {
  const { coverage, test } = config.commands;
  if (coverage === undefined) return test === undefined ? (detected.coverage ?? []) : [];
  return coverage.map(({ format, report, ...entry }) => ({
    ...shellOf(entry, config),
    format,
    reportPath: report,
  }));
}

function shellOf(entry: string | ConfiguredCommand, config: RepositoryConfig): RepositoryCommand {
  if (typeof entry === 'string') return { shell: entry, cwd: config.directory ?? '', why };
  const cwd = entry.directory ?? config.directory ?? '';
  // In the command itself: so the evidence shows it, and whoever repeats the command has it.
  const env = Object.entries(entry.env ?? {}).map(([name, value]) => `${name}=${quoteForShell(value)}`);
  return { shell: env.length === 0 ? entry.run : `export ${env.join(' ')}; ${entry.run}`, cwd, why };
}

/** A configured command that is the detected one keeps its report; another one is judged as it says, or by its exit code. */
function testOf(
  entry: string | ConfiguredCommand,
  config: RepositoryConfig,
  detected: DetectedCommands,
): TestCommand {
  const command = shellOf(entry, config);
  if (typeof entry !== 'string' && entry.format !== undefined) {
    return { ...command, format: entry.format, reportPath: entry.report ?? null };
  }
  const same = detected.test.find(
    ({ cwd, shell }) =>
      cwd === command.cwd && (shell.startsWith(command.shell) || shell.endsWith(` ${command.shell}`)),
  );
  return same ?? { ...command, format: 'exit-code', reportPath: null };
}
