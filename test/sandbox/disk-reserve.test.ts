import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isDiskLow } from '../../src/sandbox/disk-reserve.ts';

it('is low below the reserve, and not where the directory is gone', () => {
  expect(isDiskLow(tmpdir(), 0)).toBe(false);
  expect(isDiskLow(tmpdir(), Number.MAX_SAFE_INTEGER)).toBe(true);
  expect(isDiskLow(join(tmpdir(), 'pullwright-no-such-directory'), Number.MAX_SAFE_INTEGER)).toBe(false);
});
