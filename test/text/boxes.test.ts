import { describe, expect, it } from 'vitest';
import { box, boxesIn, newlyTicked, tickedBoxes } from '../../src/text/boxes.ts';
import { markdown } from '../../src/text/markdown.ts';
import { proveText } from '../../src/text/prove-text.ts';

const stop = box('stop:1a', markdown`Stop it`);
const retry = box('retry:2b', markdown`Once more`);
const text = markdown`- One\n  ${stop}\n- Two\n  ${retry}\n`;

describe('boxes of a text', () => {
  it('are read by their hidden ids, unticked as we write them, and show nothing that acts', () => {
    expect([...boxesIn(text)]).toEqual(['stop:1a', 'retry:2b']);
    expect([...tickedBoxes(text)]).toEqual([]);
    expect(proveText(text).live).toEqual([]);
  });

  it.each([
    ['x', (body: string) => body.replace('[ ] <!-- pullwright:box=retry', '[x] <!-- pullwright:box=retry')],
    ['X', (body: string) => body.replace('[ ] <!-- pullwright:box=retry', '[X] <!-- pullwright:box=retry')],
    [
      'x, with the line ends that a browser sends',
      (body: string) =>
        body
          .replace('[ ] <!-- pullwright:box=retry', '[x] <!-- pullwright:box=retry')
          .replaceAll('\n', '\r\n'),
    ],
    [
      'another sign for the list',
      (body: string) => body.replace('- [ ] <!-- pullwright:box=retry', '* [x] <!-- pullwright:box=retry'),
    ],
  ])('are ticked by %s', (_, edit) => {
    expect(newlyTicked(text, edit(text))).toEqual(['retry:2b']);
    expect(newlyTicked(edit(text), edit(text))).toEqual([]);
    expect(newlyTicked(edit(text), text)).toEqual([]);
  });

  it.each([
    ['of somebody else', '- [x] Buy milk'],
    ['with another comment', '- [x] <!-- renovate=1 -->Now'],
    ['in the middle of a line', 'see - [x] <!-- pullwright:box=stop:1a -->'],
    ['with signs that no id has', '- [x] <!-- pullwright:box=stop:1a --x -->'],
    ['with an id that never ends', `- [x] <!-- pullwright:box=${'a'.repeat(201)} -->`],
  ])('%s are none', (_, line) => {
    expect([...boxesIn(line)]).toEqual([]);
  });

  it('that stand there twice are one', () => {
    expect(newlyTicked(text, `${text}\n- [x] <!-- pullwright:box=stop:1a -->again`)).toEqual(['stop:1a']);
  });

  it.each(['', 'a b', 'a-->', 'a--b', 'Ä'])('have no id %j', (id) => {
    expect(() => box(id, markdown`x`)).toThrow(/not the id of a box/);
  });
});
