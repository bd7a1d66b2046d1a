import { afterAll, describe, expect, it } from 'vitest';
import type { TreeRunner, Verdict } from '../../src/domain/gate.ts';
import type { ExternalScanner } from '../../src/domain/gate-settings.ts';
import { createFactsReader } from '../../src/gates/facts/facts-reader.ts';
import { parseSarif } from '../../src/gates/sast/parse-sarif.ts';
import { createSastGate } from '../../src/gates/sast-gate.ts';
import { changeInput, type Texts } from './change-input.ts';
import { commandRun, scriptedTree } from './gate-input.ts';

const facts = createFactsReader();
afterAll(() => facts.close());

interface Said {
  readonly uri?: string;
  readonly line?: number;
  readonly level?: string;
  readonly more?: object;
}

const resultOf = ({ uri = 'a.rs', line = 2, level = 'error', more = {} }: Said) => ({
  ruleId: 'G204',
  level,
  message: { text: 'a command\nfrom outside' },
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } }],
  ...more,
});
const logOf = (said: readonly Said[], driver: object = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'gosec', ...driver } }, results: said.map(resultOf) }],
  });

/** `base` and `head`: what the scanner writes there. */
interface Scene {
  readonly texts?: readonly [base: Texts, head: Texts];
  readonly base?: string;
  readonly head?: string;
  readonly exitCode?: number;
  readonly ended?: string;
  readonly headFails?: boolean;
  readonly baseFails?: boolean;
  readonly maxNew?: number;
  readonly scanner?: Partial<ExternalScanner>;
}

const texts = [{ 'a.rs': 'one\n' }, { 'a.rs': 'one\ntwo\n' }] as const;

async function judge(scene: Scene): Promise<Verdict> {
  const [base, head] = scene.texts ?? texts;
  const external = [{ run: 'gosec -fmt sarif ./...', ...scene.scanner }];
  const input = changeInput(base, head, {
    settings: { sast: { mode: 'block', maxNew: scene.maxNew ?? 0, external } },
  });
  const tree = (name: string, text: string, setUpFails: boolean): TreeRunner => {
    const run = commandRun('gosec', scene.exitCode ?? 1, '', scene.ended ?? 'exit');
    return scriptedTree(name, { report: { run, text }, setUpFails });
  };
  return await createSastGate({ facts }).judge({
    ...input,
    base: tree('ba5e', scene.base ?? logOf([]), scene.baseFails === true),
    head: tree('4ead', scene.head ?? logOf([]), scene.headFails === true),
  });
}

describe('scanners of the repository', () => {
  it('block what they call an error on an added line, with their name, whatever they exit with', async () => {
    const verdict = await judge({ head: logOf([{}]) });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings).toMatchObject([
      {
        rule: 'sast/gosec/G204',
        path: 'a.rs',
        line: 2,
        level: 'error',
        message: 'gosec: a command from outside',
      },
    ]);
    expect(verdict.evidence.at(-1)).toMatchObject({
      command: 'gosec -fmt sarif ./...',
      head: 'gosec: 1 new findings in added lines',
    });
    expect(verdict.feedback).toContain('a.rs:2: gosec: a command from outside');
  });

  it('point out what they warn of', async () => {
    for (const level of ['warning', 'note']) {
      expect(await judge({ head: logOf([{ level }]) })).toMatchObject({ status: 'fail', blocking: false });
    }
    expect(await judge({ head: logOf([{ level: 'none' }]) })).toMatchObject({ status: 'pass' });
  });

  it('count with our own findings against the limit', async () => {
    const head = logOf([{}]);
    expect(await judge({ head, maxNew: 1 })).toMatchObject({ blocking: false });
    expect(await judge({ head, maxNew: 0 })).toMatchObject({ blocking: true });
  });

  it('pass without findings in added lines, and say who looked', async () => {
    const verdict = await judge({ head: logOf([{ line: 1 }]), exitCode: 1 });
    expect(verdict).toMatchObject({ status: 'pass', findings: [] });
    expect(verdict.summary).toBe('nothing in 0 files and 1 other scanner');
    expect(verdict.evidence.at(-1)).toMatchObject({ base: 'not needed' });
  });

  it('do not blame the change for what base has, wherever its line stands now', async () => {
    const moved = [{ 'a.rs': 'two\n' }, { 'a.rs': 'new\ntwo\ntwo\n' }] as const;
    const base = logOf([{ line: 1 }]);
    expect(await judge({ texts: moved, base, head: logOf([{ line: 2 }]) })).toMatchObject({ status: 'pass' });
    // Two of them are one more than base has.
    const twice = await judge({
      texts: [{ 'a.rs': 'two\n' }, { 'a.rs': 'x\ny\ntwo\ntwo\n' }],
      base: logOf([]),
      head: logOf([{ line: 4 }]),
    });
    expect(twice).toMatchObject({ status: 'fail' });
  });

  it('take nothing away where base cannot be scanned', async () => {
    const head = logOf([{}]);
    const base = await judge({ head, baseFails: true });
    expect(base).toMatchObject({ status: 'fail', blocking: true });
    expect(base.evidence.at(-1)?.base).toBe('the set-up fails on base');
    expect(await judge({ head, base: 'no log' })).toMatchObject({ status: 'fail', blocking: true });
  });

  it.each<readonly [string, Scene, RegExp]>([
    ['write nothing', { head: '' }, /wrote no SARIF \(exit 1\)/],
    ['write something else', { head: 'Done!' }, /wrote no valid JSON/],
    ['do not end', { ended: 'timeout' }, /ended by timeout/],
    ['cannot start', { headFails: true }, /set-up fails on head/],
    ['write another version', { head: '{"version":"1.0","runs":[]}' }, /another version/],
    ['write too much', { head: logOf(Array.from({ length: 5_001 }, () => ({}))) }, /more than 5000 results/],
  ])('are an error, which counts, where they %s', async (_, scene, why) => {
    const verdict = await judge(scene);
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
    expect(verdict.summary).toMatch(why);
  });

  it('keep what was found besides when one of them breaks', async () => {
    const unsafe = 'el.innerHTML = location.hash;\n';
    const verdict = await judge({ texts: [{}, { 'a.js': unsafe }], head: 'Done!' });
    expect(verdict).toMatchObject({ status: 'error', blocking: true });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual(['sast/xss']);
    expect(verdict.summary).toContain('wrote no valid JSON');
  });

  it('name files from their directory or from the root', async () => {
    const nested = [{}, { 'server/a.rs': 'one\ntwo\n' }] as const;
    const scanner = { directory: 'server' };
    for (const uri of ['a.rs', 'server/a.rs', '/workspace/server/a.rs', 'file:///workspace/server/a.rs']) {
      expect(await judge({ texts: nested, scanner, head: logOf([{ uri }]) })).toMatchObject({
        findings: [{ path: 'server/a.rs' }],
      });
    }
  });
});

describe('parseSarif', () => {
  const findings = (content: string) => {
    const read = parseSarif(content);
    return read.ok ? read.findings : read.problem;
  };

  it('takes level and words from the rule where the result has none, and severity for a level', () => {
    const rules = [
      { id: 'other' },
      {
        id: 'G204',
        shortDescription: { text: 'short' },
        defaultConfiguration: { level: 'note' },
        properties: { 'security-severity': '7.0' },
      },
    ];
    const more = { level: undefined, message: {}, ruleId: undefined, ruleIndex: 1 };
    expect(findings(logOf([{ more }], { rules }))).toMatchObject([
      { rule: 'gosec/G204', level: 'error', message: 'short' },
    ]);
    const lower = rules.map((rule) => ({ ...rule, properties: { 'security-severity': '6.9' } }));
    expect(findings(logOf([{ more }], { rules: lower }))).toMatchObject([{ level: 'warning' }]);
  });

  it('shows what is silenced in the source, and never counts it', () => {
    const silenced = { suppressions: [{ kind: 'inSource' }] };
    expect(findings(logOf([{ more: silenced }]))).toMatchObject([
      { level: 'warning', message: 'a command from outside (silenced in the source)' },
    ]);
  });

  it.each([
    '/etc/passwd',
    '../a.rs',
    'src/../../a.rs',
    'src/%2e%2e/%2e%2e/a.rs',
    'https://example.com/a.rs',
    '',
    'C:/a.rs',
    '\\\\server\\a.rs',
  ])('leaves out a place outside the repository: %s', (uri) => {
    expect(findings(logOf([{ uri }]))).toEqual([]);
  });

  it('leaves out what is no problem and what has no place', () => {
    const more = [{ kind: 'pass' }, { baselineState: 'absent' }, { locations: [] }, { locations: undefined }];
    expect(findings(logOf(more.map((one) => ({ more: one }))))).toEqual([]);
  });

  it('bounds names and words that a stranger wrote', () => {
    const driver = { name: `x\n# ${'y'.repeat(500)}` };
    const more = { ruleId: `a b\n${'c'.repeat(500)}`, message: { text: 'm'.repeat(5_000) } };
    const [found] = findings(logOf([{ more }], driver)) as readonly { rule: string; message: string }[];
    expect(found?.rule).toMatch(/^[\w.-]{1,40}\/[\w./-]{1,120}$/);
    expect(found?.message).toHaveLength(1_000);
  });

  it.each([
    ['a list', '[]'],
    ['a number', '7'],
    ['nothing', ''],
    ['half a log', '{"version":"2.1.0","runs":[{"tool":{}}]}'],
    ['a line that is none', logOf([{ line: -3 }])],
    ['a deep one', '['.repeat(100_000)],
    ['a poisoned one', '{"__proto__":{"version":"2.1.0","runs":[]}}'],
  ])('refuses %s', (_, content) => {
    expect(findings(content)).toMatch(/^wrote no/);
  });

  it('reads a log with a byte order mark and without results', () => {
    expect(findings(`\uFEFF${logOf([])}`)).toEqual([]);
    expect(findings('{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":null}]}')).toEqual(
      [],
    );
  });
});
