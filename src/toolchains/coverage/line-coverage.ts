/** By path from the root: each line that can run, and how often it did. Lines that are not named are not code. */
export type LineCoverage = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** A report that is being read; of several numbers for one line the largest counts. */
export class CoverageBuilder {
  readonly #files = new Map<string, Map<number, number>>();

  add(path: string, line: number, hits: number): void {
    if (!Number.isInteger(line) || line < 1 || line > 10_000_000 || Number.isNaN(hits)) return;
    const lines = this.#files.get(path) ?? new Map<number, number>();
    lines.set(line, Math.max(lines.get(line) ?? 0, hits));
    this.#files.set(path, lines);
  }

  /** A file without a single line that can run was seen too. */
  addFile(path: string): void {
    if (!this.#files.has(path)) this.#files.set(path, new Map());
  }

  build(): LineCoverage {
    return this.#files;
  }
}
