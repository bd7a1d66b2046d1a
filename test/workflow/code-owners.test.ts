import { describe, expect, it } from 'vitest';
import { ownersOf } from '../../src/workflow/code-owners.ts';

const file = `
# everything
*                 @org/everyone
*.js              @js-owner   # a comment
/build/logs/      @doctocat
docs/*            docs@example.com @writer
apps/             @octocat
**/logs           @logs
/apps/github      
!apps/secret      @nobody
docs[1]/          @nobody
`;

describe('ownersOf', () => {
  it.each([
    ['README.md', [], ['everyone']],
    ['src/deep/a.js', ['js-owner'], []],
    ['build/logs/x/y.txt', ['logs'], []],
    ['build/logs.txt', [], ['everyone']],
    ['docs/getting-started.md', ['writer'], []],
    ['docs/build-app/troubleshooting.md', [], ['everyone']],
    ['web/apps/x.txt', ['octocat'], []],
    ['deeply/nested/logs/a', ['logs'], []],
    ['apps/github/a.go', [], []],
    ['apps/secret/a.go', ['octocat'], []],
  ])('gives %s to the last rule that matches', (path, users, teams) => {
    expect(ownersOf(file, [path])).toEqual({ users, teams });
  });

  it('joins the owners of several files, each once, in order', () => {
    expect(ownersOf(file, ['b.js', 'a.js', 'apps/x', 'README.md'])).toEqual({
      users: ['js-owner', 'octocat'],
      teams: ['everyone'],
    });
  });

  it('takes no name that is not a handle', () => {
    expect(ownersOf('* @a@b @../x user @ok', ['f'])).toEqual({ users: ['ok'], teams: [] });
  });
});
