import type { Ecosystem } from '../ecosystem.ts';

const reads = ['go.mod', 'go.sum', 'go.work', 'go.work.sum'];

/** Go modules: `go test -json`; the module cache is filled from `go.sum` before. */
export const goEcosystem: Ecosystem = {
  name: 'go',
  async detect(source) {
    if (!source.files.has('go.mod')) return undefined;
    const manifest = (await source.read('go.mod')) ?? '';
    const cwd = source.directory;
    const hasDependencies = source.files.has('go.sum') || /^\s*require\b/m.test(manifest);
    const hasTests = [...source.files].some((path) => path.endsWith('_test.go'));
    return {
      fetch: hasDependencies
        ? [{ shell: 'go mod download', cwd, why: 'go.mod has requirements', reads }]
        : [],
      build: [{ shell: 'go build ./...', cwd, why: 'go.mod' }],
      lint: [{ shell: 'go vet ./...', cwd, why: 'go.mod' }],
      typecheck: [],
      test: hasTests
        ? [
            {
              shell: 'go test -json ./...',
              cwd,
              why: 'go.mod and *_test.go files',
              format: 'go-json',
              reportPath: null,
            },
          ]
        : [],
      notes: hasTests ? [] : ['go.mod is there, but no *_test.go file.'],
    };
  },
};
