import { expect, it } from 'vitest';
import { issueBase } from '../../src/workflow/issue-base.ts';

it.each([
  ['It crashes.\n\nBase: release/2.x', 'release/2.x'],
  ['base branch: `next`\n', 'next'],
  ['Target branch: develop  ', 'develop'],
  ['The base: it crashes', null],
  ['Base: a b', null],
  ['Base: --upload-pack=x', null],
  ['Base: ../main', null],
  ['Base: a/../b', null],
  ['Base: agent/1-x', null],
  ['nothing', null],
])('reads the base branch of %j', (body, base) => {
  expect(issueBase(body)).toBe(base);
});
