import type { ImportFacts } from '../facts/file-facts.ts';

/** Something that is imported or used and was not found by reading; asking the installed packages decides. */
export interface Suspect {
  readonly path: string;
  readonly line: number;
  readonly language: 'script' | 'python';
  readonly module: string;
  /** Names that the module should have; empty: the module itself is missing. */
  readonly names: readonly string[];
  readonly message: string;
  /**
   * What holds when nobody can be asked: `certain` it does not exist, `likely`, or `unknown`: a package's insides, of
   * which nothing can be said without looking.
   */
  readonly alone: 'certain' | 'likely' | 'unknown';
}

type Place = Pick<Suspect, 'path' | 'line' | 'module'>;

/** Makes the suspects of one language. */
export function suspectsIn(
  language: Suspect['language'],
): (place: Place, names: readonly string[], message: string, alone: Suspect['alone']) => Suspect {
  return ({ path, line, module }, names, message, alone) => ({
    path,
    line,
    module,
    names,
    message,
    alone,
    language,
  });
}

/** Names as Markdown code, in one line. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** An import that the change adds, or names that it newly takes from one that was there. */
export interface NewImport extends ImportFacts {
  readonly path: string;
}

/** What both resolvers know of the repository. */
export interface Repository {
  readonly files: ReadonlySet<string>;
  /** Directories that hold a file, without a slash at the end; the root is the empty string. */
  readonly directories: ReadonlySet<string>;
  /** Packages that any manifest declares, or that live here. */
  readonly declared: ReadonlySet<string>;
  /** Prefixes that a configuration maps to directories, such as `@/`. */
  readonly aliases: readonly string[];
  readonly ignored: ReadonlySet<string>;
  /** Exports of a file of ours by path; null when they are not known. */
  exportsOf(path: string): Promise<ReadonlySet<string> | null>;
}
