import { type Ecosystem, reportFile } from '../ecosystem.ts';

const filesReadMax = 50;

/** CMake with CTest: built outside the work tree, so that no build product becomes part of the change. */
export const cmakeEcosystem: Ecosystem = {
  name: 'cmake',
  async detect(source) {
    if (!source.files.has('CMakeLists.txt')) return undefined;
    const cwd = source.directory;
    const directory = reportFile(source, 'cmake-build');
    const reportPath = reportFile(source, 'ctest.xml');
    const lists = [...source.files]
      .filter((path) => /(?:^|\/)CMakeLists\.txt$/.test(path))
      .slice(0, filesReadMax);
    const texts = await Promise.all(lists.map((path) => source.read(path)));
    const hasTests = texts.some((text) =>
      /^\s*(?:enable_testing|include\s*\(\s*CTest|add_test|gtest_discover_tests|catch_discover_tests)\b/im.test(
        text ?? '',
      ),
    );
    return {
      fetch: [],
      build: [
        {
          shell: `cmake -S . -B ${directory} -DBUILD_TESTING=ON && cmake --build ${directory} --parallel 2`,
          cwd,
          why: 'CMakeLists.txt',
        },
      ],
      lint: [],
      typecheck: [],
      test: hasTests
        ? [
            {
              shell: `ctest --test-dir ${directory} --no-tests=error --output-on-failure --output-junit ${reportPath}`,
              cwd,
              why: 'CMakeLists.txt enables tests',
              format: 'junit',
              reportPath,
            },
          ]
        : [],
      notes: hasTests ? [] : ['CMakeLists.txt is there, but it enables no test.'],
    };
  },
};
