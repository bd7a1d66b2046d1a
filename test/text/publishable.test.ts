import { describe, expect, it } from 'vitest';
import { inlineCode } from '../../src/text/inline-code.ts';
import { codeBlock } from '../../src/text/markdown.ts';
import { field, plainLine, publishable } from '../../src/text/publishable.ts';
import { hiddenCanaries } from '../support/canaries.ts';

const context = { repositoryUrl: 'https://git.example/o/r', allowedIssues: [7] };
const filtered = (text: string): string => publishable(text, context);

describe('publishable', () => {
  it('keeps ordinary Markdown', () => {
    const text =
      'The *loop* ran **once** too often: `i <= n`.\n\n- [x] fix it\n- [ ] test it, see #7\n\n```js\nfor (;;) {}\n```\n\n' +
      '| a | b |\n|---|---|\n| 1 | 2 |\n\nSee [the line](https://git.example/o/r/blob/main/a.js#L3).';
    expect(filtered(text)).toBe(text);
  });

  it.each([
    ['a mention', 'hi @bob', 'hi `@bob`'],
    ['a team', '@org/team look', '`@org/team` look'],
    ['a mention by reference', '&#64;bob', '&amp;`#64`;bob'],
    ['a mention behind a backslash', String.raw`\@bob`, '\\\\`@`bob'],
    ['a mention in an unbalanced span', '`a @bob', '\\`a `@bob`'],
    ['an e-mail address', 'mail a@b.org', 'mail `a@b.org`'],
    ['another issue', 'fixes #5', 'fixes `#5`'],
    ['another repository', 'closes x/y#7', 'closes `x/y#7`'],
    ['the short form', 'resolves GH-5', 'resolves `GH-5`'],
    [
      'another issue by link',
      'closes https://git.example/o/r/issues/5',
      'closes `https://git.example/o/r/issues/5`',
    ],
    ['an image', '![q](https://evil.example/?q)', '\\!q (`https://evil.example/?q`)'],
    ['an image tag', '<img src="https://evil.example">', '&lt;img src="`https://evil.example`">'],
    ['a foreign link', '[a](https://evil.example/x)', 'a (`https://evil.example/x`)'],
    ['a look-alike link', '[a](https://git.example/o/rr)', 'a (`https://git.example/o/rr`)'],
    [
      'a link that climbs out',
      '[a](https://git.example/o/r/../../x)',
      'a (`https://git.example/o/r/../../x`)',
    ],
    ['a script link', '[a](javascript:alert)', 'a (`javascript:alert`)'],
    ['a bare URL', 'see https://evil.example/x.', 'see `https://evil.example/x`.'],
    ['a www address', 'see www.evil.example', 'see `www.evil.example`'],
    ['an autolink', '<https://evil.example>', '&lt;`https://evil.example`>'],
    ['a reference definition', '[a]: https://evil.example', '\\[a\\]: `https://evil.example`'],
    ['a slash command', '/agent fix', '`/agent` fix'],
    ['a slash command in a list', '- /merge', '- `/merge`'],
    ['a heading that could pass for ours', '## Evidence', '**Evidence**'],
    ['a comment', 'a <!-- pullwright:run=x --> b', 'a  b'],
    ['an invisible character', 'a\u200bb', 'ab'],
    [
      'a drawing',
      '```mermaid\nclick a "https://evil.example"\n```',
      '```\nclick a "https://evil.example"\n```',
    ],
    ['a tilde fence in a quotation', '> ~~~\n> @bob', '> \\~\\~\\~\n> `@bob`'],
  ])('makes %s inert', (_, text, expected) => {
    expect(filtered(text)).toBe(expected);
  });

  it('gives code a fence that its content cannot end', () => {
    expect(filtered('~~~\n```\n@bob\n```\n~~~')).toBe('````\n```\n@bob\n```\n````');
  });

  it('never lets two code spans touch, because they would free what stands in them', () => {
    expect(filtered('``@bob ` y``@eve')).toBe('``@bob ` y`` `@eve`');
  });

  it('cuts long text at a line end and closes the fence', () => {
    const text = publishable(`\`\`\`\n${'line\n'.repeat(100)}\`\`\``, { ...context, maxChars: 300 });
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text).toMatch(/line\n```\n\n\*\(cut: .*\)\*$/);
  });

  it('never exceeds 60,000 characters, whatever grows', () => {
    expect(Array.from(filtered('@a <'.repeat(30_000))).length).toBeLessThanOrEqual(60_000);
  });

  it.each([
    'sk-',
    'task-1A-',
    'ghp_ 1aB" + "',
    '\\\\u0041',
    '-----BEGIN ',
    '`` ` ',
    '[a](',
    '@a',
    '](',
    '\\',
    '&a',
    '~~~',
    'https://',
    'x/',
    '#1',
    '- [',
    '<',
    '# ',
  ])('is quick on %j repeated', (unit) => {
    const started = performance.now();
    filtered(unit.repeat(Math.ceil(60_000 / unit.length)));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('secrets', () => {
  /** The characters that carry the secret; separators and invisible ones do not. */
  const bare = (text: string): string => text.replace(/[^A-Za-z0-9%\\]/g, '');

  it('are sixteen in ten encodings', () => {
    expect(hiddenCanaries.length).toBe(160);
    expect(new Set(hiddenCanaries.map(({ name }) => name)).size).toBe(16);
    expect(new Set(hiddenCanaries.map(({ encoding }) => encoding)).size).toBe(10);
  });

  it.each(hiddenCanaries)('are removed everywhere: $name, $encoding', ({ hidden }) => {
    for (const text of [
      filtered(`The value is ${hidden} in the end.`),
      field(`The value is ${hidden} in the end.`, context),
      filtered(`\`\`\`\n${hidden}\n\`\`\``),
      codeBlock(hidden),
      inlineCode(`a ${hidden} b`, 5_000),
      plainLine(`The value is ${hidden} in the end.`, 5_000),
    ]) {
      expect(text).toContain('(redacted)');
      for (let from = 0; from + 16 <= bare(hidden).length; from += 1)
        expect(bare(text)).not.toContain(bare(hidden).slice(from, from + 16));
    }
  });

  it.each([
    ['byte escapes', (hex: string) => `\\x${hex}`],
    ['escapes in braces', (hex: string) => `\\u{${hex}}`],
    ['character references', (hex: string) => `&#x${hex};`],
    ['decimal character references', (hex: string) => `&#${Number.parseInt(hex, 16)};`],
  ])('are removed as %s', (_, encode) => {
    const hidden = Buffer.from(`ghp_${'a1B2c3D4e'.repeat(4)}`)
      .toString('hex')
      .replace(/../g, (hex) => encode(hex));
    expect(codeBlock(`x ${hidden} y`)).toBe('```\nx (redacted) y\n```');
  });

  it('are removed behind an escaped line end, as in JSON', () => {
    const secret = `ghp_${'a1B2c3D4e'.repeat(4)}`;
    const json = JSON.stringify({ log: `Log:\n${secret}` });
    expect(codeBlock(json)).toContain('(redacted)');
    expect(codeBlock(Buffer.from(json).toString('base64'))).toContain('(redacted)');
    expect(codeBlock(`Log:\\n${secret.slice(0, 20)}" + "${secret.slice(20)}`)).toContain('(redacted)');
  });

  it('are removed in a line of their own and around words that stay', () => {
    const text = filtered(
      `Before.\n\n"ghp_a1B2c3D4" + "e5a1B2c3" + "D4e5a1B2c3D4e5a1B2" and the words behind it stay.`,
    );
    expect(text).toBe('Before.\n\n"(redacted)" and the words behind it stay.');
  });

  it('do not include ordinary words, hashes and paths', () => {
    const text =
      'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 in src/components/very/long/path/name.test.ts, ' +
      'sha512-3Jj0XoYyTnS1sA3gZ6o1k1e3aQyq2bqYp1mJvK5wq3rYhQ==; the fx-rates-of-2024-and-2025 table, ' +
      'tokens begin with ghp\\_ and are followed by letters, task-queue-number-12345-of-the-list, ' +
      'ASIA AND EUROPE, xoxb, the sk-learn pipeline (2023, 2024, 2025) and its 1,234 cases';
    expect(filtered(text)).toBe(text);
  });
});

describe('field', () => {
  it('is one line without any block', () => {
    expect(field('- a\n\n```js\nb\n```\n# c', context)).not.toContain('\n');
    expect(field('# a', context)).toBe('a');
    expect(field('> a', context)).toBe('\\> a');
    expect(field('1. a', context)).toBe('1\\. a');
  });

  it('is cut with an ellipsis', () => {
    expect(field('abcdef', { ...context, maxChars: 3 })).toBe('abc…');
  });
});

describe('plainLine', () => {
  it('cannot mention, refer, close or link, not even as a squash commit', () => {
    expect(plainLine('Fixes #5, GH-6 by @bob `x` https://e.example\n<b>')).toBe(
      'Fixes no. 5, no. 6 by bob x e.example b',
    );
  });

  it.each(['[skip ci]', '[CI skip]', '[no ci]', '[[skip actions]]', '[actions\u200b skip]', '[<skip ci>]'])(
    'cannot skip CI by %s',
    (words) => {
      expect(plainLine(`Fix ${words} it`)).toMatch(/^Fix [a-z]+ [a-z]+ it$/i);
    },
  );

  it('is cut to its length', () => {
    expect(plainLine('x'.repeat(300), 72)).toHaveLength(72);
  });
});
