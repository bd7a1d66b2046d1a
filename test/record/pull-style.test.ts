import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { projectRun } from '../../src/record/project-run.ts';
import {
  renderCommitMessage,
  renderPullRequestBody,
  renderPullTitle,
} from '../../src/record/render-pull-request.ts';
import type { RunRecord } from '../../src/record/run-record.ts';
import { journalOf, modelEvents, run } from './run-fixture.ts';

function record(more: Partial<RunRecord> = {}, events: readonly JournalEvent[] = modelEvents): RunRecord {
  return { ...projectRun(run, journalOf(events)), ...more };
}

function titled(title: string, paths: readonly string[], more: Partial<RunRecord> = {}): string {
  const files = paths.map(
    (path) => ({ path, status: 'modified', additions: 1, deletions: 0, binary: false }) as const,
  );
  const named = { ...run, input: { ...run.input, title } };
  return renderPullTitle(record({ run: named, titleStyle: 'conventional', files, baseline: null, ...more }));
}

describe('a conventional title', () => {
  it.each([
    ['Total is wrong', ['src/a.js'], 'fix: total is wrong'],
    ['Add a total', ['src/a.js'], 'feat: add a total'],
    ['Add a total', ['README.md', 'docs/a.md'], 'docs: add a total'],
    ['Cover the total', ['test/a.test.js'], 'test: cover the total'],
    ['Pin actions', ['.github/workflows/ci.yml'], 'ci: pin actions'],
    ['fix(cart): total', ['src/a.js'], 'fix(cart): total'],
    ['', ['src/a.js'], 'feat: work on issue 7'],
  ])('of %j with %j', (title, paths, expected) => {
    expect(titled(title, paths)).toBe(expected);
  });

  it('is a fix where a test failed before, whatever the words say', () => {
    const baseline = {
      commands: [],
      infra: null,
      results: [{ file: 'a', title: 't', outcome: 'failed', durationMs: null, message: '' }],
    } as const;
    expect(titled('Make totals nicer', ['src/a.js'], { baseline })).toBe('fix: make totals nicer');
  });

  it('is the subject of the commit too', () => {
    const message = renderCommitMessage(record({ titleStyle: 'conventional' }), { noreplyHost: 'h' });
    expect(message).toMatch(/^(fix|feat): total of an empty cart is NaN\n/);
  });
});

const template = `<!-- Please read CONTRIBUTING.md -->
## Description
<!-- What does it do? -->

## Related issue

Fixes #999

### How was it tested?

# Checklist
- [ ] Tests pass
- [ ] I added tests
- [ ] I read the contributing guide @maintainer
![tracker](https://tracker.example/x.png)
`;

describe("the repository's template", () => {
  it('is filled in from the evidence, stands first, and is made inert', () => {
    const body = renderPullRequestBody(record({ template }));
    const [filled = ''] = body.split('\n---\n');
    expect(filled).toMatchInlineSnapshot(`
      "## Description

      The sum now starts at \`0\`, so an empty cart costs nothing.

      ## Related issue

      Closes #7

      Fixes \`#999\`

      ### How was it tested?

      12 tests pass; 1 failed on base and passes here (pass); see *Evidence* below.

      ## Checklist

      - [x] Tests pass
      - [ ] I added tests
      - [ ] I read the contributing guide \`@maintainer\`
      \\!tracker (\`https://tracker.example/x.png\`)
      "
    `);
    expect(body.indexOf('## Description')).toBeLessThan(body.indexOf('## Summary'));
  });

  it('is left out where there is none', () => {
    expect(renderPullRequestBody(record())).toMatch(/^## Summary/);
  });
});
