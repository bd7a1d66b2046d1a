/** Tokens of one file: a hash and a line for each. */
export interface TokenFile {
  readonly path: string;
  readonly hashes: Int32Array;
  readonly lines: Int32Array;
}

export interface CloneRequest {
  readonly base: readonly TokenFile[];
  readonly head: readonly TokenFile[];
  readonly minTokens: number;
  /** Numbers of added lines, by path. */
  readonly added: ReadonlyMap<string, ReadonlySet<number>>;
}

/** One run of tokens that stands somewhere else too. Lines count from 1. */
export interface Clone {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly otherPath: string;
  readonly otherLine: number;
  readonly tokens: number;
  /** How many of them the change added. */
  readonly addedTokens: number;
}

export interface CloneAnswer {
  /** Lines that are a copy of others. */
  readonly baseLines: number;
  readonly headLines: number;
  /** Clones of head that the change made: long enough on added lines alone, and not there between these files before. */
  readonly made: readonly Clone[];
}
