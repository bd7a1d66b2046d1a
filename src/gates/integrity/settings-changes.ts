import { isObject, parseObject } from '../../toolchains/read-json.ts';
import { readToml, tableAt } from '../../toolchains/read-toml.ts';
import type { IntegrityProblem } from './integrity-problem.ts';

/** Files that as a whole decide which tests, checks or thresholds there are. */
const wholeFiles =
  /(?:^|\/)(?:(?:jest|vitest|vite|karma|playwright|cypress|ava|wallaby|web-test-runner|eslint|babel|stryker)\.config\.\w+|(?:jest|vitest)[.-]setup\.\w+|setup-?[tT]ests?\.\w+|\.mocharc(?:\.\w+)?|\.taprc|\.nycrc(?:\.\w+)?|\.c8rc(?:\.\w+)?|pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|phpunit\.xml(?:\.dist)?|\.rspec|\.eslintrc(?:\.\w+)?|\.eslintignore|biome\.jsonc?|\.flake8|\.?ruff\.toml|mypy\.ini|\.?pylintrc|\.rubocop(?:_todo)?\.yml|\.golangci\.ya?ml|\.?clippy\.toml|checkstyle[\w-]*\.xml|tslint\.json|\.?codecov\.ya?ml|sonar-project\.properties|sitecustomize\.py|usercustomize\.py|[\w.-]+\.pth|\.npmrc|\.pnpmfile\.cjs|\.babelrc(?:\.\w+)?|\.?oxlintrc\.json)$/;

/** Python looks in the directory of the tests first, Node in `node_modules` of the tree. */
const shadows =
  /(?:^|\/)(?:unittest|pytest|_pytest|coverage|doctest)(?:\.py|\/__(?:init|main)__\.py)$|(?:^|\/)node_modules\//;

/** Lines of other build files that concern tests, coverage or strictness. */
const lineRules: readonly (readonly [file: RegExp, line: RegExp])[] = [
  [
    /(?:^|\/)pom\.xml$/,
    /surefire|failsafe|skip|testFailureIgnore|<exclude|<include|<groups|jacoco|<minimum>/i,
  ],
  [/(?:^|\/)\w+\.gradle(?:\.kts)?$/, /\btest\b|useJUnit|jacoco|exclude|ignoreFailures|minimum/i],
  [/(?:^|\/)CMakeLists\.txt$/, /add_test|enable_testing|set_tests_properties|discover_tests|BUILD_TESTING/i],
  [/(?:^|\/)Cargo\.toml$/, /^\s*(?:test|doctest|harness|bench)\s*=|^\[\[?(?:test|lints)/],
  [/\.(?:cs|fs|vb)proj$|Directory\.Build\.\w+$/, /test|Nullable|TreatWarningsAsErrors|WarningLevel|NoWarn/i],
  [
    /(?:^|\/)tsconfig[\w.-]*\.json$/,
    /strict|"no[A-Z]\w+"|exclude|include|skipLibCheck|checkJs|allowUnreachable/,
  ],
  [
    /(?:^|\/)setup\.cfg$/,
    /pytest|addopts|testpaths|fail_under|omit|exclude|ignore|max-|coverage|flake8|mypy/i,
  ],
  [/(?:^|\/)Rakefile$/, /test|spec/i],
];

const manifestKeys = /^(?:jest|mocha|vitest|ava|c8|nyc|tap|eslintConfig|eslintIgnore|babel|xo|standard)$/;
const scriptKeys =
  /^(?:pre|post)?(?:test|lint|type-?check|check(?:-types)?|tsc|coverage|ci|verify)(?:[:-].*)?$/;
const toolTables = [
  'pytest',
  'coverage',
  'ruff',
  'mypy',
  'flake8',
  'pylint',
  'tox',
  'pyright',
  'nox',
  'hatch',
];
const threshold =
  /(branches|functions|lines|statements|fail_under|fail-under|threshold|minimum|coverage|high|low|max-(?:complexity|lines|warnings))\W{0,20}?(\d+(?:\.\d+)?)/i;
const problemsMax = 30;

/** What a changed file does to test commands, thresholds and checks. `undefined`: absent on that side. */
export function settingsChanges(
  path: string,
  base: string | undefined,
  head: string | undefined,
): readonly IntegrityProblem[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json' || name === 'composer.json') return manifestChanges(base, head);
  if (name === 'pyproject.toml') return tomlChanges(base, head);
  if (/^(?:GNUm|M|m)akefile$|^justfile$/i.test(name)) return makeChanges(base, head);
  return fileChanges(path, base, head ?? '');
}

function fileChanges(path: string, base: string | undefined, head: string): readonly IntegrityProblem[] {
  const isWhole = wholeFiles.test(path);
  if (base === undefined) return isWhole || shadows.test(path) ? [newFile(path)] : [];
  if (isWhole) return lineChanges(base, head, /./);
  const rule = lineRules.find(([file]) => file.test(path));
  return rule ? lineChanges(base, head, rule[1]) : [];
}

function newFile(path: string): IntegrityProblem {
  const message = shadows.test(path)
    ? 'a new file stands where a test runner would be loaded from'
    : 'a new file decides how tests or checks run';
  return { rule: 'changed-test-settings', line: 1, message };
}

function manifestChanges(base: string | undefined, head: string | undefined): readonly IntegrityProblem[] {
  if (base === undefined) return [];
  const [before, after] = [parseObject(base) ?? {}, parseObject(head) ?? {}];
  const scripts = compareKeys(scriptsOf(before), scriptsOf(after), scriptKeys, 'scripts.');
  return [...scripts, ...compareKeys(before, after, manifestKeys, '')].map(({ key, message }) => ({
    rule: 'changed-test-settings',
    line: lineOfKey(head ?? '', key),
    message,
  }));
}

function scriptsOf(manifest: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const scripts = manifest['scripts'];
  return isObject(scripts) ? scripts : {};
}

function compareKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  wanted: RegExp,
  prefix: string,
): readonly { readonly key: string; readonly message: string }[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) =>
    wanted.test(key),
  );
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({
      key,
      message: `\`${prefix}${key}\` was \`${shown(before[key])}\` and is \`${shown(after[key])}\``,
    }));
}

function tomlChanges(base: string | undefined, head: string | undefined): readonly IntegrityProblem[] {
  if (base === undefined) return [];
  const [before, after] = [readToml(base), readToml(head)];
  return toolTables
    .filter(
      (name) =>
        JSON.stringify(tableAt(before, 'tool', name)) !== JSON.stringify(tableAt(after, 'tool', name)),
    )
    .flatMap((name): readonly IntegrityProblem[] => {
      const section = new RegExp(`^\\[tool\\.${name}[\\].]`);
      const changed = lineChanges(sectionOf(base, section), sectionOf(head ?? '', section), /./);
      const line = (head ?? '').split('\n').findIndex((text) => section.test(text)) + 1;
      return changed.map((problem) => ({
        ...problem,
        line: Math.max(line, 1),
        message: `[tool.${name}] ${problem.message}`,
      }));
    });
}

/** The lines of all tables that match. */
function sectionOf(text: string, section: RegExp): string {
  let inside = false;
  return text
    .split('\n')
    .filter((line) => {
      if (line.startsWith('[')) inside = section.test(line);
      return inside;
    })
    .join('\n');
}

function makeChanges(base: string | undefined, head: string | undefined): readonly IntegrityProblem[] {
  if (base === undefined) return [];
  const before = recipes(base);
  const after = recipes(head ?? '');
  return [...before]
    .filter(([target, recipe]) => after.get(target) !== recipe)
    .map(([target]) => ({
      rule: 'changed-test-settings',
      line: Math.max(1, (head ?? '').split('\n').findIndex((line) => line.startsWith(`${target}:`)) + 1),
      message: `the target \`${target}\` changed`,
    }));
}

function recipes(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(
    /^((?:test|check|lint|ci|coverage|verify)[\w-]*)\s*:(?!=).*\n?(?:[ \t]+.*\n?)*/gm,
  );
  return new Map([...found].map(([recipe, target = '']) => [target, recipe.trim()]));
}

function lineChanges(base: string, head: string, wanted: RegExp): readonly IntegrityProblem[] {
  const before = significant(base, wanted);
  const after = significant(head, wanted);
  const [textsBefore, textsAfter] = [before, after].map((lines) => new Set(lines.map(({ text }) => text)));
  const gone = before.filter(({ text }) => !textsAfter?.has(text)).slice(0, problemsMax);
  const added = after.filter(({ text }) => !textsBefore?.has(text)).slice(0, problemsMax);
  const problems: IntegrityProblem[] = gone.map(({ text }) => {
    const lowered = added.find((line) => isLower(text, line.text));
    return lowered
      ? {
          rule: 'lowered-threshold',
          line: lowered.line,
          message: `\`${shown(text)}\` became \`${shown(lowered.text)}\``,
        }
      : { rule: 'changed-test-settings', line: 1, message: `\`${shown(text)}\` is gone or changed` };
  });
  for (const { text, line } of added) {
    problems.push({ rule: 'changed-test-settings', line, message: `new: \`${shown(text)}\`` });
  }
  return problems.slice(0, problemsMax);
}

function significant(text: string, wanted: RegExp) {
  return text
    .split('\n')
    .map((line, index) => ({ text: line.slice(0, 2_000).trim(), line: index + 1 }))
    .filter(({ text: words }) => words !== '' && !/^(?:#(?!\[)|\/\/|;)/.test(words) && wanted.test(words));
}

/** The same setting with a smaller number; for a maximum, a larger one. */
function isLower(before: string, after: string): boolean {
  const [a, b] = [threshold.exec(before), threshold.exec(after)];
  if (!a || !b || a[1] !== b[1]) return false;
  return /^max/i.test(a[1] ?? '') ? Number(b[2]) > Number(a[2]) : Number(b[2]) < Number(a[2]);
}

function lineOfKey(text: string, key: string): number {
  return Math.max(1, text.split('\n').findIndex((line) => line.includes(`"${key}"`)) + 1);
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'absent');
  return text.replaceAll('`', "'").slice(0, 160);
}
