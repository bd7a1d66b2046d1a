import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearReportArguments, readReportArguments } from '../../src/toolchains/report-place.ts';

function run([program = '', ...words]: readonly string[], cwd: string): string {
  return execFileSync(program, words, { cwd, encoding: 'utf8' });
}

describe('the place of a report', () => {
  it('may be every file below the directory that matches, in a steady order and never through a link', () => {
    const root = mkdtempSync(join(tmpdir(), 'pullwright-report-'));
    for (const name of ['b', 'a']) {
      mkdirSync(join(root, name, 'target'), { recursive: true });
      writeFileSync(join(root, name, 'target', 'TEST-1.xml'), name);
    }
    symlinkSync('/etc/hostname', join(root, 'a', 'target', 'TEST-2.xml'));
    const glob = '*/target/TEST-*.xml';
    expect(run(readReportArguments(glob, 100), root)).toBe('ab');
    expect(run(readReportArguments(glob, 1), root)).toBe('a');
    run(clearReportArguments(glob), root);
    expect(existsSync(join(root, 'a', 'target', 'TEST-1.xml'))).toBe(false);
    expect(run(readReportArguments(glob, 100), root)).toBe('');
  });

  it('is one file otherwise', () => {
    const root = mkdtempSync(join(tmpdir(), 'pullwright-report-'));
    writeFileSync(join(root, 'r.xml'), 'text');
    expect(run(readReportArguments('r.xml', 3), root)).toBe('tex');
    run(clearReportArguments('r.xml'), root);
    expect(existsSync(join(root, 'r.xml'))).toBe(false);
  });
});
