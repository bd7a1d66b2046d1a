/** How a command's output tells about single tests. */
export type TestReportFormat =
  | 'junit'
  | 'tap'
  | 'vitest-json'
  | 'jest-json'
  | 'go-json'
  | 'cargo-text'
  | 'unittest-text'
  | 'mocha-json'
  | 'rspec-json'
  | 'trx'
  | 'exit-code';

/** A shell command of the target repository. */
export interface RepositoryCommand {
  readonly shell: string;
  /** Relative to the repository's root; empty string for the root itself. */
  readonly cwd: string;
  /** Where it was found, in words: `package.json scripts.test`. */
  readonly why: string;
  /**
   * Of a fetch: every file of the tree that can change its result, as names (`package.json`, `*.tgz`: in any
   * directory) and directories (`node_modules/`: at any depth). Absent: any file may.
   */
  readonly reads?: readonly string[];
}

/** A command that writes a report. */
export interface ReportingCommand extends RepositoryCommand {
  /**
   * Where the report is written: absolute under /out, relative to the command's directory, or, beginning with a star and a slash,
   * every file below that directory whose path matches; null: standard output.
   */
  readonly reportPath: string | null;
}

export interface TestCommand extends ReportingCommand {
  readonly format: TestReportFormat;
}

/** How a coverage report says which lines ran; `coverage-xml` is Cobertura, Clover or JaCoCo. */
export type CoverageFormat = 'lcov' | 'coverage-xml' | 'istanbul' | 'coverage-py' | 'go-profile';

/** Runs the tests once more, with coverage. */
export interface CoverageCommand extends ReportingCommand {
  readonly format: CoverageFormat;
}

/** A package of a monorepo; `dependsOn` holds directories of other packages here. */
export interface WorkspacePackage {
  readonly directory: string;
  readonly dependsOn: readonly string[];
}

/** What a repository's set-up, build, lint and tests are, and why we think so. */
export interface DetectedCommands {
  readonly ecosystems: readonly string[];
  /** With network (registries only): fetches what the lockfile pins, without scripts. */
  readonly fetch: readonly RepositoryCommand[];
  /** Without network, after fetch. */
  readonly build: readonly RepositoryCommand[];
  readonly lint: readonly RepositoryCommand[];
  readonly typecheck: readonly RepositoryCommand[];
  readonly test: readonly TestCommand[];
  /** Where the repository has a means to measure it; absent or empty: none is known. */
  readonly coverage?: readonly CoverageCommand[];
  /** What was looked for and not found, in words for people. */
  readonly notes: readonly string[];
  /** Of a monorepo; absent or empty for one project. */
  readonly packages?: readonly WorkspacePackage[];
}

export type TestOutcome = 'passed' | 'failed' | 'skipped' | 'error';

export interface TestResult {
  /** File relative to the workspace, or the suite's name where no file is known. */
  readonly file: string;
  /** Full title with parameters. */
  readonly title: string;
  readonly outcome: TestOutcome;
  readonly durationMs: number | null;
  /** First 2,000 characters of the failure; empty when it passed. */
  readonly message: string;
}

/** One execution of a repository's test commands on one tree. */
export interface TestRun {
  readonly commands: readonly {
    readonly shell: string;
    readonly exitCode: number | null;
    readonly ended: string;
    readonly durationMs: number;
  }[];
  readonly results: readonly TestResult[];
  /** Crash, time-out, unreadable report: never counts as a pass. Null when the run itself was sound. */
  readonly infra: string | null;
}
