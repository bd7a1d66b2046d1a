import type { IntegrityProblem } from './integrity-problem.ts';

const hooks =
  /^\s*(?:async\s+)?def pytest_\w+\(|autouse\s*=\s*True|\bcollect_ignore(?:_glob)?\b|\bpytest_plugins\b|^\s*(?:global)?(?:before|after)(?:Each|All)\b.*\b(?:process\.exit|jest\.|vi\.)|\bsys\.modules\[|\bload_tests\b|\bsetUpModule\b/;
const mocks =
  /\b(?:jest|vi|vitest)\.(?:mock|doMock|unstable_mockModule|spyOn)\(|\bmock\.(?:module|patch)\b|@(?:mock\.)?patch\b|\bwith (?:mock\.)?patch\b|\bmonkeypatch\.setattr\(|\b(?:proxyquire|rewiremock|td\.replace)\b/;

/** Added lines of test files that reach beyond one test: hooks of the runner, and the subject replaced by a stand-in. */
export function addedHooks(
  path: string,
  added: readonly { readonly line: number; readonly text: string }[],
): readonly IntegrityProblem[] {
  return added.flatMap(({ line, text }): readonly IntegrityProblem[] => {
    const shown = text.trim().replaceAll('`', "'").slice(0, 160);
    if (path.endsWith('conftest.py') ? hooks.test(text) : /\bload_tests\b|\bsys\.modules\[/.test(text)) {
      return [{ rule: 'test-hook', line, message: `a hook that reaches all tests: \`${shown}\`` }];
    }
    // New tests may need stand-ins; a person should see which.
    if (mocks.test(text))
      return [{ rule: 'mocked-subject', line, message: `a stand-in: \`${shown}\``, level: 'warning' }];
    return [];
  });
}
