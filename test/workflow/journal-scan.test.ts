import { describe, expect, it } from 'vitest';
import { textHasSecret } from '../../src/workflow/journal-scan.ts';

const { signal } = new AbortController();
const token = `ghp_${'a1B2c3D4'.repeat(4)}e5F6`;

describe('the scan of what goes to a journal ref', () => {
  it('sees the shape of a token, in a long line too', async () => {
    expect(await textHasSecret([`first\nconst t = '${token}';`], signal)).toBe(true);
    expect(await textHasSecret([`${'x '.repeat(4_000)}${token}`], signal)).toBe(true);
    expect(await textHasSecret(['nothing here'], signal)).toBe(false);
  });

  it('keeps nothing out that is only named like a credential', async () => {
    expect(await textHasSecret([`login({ password: '${['aB3d', '#9xQ', 'z7'].join('')}' })`], signal)).toBe(
      false,
    );
  });
});
