import type { Grammar } from '../../toolchains/syntax-tree.ts';
import type { SastHit } from '../sast/sast-class.ts';

/** Where a text does not follow its grammar. */
export interface SyntaxProblem {
  readonly line: number;
  readonly what: string;
}

/** One function with its cyclomatic complexity, nested functions apart. Lines count from 1. */
export interface FunctionFacts {
  /** With the names of what it lies in: `Cart.total`. */
  readonly name: string;
  readonly line: number;
  readonly endLine: number;
  readonly complexity: number;
  /** Of its text without white space: a function that only moved is the same one. */
  readonly hash: string;
}

/** Something that other files or people may use. */
export interface SymbolFacts {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
  readonly documented: boolean;
}

/** One import, with the names it takes. */
export interface ImportFacts {
  /** As written: `./cart.js`, `lodash/fp`, `..pkg.mod`. */
  readonly module: string;
  readonly line: number;
  /** Names as the other module calls them; `default` for a default import. */
  readonly names: readonly string[];
  /** What the whole module is called here; null when it is not bound. */
  readonly namespace: string | null;
  /** It may fail without harm: inside `try`, or only for types. */
  readonly guarded: boolean;
}

/** `fs.readFileSync` where `fs` stands for a whole module. */
export interface MemberFacts {
  readonly module: string;
  readonly member: string;
  readonly line: number;
}

/** What a module gives to others. */
export interface ExportFacts {
  readonly names: readonly string[];
  /** Modules of which everything is passed on. */
  readonly stars: readonly string[];
  /** Names are made at run time: no name can be called missing. */
  readonly open: boolean;
}

/** What static gates know of one text; plain data, so that it crosses threads and is kept by blob. */
export interface FileFacts {
  readonly grammar: Grammar | 'json' | 'yaml' | 'toml';
  /** At most 20. */
  readonly problems: readonly SyntaxProblem[];
  readonly functions: readonly FunctionFacts[];
  readonly symbols: readonly SymbolFacts[];
  readonly imports: readonly ImportFacts[];
  readonly members: readonly MemberFacts[];
  readonly exports: ExportFacts;
  /** Places that can be a weakness. */
  readonly hits: readonly SastHit[];
}

/** Tokens of a text without comments and white space: a hash and a line for each. */
export interface FileTokens {
  readonly hashes: Int32Array;
  readonly lines: Int32Array;
  /** Lines that hold a token. */
  readonly codeLines: number;
}
