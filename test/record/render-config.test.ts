import { describe, expect, it } from 'vitest';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';
import { defaultPullStyle } from '../../src/domain/pull-style.ts';
import type { EffectiveConfig, ShownConfig } from '../../src/domain/shown-config.ts';
import type { DetectedCommands } from '../../src/domain/toolchain.ts';
import { renderConfig } from '../../src/record/render-config.ts';
import { operatorBudgets as operator } from '../support/operator-budgets.ts';

const config: EffectiveConfig = {
  base: null,
  directory: null,
  plan: 'risk',
  journal: 'auto',
  controlIssue: false,
  protected: [],
  instructionsChars: 0,
  pull: defaultPullStyle,
  gates: defaultGateSettings,
  commands: {},
};
const nothing: ShownConfig = { branch: 'main', found: false, problems: [], config, operator, detected: null };
const command = (shell: string, why: string) => ({ shell, why, cwd: '' });
const detected = {
  ecosystems: ['javascript'],
  fetch: [command('npm ci', 'package-lock.json')],
  build: [],
  lint: [],
  typecheck: [],
  test: [command('npm test', 'package.json')],
  notes: [],
} as unknown as DetectedCommands;

describe('what applies to a repository', () => {
  it('is the default where there is no file', () => {
    const text = renderConfig(nothing);
    expect(text).toContain('There is no `.github/agent.yml` on `main`: all of this is the default.');
    expect(text).toMatch(/\| a run \| \$5\.00 \|/);
    expect(text).toContain('up to $20.00 (role `maintain`)');
    expect(text).toMatch(/\| `coverage` \| `block` \| `min_percent` `85` \|\s*\|/);
    expect(text).not.toContain('| set here |');
    expect(text).toContain('none has looked yet');
  });

  it('is what the file says, with what the operator allows and what a run detected', () => {
    const gates = { ...defaultGateSettings, complexity: { mode: 'warn', max: 25 } } as const;
    const asked: EffectiveConfig = {
      ...config,
      plan: 'always',
      protected: ['deploy/**'],
      controlIssue: true,
      gates,
      commands: { test: ['make check'] },
      budgets: { runUsd: 50, userDayUsd: 2, repositoryDayUsd: 30 },
    };
    const limited = { ...operator, repositoryDayUsd: 10 };
    const text = renderConfig({ ...nothing, found: true, config: asked, operator: limited, detected });
    expect(text).toMatch(/\| `plan` \| `always` \|/);
    expect(text).toMatch(/\| `control_issue` \| `kept` \|/);
    expect(text).toMatch(/\| `protected` \| `deploy\/\*\*` \|/);
    expect(text).toMatch(/\| a run \| \$5\.00 \|/);
    expect(text).toMatch(/this repository for a day \| \$10\.00 \|/);
    expect(text).toMatch(/for a day in this repository \| \$2\.00 \|/);
    expect(text).toMatch(/\| `complexity` \| `warn` \| `max` `25` \| set here \|/);
    expect(text).toContain('- `test`: `make check` (`set here`)');
    expect(text).toContain('- `setup`: `npm ci` (`package-lock.json`)');
    expect(text).not.toContain('npm test');
  });

  it('is nothing where the file is not valid: its problems, by line and key, which can do nothing', () => {
    const problems = ['line 3, key `gates.tests.mode`: expected block|hold @max <!-- x --> closes #1'];
    const text = renderConfig({ ...nothing, found: true, problems, config: null });
    expect(text).toContain('is not valid, so no run starts here');
    expect(text).toContain('- `line 3, key gates.tests.mode: expected block|hold @max <!-- x --> closes #1`');
    expect(text).not.toContain('### Gates');
  });

  it('stays within what a person reads, whatever the file holds', () => {
    const long = Array.from({ length: 50 }, (_, index) => `${index}/${'x'.repeat(190)}`);
    const commands = { setup: Array.from({ length: 20 }, () => 'y'.repeat(2_000)) };
    const whole = { ...config, protected: long, commands };
    const text = renderConfig({ ...nothing, found: true, config: whole, detected });
    expect(text.length).toBeLessThanOrEqual(13_000);
    expect(text).toContain('and 1 more');
  });
});
