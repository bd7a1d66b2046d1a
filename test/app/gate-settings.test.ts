import { describe, expect, it } from 'vitest';
import { readRepositoryConfig } from '../../src/app/repository-config.ts';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';

describe('the settings of the gates', () => {
  it('are the defaults where the file says nothing', () => {
    expect(readRepositoryConfig('').config?.gates).toEqual(defaultGateSettings);
  });

  it('take what the file says, in the words of the code', () => {
    const text = [
      'gates:',
      '  coverage: { min_percent: 70 }',
      '  policy: { mode: block, protected_paths: ["db/**"] }',
      '  regression: { max_percent: 1 }',
      '  docs: { mode: off }',
    ].join('\n');
    expect(readRepositoryConfig(text).config?.gates).toEqual({
      ...defaultGateSettings,
      coverage: { mode: 'block', minPercent: 70 },
      policy: { mode: 'block', protectedPaths: ['db/**'] },
      regression: { maxPercent: 1 },
      docs: { mode: 'off' },
    });
  });
});
