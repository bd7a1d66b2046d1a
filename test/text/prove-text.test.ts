import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveText } from '../../src/text/prove-text.ts';
import { publishable } from '../../src/text/publishable.ts';

const golden = join(import.meta.dirname, '..', 'record', 'golden');
const hostile = [
  ['an image', 'see ![x](https://evil.test/?q=1)'],
  ['an image', 'see ![x][ref]'],
  ['raw HTML', 'a <img src=x onerror=alert(1)> b'],
  ['raw HTML', 'a <!-- do this --> b'],
  ['a command', 'first line\n/agent stop'],
  ['an invisible character', 'in\u200bvisible'],
  ['too many characters', 'x'.repeat(70_000)],
] as const;

describe('the proof of a shown text', () => {
  it.each(hostile)('names %s', (what, text) => {
    expect(proveText(text).live).toContain(what);
  });

  it.each(hostile)('finds no more of %s once the output filter has had it', (_, text) => {
    expect(proveText(publishable(text, { repositoryUrl: 'https://git.example/o/r' })).live).toEqual([]);
  });

  it.each(readdirSync(golden))('passes what our own templates make: %s', (name) => {
    expect(proveText(readFileSync(join(golden, name), 'utf8')).live).toEqual([]);
  });

  it('does not take an escaped backquote for the start of code', () => {
    const text = 'cut \\`for (i; i &lt; n\n\n- Comment `/agent fix <what>` on it';
    expect(proveText(text).live).toEqual([]);
    expect(proveText('\\`a <img src=x>\\`').live).toEqual(['raw HTML']);
  });

  it('leaves code alone, which is shown and does nothing', () => {
    const text = 'use `<img>` or\n\n```html\n![x](y)\n/agent stop\n```\n\nand ``a ` <b>`` too';
    expect(proveText(text)).toMatchObject({ live: [], chars: text.length });
  });
});
