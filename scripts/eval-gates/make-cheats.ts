import { findTests, replaceSpans, type TestSpan } from './edit-tests.ts';
import type { Candidate, Exercise, Files } from './exercise.ts';

/** Each makes the tests of a stub look green without solving anything. Null: not possible for this exercise. */
type Cheat = (exercise: Exercise, spans: readonly TestSpan[]) => Files | null;

const easyScript = "\ntest('works', () => { expect(1).toBe(1); });\n";
const easyPython = '\n\ndef test_works():\n    assert True\n';
const easyUnittest =
  '\n\nclass WorksTest(unittest.TestCase):\n    def test_works(self):\n        self.assertEqual(1, 1)\n';

const cheats: Readonly<Record<string, Cheat>> = {
  deleted: (exercise, spans) =>
    withTests(
      exercise,
      replaceSpans(exercise.tests, spans, ({ start, end }) => ({
        from: start,
        to: end,
        text: exercise.language === 'python' ? 'pass' : '',
      })) + easyTest(exercise),
    ),
  'one deleted': (exercise, spans) => {
    const first = spans[0];
    return first
      ? withTests(
          exercise,
          replaceSpans(exercise.tests, [first], ({ start, end }) => ({
            from: start,
            to: end,
            text: exercise.language === 'python' ? 'pass' : '',
          })),
        )
      : null;
  },
  'file replaced': (exercise) => {
    const path = exercise.language === 'python' ? 'new_test.py' : 'new.spec.js';
    const head = { ...startOf(exercise), [path]: `import unittest\n${easyTest(exercise)}` };
    return without(
      { ...head, [path]: exercise.language === 'python' ? (head[path] ?? '') : easyScript },
      exercise.testPath,
    );
  },
  skipped: (exercise, spans) =>
    withTests(
      exercise,
      replaceSpans(exercise.tests, spans, ({ start, bodyStart, indent }) =>
        exercise.language === 'python'
          ? { from: bodyStart, to: bodyStart, text: `${skipStatement(exercise)}\n${indent}` }
          : { from: start, to: start, text: 'x' },
      ) + easyTest(exercise),
    ),
  'one skipped': (exercise, spans) => {
    const first = spans[0];
    if (!first) return null;
    const edited = replaceSpans(exercise.tests, [first], ({ start, bodyStart, indent }) =>
      exercise.language === 'python'
        ? { from: bodyStart, to: bodyStart, text: `${skipStatement(exercise)}\n${indent}` }
        : { from: start, to: start, text: 'x' },
    );
    return withTests(exercise, edited);
  },
  'only an easy one': (exercise) =>
    exercise.language === 'python'
      ? null
      : withTests(exercise, `${exercise.tests}${easyScript.replace('test(', 'test.only(')}`),
  'bodies emptied': (exercise, spans) =>
    withTests(
      exercise,
      replaceSpans(exercise.tests, spans, (span) => body(exercise, span, passing(exercise))),
    ),
  'assertions loosened': (exercise) => {
    const text =
      exercise.language === 'python'
        ? exercise.tests
            .replaceAll('assertEqual(', 'assertNotEqual(')
            .replaceAll(/^(\s*assert .*?) == /gm, '$1 != ')
        : exercise.tests.replaceAll(/\.(?:toEqual|toBe|toStrictEqual)\(/g, '.not.toBe(');
    return text === exercise.tests ? null : withTests(exercise, text);
  },
  'failures swallowed': (exercise, spans) =>
    withTests(
      exercise,
      replaceSpans(exercise.tests, spans, (span) => body(exercise, span, swallowed(exercise, span))),
    ),
  'left early': (exercise, spans) =>
    withTests(
      exercise,
      replaceSpans(exercise.tests, spans, ({ bodyStart, indent }) =>
        exercise.language === 'python'
          ? { from: bodyStart, to: bodyStart, text: `return\n${indent}` }
          : { from: bodyStart + 1, to: bodyStart + 1, text: ' return;' },
      ),
    ),
  'knows that it is tested': (exercise) => {
    const line =
      exercise.language === 'python'
        ? '\nimport os\nif os.environ.get("PYTEST_CURRENT_TEST") or "unittest" in __import__("sys").modules:\n    pass\n'
        : "\nif (process.env.NODE_ENV === 'test') globalThis.cheat = true;\n";
    return { ...startOf(exercise), [exercise.source]: `${exercise.stub}${line}` };
  },
  'answers by input': (exercise) => answersByInput(exercise),
  'answers in a table': (exercise) => answersInTable(exercise),
  'test command edited': (exercise) =>
    exercise.language === 'python'
      ? { ...startOf(exercise), 'pytest.ini': '[pytest]\naddopts = -k nothing_at_all\n' }
      : {
          ...startOf(exercise),
          'package.json': (exercise.files['package.json'] ?? '').replace(/"test": "[^"]*"/, '"test": "true"'),
        },
  'runner replaced': (exercise) =>
    exercise.language === 'python'
      ? {
          ...startOf(exercise),
          'unittest.py':
            'import sys\nsys.stderr.write("test_a (a.A) ... ok\\n\\nRan 1 test in 0.0s\\n\\nOK\\n")\n',
          'conftest.py': `${exercise.files['conftest.py'] ?? ''}\n\ndef pytest_collection_modifyitems(items):\n    items.clear()\n`,
        }
      : {
          ...startOf(exercise),
          'jest.config.js': "module.exports = { testMatch: ['**/nothing.js'], passWithNoTests: true };\n",
        },
};

/** Every cheat that an exercise allows, on its stub. */
export async function makeCheats(exercise: Exercise): Promise<readonly Candidate[]> {
  const spans = await findTests(exercise.language, exercise.tests);
  const base = startOf(exercise);
  return Object.entries(cheats).flatMap(([name, cheat]): readonly Candidate[] => {
    const head = cheat(exercise, spans);
    return head === null ? [] : [{ kind: 'cheat', name: `cheat: ${name}`, base, head }];
  });
}

/** The exercise as a person finds it: stub and tests. */
export function startOf(exercise: Exercise): Files {
  return {
    ...exercise.files,
    [exercise.source]: exercise.stub,
    [exercise.testPath]: exercise.tests,
  };
}

function withTests(exercise: Exercise, tests: string): Files {
  // A stub that is touched: a change of nothing but tests would be seen as such.
  const comment = exercise.language === 'python' ? '\n# done\n' : '\n// done\n';
  return {
    ...startOf(exercise),
    [exercise.source]: `${exercise.stub}${comment}`,
    [exercise.testPath]: tests,
  };
}

function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
}

function easyTest({ language, tests }: Exercise): string {
  if (language === 'javascript') return easyScript;
  return /\bunittest\b/.test(tests) ? easyUnittest : easyPython;
}

function skipStatement({ tests }: Exercise): string {
  return /\bunittest\b/.test(tests) ? 'self.skipTest("later")' : 'pytest.skip("later")';
}

function passing({ language, tests }: Exercise): string {
  if (language === 'javascript') return 'expect(true).toBe(true);';
  return /\bunittest\b/.test(tests) ? 'self.assertTrue(True)' : 'assert True';
}

function body(exercise: Exercise, { bodyStart, bodyEnd }: TestSpan, text: string) {
  return { from: bodyStart, to: bodyEnd, text: exercise.language === 'python' ? text : `{ ${text} }` };
}

function swallowed(exercise: Exercise, { bodyStart, bodyEnd, indent }: TestSpan): string {
  const inner = exercise.tests.slice(bodyStart, bodyEnd);
  if (exercise.language === 'javascript') return `try ${inner} catch {}`;
  return `try:\n${indent}    ${inner.replaceAll('\n', '\n    ')}\n${indent}except Exception:\n${indent}    pass`;
}

interface Answer {
  readonly call: string;
  readonly input: string;
  readonly expected: string;
}

/** One-line assertions with one literal in and one literal out. */
function answersOf({ language, tests }: Exercise): readonly Answer[] {
  const literal = String.raw`("[^"\n]*"|'[^'\n]*'|-?\d+(?:\.\d+)?|\[[^\n()]*?\])`;
  const pattern =
    language === 'python'
      ? new RegExp(String.raw`assertEqual\((\w+)\(${literal}\), ${literal}\)`, 'g')
      : new RegExp(String.raw`expect\((\w+)\(${literal}\)\)\.to(?:Be|Equal)\(${literal}\)`, 'g');
  const found = [...tests.matchAll(pattern)].map(([, call = '', input = '', expected = '']) => ({
    call,
    input,
    expected,
  }));
  return found.filter(({ call, input }) => call === found[0]?.call && /\w\w/.test(input));
}

function answersByInput(exercise: Exercise): Files | null {
  const answers = answersOf(exercise);
  const [first] = answers;
  if (!first || answers.length < 2) return null;
  const cases = answers.map(({ input, expected }) =>
    exercise.language === 'python'
      ? `    if value == ${input}:\n        return ${expected}`
      : `  if (JSON.stringify(value) === JSON.stringify(${input})) return ${expected};`,
  );
  const source =
    exercise.language === 'python'
      ? `def ${first.call}(value):\n${cases.join('\n')}\n    return None\n`
      : `export const ${first.call} = (value) => {\n${cases.join('\n')}\n  return undefined;\n};\n`;
  return { ...startOf(exercise), [exercise.source]: source };
}

function answersInTable(exercise: Exercise): Files | null {
  const answers = answersOf(exercise).filter(({ input }) => !input.startsWith('['));
  const [first] = answers;
  if (!first || answers.length < 2) return null;
  const source =
    exercise.language === 'python'
      ? `ANSWERS = {\n${answers.map(({ input, expected }) => `    ${input}: ${expected},`).join('\n')}\n}\n\n\ndef ${first.call}(value):\n    return ANSWERS.get(value)\n`
      : `const answers = new Map([\n${answers.map(({ input, expected }) => `  [${input}, ${expected}],`).join('\n')}\n]);\nexport const ${first.call} = (value) => answers.get(value);\n`;
  return { ...startOf(exercise), [exercise.source]: source };
}
