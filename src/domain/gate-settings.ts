import type { GateName } from './gate.ts';

/**
 * What a verdict that counts does: `block` keeps the pull request a draft, `hold` too until a person approves exactly
 * that state, `warn` is shown, `off` is not judged at all.
 */
export type GateMode = 'block' | 'hold' | 'warn' | 'off';

interface Mode {
  readonly mode: GateMode;
}

/** A command that is run in the sandbox and writes a SARIF 2.1.0 log. */
export interface ExternalScanner {
  readonly run: string;
  /** Relative to the root, which is the default. */
  readonly directory?: string | undefined;
  /** The file that holds the log; absent: standard output. */
  readonly report?: string | undefined;
}

/** What the repository's own configuration says about each gate, with the defaults filled in. */
export interface GateSettings extends Readonly<Record<Exclude<GateName, 'secrets'>, Mode>> {
  readonly tests: Mode & {
    /** Whether a change counts as unfinished while tests of what it touches failed before and still fail. */
    readonly unfinished: 'block' | 'warn';
  };
  /** What is pushed has leaked: this one blocks, whatever a repository says. */
  readonly secrets: { readonly mode: 'block' };
  /** Least share of the changed lines that tests cover. */
  readonly coverage: Mode & { readonly minPercent: number };
  /** Most cyclomatic complexity of a function that a change touches and makes more complex; see the gate for older ones. */
  readonly complexity: Mode & { readonly max: number };
  /** Most share of duplicated lines; shortest run of equal tokens that counts as a clone. */
  readonly duplication: Mode & { readonly maxPercent: number; readonly minTokens: number };
  /** Most new critical or high findings. */
  readonly sast: Mode & {
    readonly maxNew: number;
    /** Scanners of the repository's own choice that write SARIF. */
    readonly external: readonly ExternalScanner[];
  };
  readonly dependencies: Mode & {
    /** A package whose first version is younger is pointed out. */
    readonly minAgeDays: number;
    /** SPDX identifiers; empty: no licence is asked for. */
    readonly licences: readonly string[];
    /** Packages that exist but that no registry of the operator answers for (private ones): never asked for. */
    readonly ignore: readonly string[];
  };
  /** Globs of files whose change is held, besides those that are always protected. */
  readonly policy: Mode & { readonly protectedPaths: readonly string[] };
  /** Modules that are there at run time without being declared; never called invented. */
  readonly hallucination: Mode & { readonly ignore: readonly string[] };
  /** No metric may get worse by more than this share of its value on base. */
  readonly regression: { readonly maxPercent: number };
}

const permissive = [
  '0BSD',
  'Apache-2.0',
  'Artistic-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PSF-2.0',
  'Python-2.0',
  'Unicode-3.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
] as const;

/** What holds where `.github/agent.yml` says nothing. */
export const defaultGateSettings: GateSettings = {
  tests: { mode: 'block', unfinished: 'block' },
  integrity: { mode: 'hold' },
  coverage: { mode: 'block', minPercent: 85 },
  lint: { mode: 'warn' },
  parse: { mode: 'block' },
  complexity: { mode: 'block', max: 10 },
  duplication: { mode: 'block', maxPercent: 5, minTokens: 70 },
  docs: { mode: 'warn' },
  secrets: { mode: 'block' },
  sast: { mode: 'block', maxNew: 0, external: [] },
  dependencies: { mode: 'block', minAgeDays: 30, licences: permissive, ignore: [] },
  policy: { mode: 'hold', protectedPaths: [] },
  hallucination: { mode: 'block', ignore: [] },
  claims: { mode: 'warn' },
  regression: { maxPercent: 5 },
};
