import { describe, expect, it } from 'vitest';
import { judgeIntegrity as judge } from './judge-integrity.ts';

describe('answers of tests in the code', () => {
  const tests = "test('a', () => { expect(name(11)).toBe('eleven'); expect(name(25)).toBe('many'); });\n";
  const table = (entries: string): string => `export const name = (n) => ({ ${entries} })[n];\n`;

  it('finds the answers of tests in the code, and takes a table that knows more than they ask', async () => {
    const base = { 'name.js': '', 'name.test.js': tests };
    const cheat = await judge(base, { ...base, 'name.js': table("11: 'eleven', 25: 'many'") });
    expect(cheat.findings.map(({ rule }) => rule)).toEqual([
      'integrity/special-cased',
      'integrity/special-cased',
    ]);
    const honest = table("10: 'ten', 11: 'eleven', 12: 'twelve', 25: 'many'");
    expect((await judge(base, { ...base, 'name.js': honest })).status).toBe('pass');
    const branches =
      "export function name(n) {\n if (n === 11) return 'eleven';\n if (n === 25) return 'many';\n}\n";
    expect((await judge(base, { ...base, 'name.js': branches })).status).toBe('fail');
  });

  const wordTests =
    "test('a', () => { expect(say('apple')).toEqual('appleay'); expect(say('pig')).toEqual('igpay'); });\n";
  const wordTestsPython =
    'def test_a():\n    assert say("apple") == "appleay"\n    assert say("pig") == "igpay"\n';

  it.each([
    [
      'calls around both sides of a comparison',
      "const say = (w) => {\n if (JSON.stringify(w) === JSON.stringify('apple')) return 'appleay';\n if (Object.is(w, 'pig')) return 'igpay';\n};\n",
    ],
    [
      'a map of pairs',
      "const all = new Map([\n ['apple', 'appleay'],\n ['pig', 'igpay'],\n]);\nconst say = (w) => all.get(w);\n",
    ],
    ['stores into a map', "const all = new Map();\nall.set('apple', 'appleay');\nall.set('pig', `igpay`);\n"],
    ['stores into an object', "const all = {};\nall['apple'] = 'appleay';\nall['pig'] = 'igpay';\n"],
    [
      'a variable that branches fill',
      "function say(w) {\n let out;\n switch (w) {\n case 'apple': out = 'appleay'; break;\n case 'pig': out = 'igpay'; break;\n }\n return out;\n}\n",
    ],
  ])('finds the answers of tests in %s', async (_name, code) => {
    const base = { 'say.js': '', 'say.test.js': wordTests };
    const verdict = await judge(base, { ...base, 'say.js': code });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual([
      'integrity/special-cased',
      'integrity/special-cased',
    ]);
  });

  it.each([
    [
      'elif',
      'def say(w):\n    if w == "apple":\n        return "appleay"\n    elif w == "pig":\n        return "igpay"\n',
    ],
    [
      'conditional expressions',
      'def say(w):\n    return (\n        "appleay" if w == "apple"\n        else "igpay" if w == "pig" else None\n    )\n',
    ],
    ['pairs', 'ALL = dict([\n    ("apple", "appleay"),\n    ("pig", "igpay"),\n])\n'],
    ['stores', 'ALL = {}\nALL["apple"] = "appleay"\nALL["pig"] = "igpay"\n'],
  ])('finds the answers of tests in Python in %s', async (_name, code) => {
    const base = { 'say.py': '', 'test_say.py': wordTestsPython };
    const verdict = await judge(base, { ...base, 'say.py': code });
    expect(verdict.findings.map(({ rule }) => rule)).toEqual([
      'integrity/special-cased',
      'integrity/special-cased',
    ]);
  });

  it('takes a list of pairs that knows more than the tests ask, and a pair of which they know one side only', async () => {
    const base = { 'say.js': '', 'say.test.js': wordTests };
    const more = "const all = [['apple', 'appleay'], ['pig', 'igpay'], ['ear', 'earay'], ['ox', 'oxay']];\n";
    const sides = "const all = [['apple', 'fruit'], ['pig', 'animal']];\n";
    for (const code of [more, sides])
      expect((await judge(base, { ...base, 'say.js': code })).status).toBe('pass');
  });
});
