import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/cli/commands.ts';
import { errorCatalogue } from '../../src/domain/error-catalogue.ts';
import { renderCommandsDoc } from '../../src/triggers/render-commands-doc.ts';
import { drawGraph, steps } from '../../src/workflow/graph.ts';
import { rooms } from '../architecture/rooms.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the documents', () => {
  it('say for every error code what to do, and know no other code', () => {
    const headings = [...read('docs/errors.md').matchAll(/^## (.+)$/gm)].map(([, code]) => code);
    expect(new Set(headings)).toEqual(new Set(Object.keys(errorCatalogue)));
  });

  it('list the commands as the grammar has them', () => {
    expect(read('docs/commands.md')).toBe(renderCommandsDoc());
  });

  it('show the graph of a run as it is', async () => {
    const shown = /<!-- graph:start -->\n```mermaid\n([\s\S]*?)```\n<!-- graph:end -->/.exec(
      read('ARCHITECTURE.md'),
    )?.[1];
    expect(shown?.trim()).toBe((await drawGraph()).trim());
  });

  it('have a row for every room with what it may import', () => {
    const text = read('ARCHITECTURE.md');
    for (const room of Object.keys(rooms)) {
      if (room === 'dashboard') continue;
      expect(text).toContain(`| \`${room}\` |`);
    }
  });

  it('are as long as they may be', () => {
    expect(read('AGENTS.md').split('\n').length).toBeLessThanOrEqual(120);
    expect(read('CLAUDE.md')).toContain('AGENTS.md');
  });

  it('name every command of the CLI in the README', () => {
    for (const { name } of commands) expect(read('README.md')).toContain(`pullwright ${name}`);
  });
});

describe('the graph of a run', () => {
  it('has only edges to steps that exist, and reaches the end', () => {
    const names = new Set<string>([...steps.map(({ name }) => name), 'end']);
    expect(steps.flatMap(({ nexts }) => nexts).filter((next) => !names.has(next))).toEqual([]);
    expect(steps.find(({ name }) => name === 'finish')?.nexts).toEqual(['end']);
  });
});

describe('app.yml', () => {
  const manifest = parse(read('app.yml')) as {
    readonly default_permissions: Record<string, string>;
    readonly default_events: readonly string[];
  };

  it('asks for no permission to change workflows or to administrate', () => {
    expect(manifest.default_permissions).toEqual({
      contents: 'write',
      issues: 'write',
      pull_requests: 'write',
      checks: 'write',
      security_events: 'write',
      actions: 'read',
      statuses: 'read',
      metadata: 'read',
    });
  });

  it('has no apostrophe, which would end the attribute that carries it in older set-up pages', () => {
    expect(JSON.stringify(manifest)).not.toContain("'");
  });
});
