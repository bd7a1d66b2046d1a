import { describe, expect, it } from 'vitest';
import { decideAuthority } from '../../src/triggers/authority.ts';
import { branchName } from '../../src/triggers/branch-name.ts';
import { type CommandEntry, grammar, readWord } from '../../src/triggers/command-grammar.ts';
import { parseCommand } from '../../src/triggers/parse-command.ts';

describe('a command', () => {
  it.each([
    ['/agent fix', { word: 'fix', text: '' }],
    ['/agent  Fix  the test \r\nand the docs', { word: 'fix', text: 'the test \nand the docs' }],
    ['Hello\n\n  /agent stop', { word: 'stop', text: '' }],
    ['/agent', { word: '', text: '' }],
    ['```\n/agent fix\n```\n/agent status', { word: 'status', text: '' }],
    ['````\n```\n/agent fix\n````\n/agent stop', { word: 'stop', text: '' }],
    ['<!-- x --> y\n/agent stop', { word: 'stop', text: '' }],
    ['> /agent fix\n\n/agent stop', { word: 'stop', text: '' }],
    ['> quoted\n>\n/agent stop', { word: 'stop', text: '' }],
    ['> # heading\n\n/agent stop', { word: 'stop', text: '' }],
    ['<pre>x</pre>\n/agent stop', { word: 'stop', text: '' }],
    ['/agent fix one\n/agent stop', { word: 'fix', text: 'one\n/agent stop' }],
    [`/agent fix ${'a'.repeat(10_000)}`, { word: 'fix', text: 'a'.repeat(10_000) }],
  ])('is read from %j', (comment, command) => {
    expect(parseCommand(comment)).toEqual(command);
  });

  it.each([
    'please /agent fix',
    '> /agent fix',
    '    /agent fix',
    '`/agent fix`',
    '/agents fix',
    '/agent-fix',
    '```\n/agent fix\n```',
    '~~~\n/agent fix',
    '<!--\n/agent fix\n-->',
    '<!-- never closed\n/agent fix',
    '<!-- a --> <!--\n/agent fix\n-->',
    '> quoted\n/agent fix',
    '> quoted\ngoes on\n/agent fix',
    '> quoted\n```\ncode\n\n/agent fix\n```',
    '<pre>\n/agent fix\n</pre>',
    '',
  ])('is not in %j', (comment) => {
    expect(parseCommand(comment)).toBeUndefined();
  });

  it.each([
    ['fix', { kind: 'known', entry: { word: 'fix', verb: 'fix' } }],
    ['', { kind: 'known', entry: { word: 'help' } }],
    ['answer', { kind: 'known', entry: { word: 'answer', verb: 'revise' } }],
    ['fxi', { kind: 'unknown', nearest: 'fix' }],
    ['stopp', { kind: 'unknown', nearest: 'stop' }],
    ['aprove', { kind: 'unknown', nearest: 'approve' }],
    ['deploy', { kind: 'unknown', nearest: 'help' }],
    ['constructor', { kind: 'unknown', nearest: 'help' }],
    ['label', { kind: 'unknown', nearest: 'help' }],
  ])('word %j means %j', (word, known) => {
    expect(readWord(word)).toMatchObject(known);
  });
});

describe('the grammar', () => {
  it('has the words that were agreed, each once, and asks authority under a verb that is known there', () => {
    expect(grammar.map(({ word }) => word)).toEqual([
      'fix',
      'plan',
      'approve',
      'revise',
      'answer',
      'review',
      'status',
      'pause',
      'resume',
      'stop',
      'retry',
      'undo',
      'explain',
      'budget',
      'config',
      'help',
    ]);
    const entries: readonly CommandEntry[] = grammar;
    for (const { verb, least } of entries) {
      const refused = decideAuthority({ verb, role: 'none', actor: 'user', isAuthor: false });
      expect(refused).toMatchObject({ allowed: false, needs: least });
    }
  });

  it('lets the author do what authority lets the author do', () => {
    for (const entry of grammar as readonly CommandEntry[]) {
      const { allowed } = decideAuthority({ verb: entry.verb, role: 'none', actor: 'user', isAuthor: true });
      expect(allowed).toBe(entry.author === true);
    }
  });
});

describe('a branch name', () => {
  it.each([
    ['Crash in parse()', 'agent/7-crash-in-parse'],
    ['Größe & Çédille!', 'agent/7-gro-e-cedille'],
    ['日本語', 'agent/7-issue'],
    ['', 'agent/7-issue'],
    ['../../.git/config.lock', 'agent/7-git-config-lock'],
    ['-'.repeat(300), 'agent/7-issue'],
    ['word '.repeat(20), 'agent/7-word-word-word-word-word-word-word-word'],
  ])('of the title %j is %s', (title, name) => {
    expect(branchName(7, title)).toBe(name);
    expect(name).toMatch(/^agent\/7-[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThanOrEqual('agent/7-'.length + 40);
  });
});
