import { describe, expect, it } from 'vitest';
import { parseAgentConfig } from '../../src/config/agent-config.ts';

describe('.github/agent.yml', () => {
  it('gives an empty configuration for an empty file', () => {
    expect(parseAgentConfig('# nothing\n')).toEqual({ config: {}, problems: [] });
  });

  it('reads commands as one line or several', () => {
    const { config } = parseAgentConfig('base: develop\ncommands:\n  test: npm test\n  lint: [a, b]\n');
    expect(config).toEqual({ base: 'develop', commands: { test: 'npm test', lint: ['a', 'b'] } });
  });

  it('names line, key and expected type of a wrong value, and gives no configuration', () => {
    const { config, problems } = parseAgentConfig('base: main\n\ncommands:\n  test: 7\nbudget_usd: much\n');
    expect(config).toBeNull();
    expect(problems.map(({ line, key }) => [line, key])).toEqual([
      [4, 'commands.test'],
      [5, 'budget_usd'],
    ]);
    expect(problems[1]?.message).toMatch(/expected number/);
  });

  it('does not ignore a misspelt key', () => {
    const { problems } = parseAgentConfig('commands:\n  tests: npm test\n');
    expect(problems).toMatchObject([{ line: 2, key: 'commands.tests' }]);
  });

  it('names the line of a syntax error', () => {
    const { config, problems } = parseAgentConfig('base: main\ncommands: [\n');
    expect(config).toBeNull();
    expect(problems[0]?.line).toBeGreaterThan(1);
  });

  it.each(['[1, 2]', 'just text', '12', 'a: &a [*a, *a]', '"\\u0000": 1', '- - -'])('survives %j', (text) => {
    expect(parseAgentConfig(text).config).toBeNull();
  });

  it('refuses alias bombs', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\ncommands: *b\n`;
    expect(parseAgentConfig(bomb).config).toBeNull();
  });

  it('reads mode and thresholds of gates and fills in what a gate leaves out', () => {
    const { config } = parseAgentConfig(
      'gates:\n  complexity: { mode: warn, max: 15 }\n  duplication: { max_percent: 3 }\n',
    );
    expect(config?.gates).toEqual({
      complexity: { mode: 'warn', max: 15 },
      duplication: { mode: 'block', max_percent: 3, min_tokens: 70 },
    });
  });

  it.each([
    ['gates:\n  secrets: { mode: off }\n', 'gates.secrets.mode'],
    ['gates:\n  secrets: { mode: warn }\n', 'gates.secrets.mode'],
    ['gates:\n  complexity: { mode: loud }\n', 'gates.complexity.mode'],
    ['gates:\n  coverage: { min_percent: 101 }\n', 'gates.coverage.min_percent'],
    ['gates:\n  duplication: { maximum: 5 }\n', 'gates.duplication.maximum'],
    ['gates:\n  lints: { mode: off }\n', 'gates.lints'],
  ])('refuses %j, naming line 2 and %s', (text, key) => {
    expect(parseAgentConfig(text).problems).toMatchObject([{ line: 2, key }]);
  });
});
