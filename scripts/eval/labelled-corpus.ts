// What the measurements on labelled corpora share: the split into halves, the walk over files, the printed rows.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Half = 'dev' | 'held';

/** Rules are written on `dev`; `held` is run for its sums only. The hash of the file's name decides. */
export function halfOf(name: string): Half {
  return (createHash('sha256').update(name).digest().at(-1) ?? 0) % 2 === 0 ? 'dev' : 'held';
}

export function* filesBelow(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

export interface Row {
  hit: number;
  missed: number;
  false: number;
  clean: number;
}

export const emptyRow = (): Row => ({ hit: 0, missed: 0, false: 0, clean: 0 });

export function sumOf(rows: Iterable<Row>): Row {
  const sum = emptyRow();
  for (const row of rows)
    for (const key of ['hit', 'missed', 'false', 'clean'] as const) sum[key] += row[key];
  return sum;
}

export function show(name: string, row: Row): void {
  const precision = (row.hit / Math.max(1, row.hit + row.false)).toFixed(2);
  const recall = (row.hit / Math.max(1, row.hit + row.missed)).toFixed(2);
  const counts = `${row.hit} found, ${row.missed} missed, ${row.false} false, ${row.clean} rightly passed`;
  process.stdout.write(`${name.padEnd(20)} precision ${precision} recall ${recall}   ${counts}\n`);
}
