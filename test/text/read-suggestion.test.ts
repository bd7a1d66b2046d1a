import { describe, expect, it } from 'vitest';
import { readSuggestion } from '../../src/text/read-suggestion.ts';

const block = (...lines: readonly string[]): string => ['```suggestion', ...lines, '```'].join('\n');

describe('the suggestion of a comment', () => {
  it('is the lines of its block, as they were written', () => {
    expect(readSuggestion(`Better:\n\n${block('  const a = 1;  ', '', '', '', 'done')}\nThanks.`)).toEqual({
      lines: ['  const a = 1;  ', '', '', '', 'done'],
    });
    expect(readSuggestion(block('a', 'b').replaceAll('\n', '\r\n'))).toEqual({ lines: ['a', 'b'] });
    expect(readSuggestion('~~~~suggestion\n```\nx\n```\n~~~~')).toEqual({ lines: ['```', 'x', '```'] });
  });

  it('may take lines away', () => {
    expect(readSuggestion('```suggestion\n```')).toEqual({ lines: [] });
    expect(readSuggestion(block(''))).toEqual({ lines: [''] });
  });

  it.each(['Make it 4.', '```js\nlet a;\n```', '`suggestion`', ''])('is none in %j', (text) => {
    expect(readSuggestion(text)).toBeNull();
  });

  it('is unclear when there are several', () => {
    expect(readSuggestion(`${block('a')}\nor\n${block('b')}`)).toEqual({
      unclear: 'the comment holds several suggestions',
    });
  });

  it.each([
    ['in an HTML comment', `<!--\n${block('hidden')}\n-->\nLooks fine.`],
    ['beside a visible one', `<!--\n${block('hidden')}\n-->\n${block('seen')}`],
    ['in characters that nobody sees', block('a\u200b = 1;')],
    ['in reordered text', block('a\u202e = 1;')],
    ['behind tags', block('a\u{e0041}')],
  ])('is never applied when it hides %s', (_, text) => {
    const found = readSuggestion(text);
    expect(found === null || 'unclear' in found || found.lines[0] === 'seen').toBe(true);
    expect(JSON.stringify(found)).not.toMatch(/hidden|\\u200b|\\u202e/);
  });
});
