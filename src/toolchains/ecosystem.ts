import type { CoverageCommand, RepositoryCommand, TestCommand } from '../domain/toolchain.ts';

/** One directory that may hold a project, as bytes to read; nothing in it is ever evaluated. */
export interface ProjectSource {
  /** Relative to the repository's root, empty string for the root itself. */
  readonly directory: string;
  /** Paths relative to `directory`. */
  readonly files: ReadonlySet<string>;
  /** The text of a file relative to `directory`; undefined when absent, unreadable or over 1 MiB. */
  read(path: string): Promise<string | undefined>;
}

/** What one ecosystem contributes; `notes` tell people what was looked for and not found. */
export interface EcosystemCommands {
  readonly fetch: readonly RepositoryCommand[];
  readonly build: readonly RepositoryCommand[];
  readonly lint: readonly RepositoryCommand[];
  readonly typecheck: readonly RepositoryCommand[];
  readonly test: readonly TestCommand[];
  /** Where the test command alone does not tell how coverage is measured. */
  readonly coverage?: readonly CoverageCommand[];
  readonly notes: readonly string[];
}

/** A member of the family in `ecosystems/`; the README there is the recipe for a new one. */
export interface Ecosystem {
  readonly name: string;
  /** Undefined when the directory is not a project of this ecosystem. Never throws for what a repository holds. */
  detect(source: ProjectSource): Promise<EcosystemCommands | undefined>;
}

/**
 * A report file name in `/out`, which outlives the command (each command has its own `/tmp`). `name` is one of our
 * own words.
 */
export function reportFile(source: ProjectSource, name: string): string {
  const place = source.directory.replaceAll(/[^A-Za-z0-9]+/g, '-');
  return place === '' ? `/out/${name}` : `/out/${place}-${name}`;
}
