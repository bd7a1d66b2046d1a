import { describe, expect, it } from 'vitest';
import { type PlaceableSuggestion, placeSuggestions } from '../../src/workflow/rounds/place-suggestions.ts';

const text = 'one\ntwo\nthree\nfour\nfive\n';

function on(
  first: number,
  last: number,
  replacement: readonly string[],
  more: Partial<PlaceableSuggestion> = {},
): PlaceableSuggestion {
  const lines = { first, last };
  return { name: `c${first}`, lines, replacement, reviewed: { text, lines }, ...more };
}

describe('suggestions in one file', () => {
  it('stand exactly on their lines, also when those before grew or shrank', () => {
    const placed = placeSuggestions(text, [
      on(1, 1, ['1', '1a', '1b']),
      on(3, 4, ['3 and 4']),
      on(5, 5, ['5']),
    ]);
    expect(placed).toEqual({
      text: '1\n1a\n1b\ntwo\n3 and 4\n5\n',
      applied: ['c1', 'c3', 'c5'],
      refused: [],
    });
  });

  it('may take lines away, and all of a file', () => {
    expect(placeSuggestions(text, [on(2, 3, [])]).text).toBe('one\nfour\nfive\n');
    expect(placeSuggestions(text, [on(1, 5, [])]).text).toBe('');
  });

  it('keep the line ends of the file, and a last line without one', () => {
    const crlf = text.replaceAll('\n', '\r\n');
    const reviewed = { text: crlf, lines: { first: 2, last: 2 } };
    expect(placeSuggestions(crlf, [on(2, 2, ['2', '2a'], { reviewed })]).text).toBe(
      'one\r\n2\r\n2a\r\nthree\r\nfour\r\nfive\r\n',
    );
    expect(
      placeSuggestions('a\nb', [
        on(2, 2, ['c'], { reviewed: { text: 'a\nb', lines: { first: 2, last: 2 } } }),
      ]).text,
    ).toBe('a\nc');
  });

  it('are refused both when they overlap', () => {
    const placed = placeSuggestions(text, [on(1, 1, ['1']), on(2, 4, ['x']), on(4, 5, ['y'])]);
    expect(placed.text).toBe(text.replace('one', '1'));
    expect(placed.refused).toEqual([
      { name: 'c2', why: 'it overlaps the suggestion of c4' },
      { name: 'c4', why: 'it overlaps the suggestion of c2' },
    ]);
  });

  it('follow lines that moved, and are refused where those read otherwise', () => {
    const reviewed = { text: 'two\nthree\n', lines: { first: 1, last: 1 } };
    expect(placeSuggestions(text, [on(2, 2, ['2'], { reviewed })]).text).toBe(text.replace('two', '2'));
    const placed = placeSuggestions(text, [on(3, 3, ['2'], { reviewed })]);
    expect(placed).toMatchObject({ text, applied: [] });
    expect(placed.refused[0]?.why).toBe('the lines do not read any more as in the review');
  });

  it.each([
    [0, 1],
    [5, 6],
    [4, 3],
  ])('are refused on lines %i to %i that the file does not have', (first, last) => {
    expect(placeSuggestions(text, [on(first, last, ['x'])])).toMatchObject({
      text,
      refused: [{ why: 'the file does not have these lines' }],
    });
  });
});
