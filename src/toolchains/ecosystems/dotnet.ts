import { type Ecosystem, reportFile } from '../ecosystem.ts';
import { quoteForShell } from '../quote-for-shell.ts';

const testProject = /<IsTestProject>\s*true|Microsoft\.NET\.Test\.Sdk/i;
const filesReadMax = 50;

/**
 * .NET: results as TRX. `dotnet restore` runs the targets of the project files, which are the repository's, so nothing
 * is fetched with network unless its owner says how.
 */
export const dotnetEcosystem: Ecosystem = {
  name: 'dotnet',
  async detect(source) {
    const projects = [...source.files].filter((path) => /\.(?:cs|fs|vb)proj$/.test(path)).sort();
    const solution = [...source.files].find((path) => /^[^/]+\.slnx?$/.test(path));
    const own = solution ?? projects.find((path) => !path.includes('/'));
    if (own === undefined) return undefined;
    const cwd = source.directory;
    const texts = await Promise.all(projects.slice(0, filesReadMax).map((path) => source.read(path)));
    const hasTests = texts.some((text) => testProject.test(text ?? ''));
    const directory = reportFile(source, 'trx');
    return {
      fetch: [],
      build: [],
      lint: [],
      typecheck: [],
      test: hasTests
        ? [
            {
              shell: `rm -rf ${directory}; dotnet test ${quoteForShell(`./${own}`)} --nologo --logger trx --results-directory ${directory}; code=$?; cat ${directory}/*.trx; exit $code`,
              cwd,
              why: `${own} with a test project`,
              format: 'trx',
              reportPath: null,
            },
          ]
        : [],
      notes: [
        'Project files are code that would run with network: set `setup` in `.github/agent.yml` to `dotnet restore`.',
        ...(hasTests ? [] : [`${own} is there, but no test project.`]),
      ],
    };
  },
};
