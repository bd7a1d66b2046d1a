import { expect, it } from 'vitest';
import { numberedDiff } from '../../src/agent/numbered-diff.ts';
import type { DiffLine } from '../../src/domain/workspace.ts';
import { parseDiffLines } from '../../src/git/added-lines.ts';
import { canaries } from '../support/canaries.ts';

const diff = `diff --git a/a.js b/a.js
index 1..2 100644
--- a/a.js
+++ b/a.js
@@ -1,3 +1,3 @@
 one
-two
+2
 three
@@ -20,2 +20,3 @@ function x() {
 twenty
+--- a/not-a-header
 twenty one
diff --git a/gone.js b/gone.js
deleted file mode 100644
--- a/gone.js
+++ /dev/null
@@ -1 +0,0 @@
-last words
\\ No newline at end of file
`;

it('numbers lines as they stand in the new file, and marks gaps, additions and removals', () => {
  const { text, unseen } = numberedDiff(parseDiffLines(diff));
  expect(text).toBe(
    [
      '=== "a.js"',
      '     1  one',
      '       -two',
      '     2 +2',
      '     3  three',
      '     …',
      '    20  twenty',
      '    21 +--- a/not-a-header',
      '    22  twenty one',
      '',
      '=== "gone.js"',
      '       -last words',
    ].join('\n'),
  );
  expect(unseen).toEqual([]);
});

const lines = (path: string, count: number, text: string): readonly DiffLine[] =>
  Array.from({ length: count }, (_, index) => ({ path, kind: 'added', line: index + 1, text }));

it('cuts one long file short, goes on with the next, and names what was not shown', () => {
  const { text, unseen } = numberedDiff([
    ...lines('generated.js', 2_000, 'x'.repeat(100)),
    ...lines('small.js', 2, 'const small = 1;'),
  ]);
  expect(text.length).toBeLessThan(26_000);
  expect(text).toMatch(/\(1\d\d\d more lines: read the file\)/);
  expect(text).toContain('     2 +const small = 1;');
  expect(unseen).toEqual(['generated.js']);
});

it('stays below its limit whatever comes, and names every file that it left out', () => {
  const files = Array.from({ length: 40 }, (_, index) => lines(`f${index}.js`, 100, 'y'.repeat(200)));
  const { text, unseen } = numberedDiff(files.flat());
  expect(text.length).toBeLessThan(130_000);
  expect(unseen).toContain('f39.js');
  expect(text).not.toContain('f39.js');
});

it('shows nothing that a reader would not see, and no credential', () => {
  const secret = canaries['GitHub personal token'] ?? '';
  const { text } = numberedDiff([
    ...lines('a.js', 1, `const a = '${secret}';`),
    ...lines('b.js', 1, `const b = 1; //\u202e hid\u200bden`),
  ]);
  expect(text).not.toContain(secret);
  expect(text).toContain("const a = '(redacted)';");
  expect(text).toContain('const b = 1; // hidden');
});
