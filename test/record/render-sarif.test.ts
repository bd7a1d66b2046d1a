import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/gate.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderPullRequestBody } from '../../src/record/render-pull-request.ts';
import { renderSarif } from '../../src/record/render-sarif.ts';
import { journalOf, modelEvents, run, verdicts } from './run-fixture.ts';

const finding: Finding = {
  rule: 'sast/command injection',
  path: 'src/a b#1.js',
  line: 0,
  message: 'command-injection (CWE-78, high): @bob [click](https://evil.example) <b>',
  level: 'warning',
  identity: 'sast/x:src/a.js:0123456789abcdef',
};

const judged = (findings: readonly Finding[], status: 'pass' | 'fail' | 'error' = 'fail') =>
  projectRun(
    run,
    journalOf([
      ...modelEvents,
      { kind: 'gate.judged', round: 2, verdict: { ...verdicts.secrets, status, findings } },
    ]),
  );

describe('renderSarif', () => {
  it('gives each finding its rule, place and fingerprint, the certain ones first, and no active text', () => {
    const certain = { ...finding, rule: 'secrets/x', level: 'error', line: 7 } as const;
    const log = renderSarif(judged([finding, certain, finding]));
    const [sarif] = log?.runs ?? [];
    expect(log?.version).toBe('2.1.0');
    expect(sarif?.tool.driver.rules.map(({ id }) => id)).toEqual(['secrets/x', 'sast/command-injection']);
    expect(sarif?.tool.driver.rules[0]?.properties.tags).toEqual(['security', 'CWE-78']);
    expect(sarif?.results.map(({ level }) => level)).toEqual(['error', 'warning', 'warning']);
    expect(sarif?.results[1]).toMatchObject({
      ruleId: 'sast/command-injection',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b%231.js' },
            region: { startLine: 1 },
          },
        },
      ],
      partialFingerprints: { 'pullwright/v1': '0123456789abcdef' },
    });
    const text = JSON.stringify(sarif);
    expect(text).not.toContain('@bob');
    expect(text).not.toContain('](https');
    expect(text).not.toContain('<b>');
  });

  it('says that nothing was found, so that earlier findings close', () => {
    expect(renderSarif(judged([], 'pass'))?.runs[0].results).toEqual([]);
  });

  it('is silent where no security gate judged the commit', () => {
    const record = judged([]);
    const broken = record.verdicts.map((verdict) => ({ ...verdict, status: 'error' as const }));
    expect(renderSarif({ ...record, verdicts: broken })).toBeUndefined();
    expect(renderSarif({ ...record, verdicts: [] })).toBeUndefined();
  });

  it('keeps to what GitHub shows', () => {
    const many = Array.from({ length: 1_200 }, (_, line) => ({ ...finding, line }));
    expect(renderSarif(judged(many))?.runs[0].results).toHaveLength(1_000);
  });
});

describe('the line of code scanning in a pull request', () => {
  const body = (result: { readonly outcome: 'sent' | 'rejected'; readonly message?: string }): string =>
    renderPullRequestBody(
      projectRun(
        run,
        journalOf([...modelEvents, { kind: 'effect.sent', effect: 'sarif.upload', key: 'sarif', result }]),
      ),
    );

  it('says that it was uploaded, or why not', () => {
    expect(body({ outcome: 'sent' })).toContain('Code scanning: uploaded as SARIF');
    const refused = body({ outcome: 'rejected', message: '403 Advanced Security must be enabled @bob' });
    expect(refused).toContain('Code scanning: not uploaded: 403 Advanced Security must be enabled');
    expect(refused).not.toContain('enabled @bob');
  });
});
