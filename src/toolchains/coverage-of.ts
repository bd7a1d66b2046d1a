import type { CoverageCommand, TestCommand } from '../domain/toolchain.ts';

interface Way {
  readonly test: RegExp;
  /** `PLACE` is a name that no other command of the repository has. */
  readonly shell: (shell: string, place: string) => string;
  readonly format: CoverageCommand['format'];
  readonly report: string;
}

/**
 * How the same test command is made to measure coverage, by what the runner itself brings. A missing tool gives no
 * report, and then coverage is not measured.
 */
const ways: readonly Way[] = [
  {
    test: /--json --outputFile=\S+$/,
    shell: (shell, place) =>
      shell.replace(
        /--json --outputFile=\S+$/,
        `--coverage --coverageReporters=lcovonly --coverageDirectory=/out/${place}`,
      ),
    format: 'lcov',
    report: '/lcov.info',
  },
  {
    test: /--run --reporter=json --outputFile=\S+$/,
    shell: (shell, place) =>
      shell.replace(
        /--reporter=json --outputFile=\S+$/,
        `--coverage.enabled --coverage.reporter=lcovonly --coverage.reportsDirectory=/out/${place}`,
      ),
    format: 'lcov',
    report: '/lcov.info',
  },
  {
    test: /python3 -m (?:pytest|unittest)\b/,
    shell: (shell, place) => pythonShell(shell, `/out/${place}`),
    format: 'coverage-py',
    report: '/coverage.json',
  },
  {
    test: /^go test -json \.\/\.\.\.$/,
    shell: (_shell, place) => `mkdir -p /out/${place} && go test -coverprofile=/out/${place}/cover.out ./...`,
    format: 'go-profile',
    report: '/cover.out',
  },
];

/** The command that measures what `test` covers; none where no way is known. */
export function coverageOf(test: TestCommand): readonly CoverageCommand[] {
  const way = ways.find((one) => one.test.test(test.shell));
  if (!way) return [];
  const place = test.cwd === '' ? 'coverage' : `coverage-${test.cwd.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  return [
    {
      shell: way.shell(test.shell, place),
      cwd: test.cwd,
      why: `${test.why}, with coverage`,
      format: way.format,
      reportPath: `/out/${place}${way.report}`,
    },
  ];
}

function pythonShell(shell: string, place: string): string {
  const [, environment = '', words = ''] = /^(.*?)python3 -m ((?:pytest|unittest)\b.*)$/.exec(shell) ?? [];
  const bare = words.replace(/ -o junit_family=\S+ --junitxml=\S+| 2>&1$/g, '');
  const coverage = `${environment}python3 -m coverage`;
  const data = `--data-file=${place}/data`;
  const run = `${coverage} run ${data} --source=. -m ${bare}`;
  return `${coverage} --version >/dev/null 2>&1 || exit 97; mkdir -p ${place}; ${run}; ${coverage} json ${data} -o ${place}/coverage.json`;
}
