import { describe, expect, it } from 'vitest';
import { adoptFirstTests } from '../../src/toolchains/adopt-first-tests.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';

function detect(tree: Readonly<Record<string, string>>) {
  return detectCommands({ list: async () => Object.keys(tree), read: async (path) => tree[path] });
}

describe('the first tests of a repository', () => {
  const test = { 'test_a.py': 'import unittest\n' };

  it('are run by the command that is found on head', async () => {
    const adopted = adoptFirstTests(await detect({ 'a.py': '' }), await detect({ 'a.py': '', ...test }));
    expect(adopted.test).toMatchObject([{ format: 'unittest-text' }]);
    expect(adopted.notes.join()).toContain('had no test command');
  });

  it('do not replace a command that was there', async () => {
    const base = await detect(test);
    expect(adoptFirstTests(base, await detect({ 'package.json': '{"scripts":{"test":"vitest"}}' }))).toBe(
      base,
    );
  });

  it('do not come with a script that only has an exit code', async () => {
    const base = await detect({});
    expect(adoptFirstTests(base, await detect({ 'package.json': '{"scripts":{"test":"true"}}' }))).toBe(base);
  });
});
