import { isDense, otherShapes, tokenShapes } from './secret-shapes.ts';

/** A stretch of a text, by code units; `end` is behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a secret stands that was turned by 13 letters or written backwards: both keep every character's place. */
export function mirroredSecrets(text: string): readonly Span[] {
  const backwards = text.split('').reverse().join('');
  const { length } = text;
  return [
    ...matches(rot13(text)),
    ...matches(backwards).map(({ start, end }) => ({ start: length - end, end: length - start })),
  ];
}

function matches(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const shape of [...tokenShapes, ...otherShapes]) {
    for (const match of text.matchAll(shape)) {
      if (isDense(match[0]) || match[0].startsWith('-----'))
        found.push({ start: match.index, end: match.index + match[0].length });
    }
  }
  return found;
}

function rot13(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}
