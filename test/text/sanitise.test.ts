import { describe, expect, it } from 'vitest';
import { sanitise } from '../../src/text/sanitise.ts';

const shown = (text: string): string => sanitise(text, 'issue body').text;

describe('sanitise', () => {
  it('keeps ordinary Markdown as it is and reports nothing', () => {
    const text =
      '# Bug\n\n1. run `npm test`\n   ```js\n   a<b>()\n   ```\n2. see [docs](https://example.org/x)\n\n> quoted 👩‍💻 ❤️';
    expect(sanitise(text, 'issue body')).toEqual({ text, dropped: [] });
  });

  it.each([
    ['a comment', 'a <!-- hidden --> b', 'a  b'],
    ['an unclosed comment', 'a\n<!-- hidden\n\nhidden', 'a'],
    ['a comment made by removing another', '<!-<!-- -->- hidden -->seen', 'seen'],
    [
      'a comment that hides behind a fence of a list',
      '  ```\n```\n<!-- hidden -->\n```',
      '  ```\n```\n\n```',
    ],
    ['a comment in a quoted fence that ended', '> ```\n<!-- hidden -->\n```', '> ```\n\n```'],
    ['a processing instruction', 'a <?hidden?> b', 'a  b'],
    ['a declaration', 'a <!HIDDEN x> b', 'a  b'],
    ['CDATA', 'a <![CDATA[hidden]]> b', 'a  b'],
    ['attributes', '<p title="hidden" data-x=\'hidden\'>seen</p>', 'seen'],
    ['a tag at a line start that never ends', '<div title="\nhidden\n\nhidden">', ''],
    ['script content', 'a <script>hidden</script> b', 'a  b'],
    ['an image with its texts', '![hidden](https://e/x.png "hidden") b', '(image) b'],
    ['a reference image', '![hidden][r] b\n\n[r]: https://e/x', '(image) b\n\n'],
    ['picture and source', '<picture><source srcset="hidden"><img alt="hidden"></picture>b', 'b'],
    ['a link title', '[a](https://e "hidden")', '[a](https://e)'],
    ['a link without text', 'a [](https://e/hidden) b', 'a  b'],
    ['an unused definition', '[//]: # (hidden)\nb', 'b'],
    ['a definition over three lines', '[x]:\nhidden\n"hidden"\nb', 'b'],
    ['the title of a used definition', '[a][r]\n\n[r]: https://e\n  "hidden"', '[a][r]\n\n[r]: https://e'],
    ['an unused footnote', 'a\n\n[^1]: hidden\nhidden', 'a'],
    ['an unused footnote of several words', 'a\n\n[^1]: hidden words too', 'a'],
    ['text after the language of a fence', '```js hidden\nx\n```', '```js\nx\n```'],
    ['references to invisible characters', 'a&#x200b;&zwnj;&#8203;b', 'ab'],
    ['an autolink in angle brackets', '<https://e/x>', 'https://e/x'],
  ])('removes or unveils %s', (_, text, expected) => {
    expect(shown(text)).toBe(expected.trimEnd());
  });

  it('unfolds details, because a reader can open them', () => {
    expect(shown('<details><summary>More</summary>\n\nbody\n</details>')).toContain('body');
  });

  it.each([
    ['tag block', '\u{e0041}'],
    ['variation selector 17', '\u{e0100}'],
    ['variation selector 16 without an emoji', '\ufe0f'],
    ['word joiner', '\u2060'],
    ['left-to-right mark', '\u200e'],
    ['invisible separator', '\u2063'],
    ['Hangul filler', '\u3164'],
    ['Mongolian vowel separator', '\u180e'],
    ['line separator', '\u2028'],
    ['braille blank', '\u2800'],
    ['zero-width space', '\u200b'],
    ['bidirectional override', '\u202e'],
    ['isolate', '\u2066'],
    ['soft hyphen', '\u00ad'],
    ['escape', '\u001b'],
    ['C1 control', '\u009b'],
    ['byte order mark', '\ufeff'],
    ['lone surrogate', '\ud800'],
  ])('removes %s, also in code, and counts it', (_, character) => {
    const { text, dropped } = sanitise(`a${character}b\n\`\`\`\nc${character}d\n\`\`\``, 'title');
    expect(text).toBe('ab\n```\ncd\n```');
    expect(dropped).toEqual([{ where: 'title', what: 'invisible or bidirectional characters', count: 2 }]);
  });

  it('keeps comments and tags that stand in code, where GitHub shows them', () => {
    const text = 'Use `<!--` and `List<String>`:\n\n```html\n<!-- shown -->\n<p title="x">\n```';
    expect(shown(text)).toBe(text);
  });

  it('cuts at 60,000 code points and says so', () => {
    const { text, dropped } = sanitise('😀'.repeat(60_010), 'issue body');
    expect(text).toBe('😀'.repeat(60_000));
    expect(dropped).toEqual([{ where: 'issue body', what: 'characters beyond the length limit', count: 10 }]);
  });

  const hostile = [
    '<!-',
    '<a "',
    '[',
    '`',
    '![[',
    '![]',
    '<!-<!-- -->-',
    '](',
    '\n[a]: ',
    '&#8203',
    '` `` ',
    '>',
    '`<!-- ',
    '  ```\n',
    '<script>',
    '\t\n',
    '* ',
    '1.',
    '<a \'<a "\' "',
    '<x y=',
    '[^a]: ',
    '```a b\n',
    '<!x',
    '<?',
    '<https:',
    '\\',
    '<![CDATA[',
    '&amp;',
    '<p\n',
    '\u200d',
    '❤\ufe0f\u200d',
  ];

  it.each(hostile)('is idempotent and quick on %j repeated', (unit) => {
    const text = unit.repeat(Math.ceil(60_000 / unit.length));
    const started = performance.now();
    const once = shown(text);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(shown(once)).toBe(once);
  });

  it('is idempotent on random mixtures of hostile pieces', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const pieces = [
      ...hostile,
      'word ',
      '\n\n',
      '-->',
      '">',
      '](x "t")',
      ']',
      '```\n',
      '</p>',
      ')',
      '"',
      '    ',
    ];
    for (let round = 0; round < 2_000; round += 1) {
      const text = Array.from({ length: 12 }, () => pieces[random(pieces.length)]).join('');
      const once = shown(text);
      expect({ text, twice: shown(once) }).toEqual({ text, twice: once });
    }
  });
});
