import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { IntakeOptions } from '../../src/intake/start-intake.ts';
import type { WorkflowPorts } from '../../src/workflow/ports.ts';

const source = join(import.meta.dirname, '..', '..', 'src');

function filesWith(pattern: RegExp): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && pattern.test(readFileSync(join(source, name), 'utf8')))
    .sort();
}

function roomsOf(files: readonly string[]): readonly string[] {
  return [...new Set(files.map((name) => name.split('/')[0] ?? ''))];
}

/** Whoever holds the key can mint a token for every repository of every installation. */
describe("the App's key", () => {
  it('is named by the rooms that read it from the settings, hand it on or sign with it, and by no other', () => {
    const files = filesWith(/privateKey|PRIVATE_KEY/);
    expect(files).toContain('github/octokit-factory.ts');
    expect(roomsOf(files)).toEqual(['app', 'cli', 'config', 'github', 'hub']);
    // The demo registers an App on the local GitHub.
    expect(files.filter((name) => name.startsWith('cli/'))).toEqual(['cli/demo/demo-world.ts']);
  });

  it('signs in one file', () => {
    expect(filesWith(/createAppAuth/)).toEqual(['github/octokit-factory.ts']);
  });

  it('reaches neither the intake nor the workflow', () => {
    expectTypeOf<IntakeOptions>().not.toHaveProperty('privateKey');
    expectTypeOf<WorkflowPorts>().not.toHaveProperty('tokens');
    expectTypeOf<WorkflowPorts>().not.toHaveProperty('writer');
    expect(roomsOf(filesWith(/\bTokenSource\b/))).toEqual(['app', 'domain', 'git', 'github']);
  });
});
