import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exercise, ExerciseLanguage, Files } from './exercise.ts';

/** Reads the exercises of a corpus that was fetched to `path`; none of them is part of this repository. */
export async function readExercises(kind: string, path: string): Promise<readonly Exercise[]> {
  switch (kind) {
    case 'polyglot-js':
      return await readPolyglot(path, 'javascript');
    case 'polyglot-python':
      return await readPolyglot(path, 'python');
    case 'quixbugs':
      return await readQuixbugs(path);
    case 'own':
      return await readOwn(path);
    default:
      throw new Error('--kind is one of polyglot-js, polyglot-python, quixbugs, own');
  }
}

async function readPolyglot(corpus: string, language: ExerciseLanguage): Promise<readonly Exercise[]> {
  const root = join(corpus, language, 'exercises', 'practice');
  const exercises: Exercise[] = [];
  for (const name of (await readdir(root)).sort()) {
    const at = (path: string): Promise<string> => readFile(join(root, name, path), 'utf8');
    const config = JSON.parse(await at('.meta/config.json')) as {
      files: { solution: string[]; test: string[]; example: string[] };
    };
    const { solution, test, example } = config.files;
    const [source = '', testPath = ''] = [solution[0], test[0]];
    const more = await Promise.all(
      [...solution.slice(1), ...test.slice(1)].map(async (path) => [path, await at(path)]),
    );
    exercises.push({
      name,
      language,
      files: { ...(Object.fromEntries(more) as Files), ...(language === 'javascript' ? jestFiles : {}) },
      source,
      stub: await at(source),
      reference: await at(example[0] ?? ''),
      testPath,
      // All but the first test of an exercise are skipped for the learner.
      tests: (await at(testPath)).replaceAll(/\bx(test|it|describe)\b/g, '$1'),
    });
  }
  return exercises;
}

/** As every exercise has it, without the list of packages: they are mounted read-only beside the work tree. */
const jestFiles: Files = {
  'package.json': `${JSON.stringify({ name: 'exercise', private: true, scripts: { test: 'jest ./*' } }, null, 2)}\n`,
  'babel.config.js': "module.exports = { presets: ['@exercism/babel-preset-javascript'], plugins: [] };\n",
};

async function readQuixbugs(corpus: string): Promise<readonly Exercise[]> {
  const names = (await readdir(join(corpus, 'python_testcases'))).flatMap(
    (file) => /^test_(\w+)\.py$/.exec(file)?.[1] ?? [],
  );
  const at = (path: string): Promise<string> => readFile(join(corpus, path), 'utf8');
  return await Promise.all(
    names.sort().map(async (name): Promise<Exercise> => {
      const shared = ['conftest.py', 'python_programs/node.py', 'python_testcases/load_testdata.py'];
      const data = [...shared, 'python_testcases/node.py', `json_testcases/${name}.json`];
      const files = await Promise.all(
        data.map(async (path) => [path, await at(path).catch(() => undefined)] as const),
      );
      return {
        name,
        language: 'python',
        files: Object.fromEntries(files.filter(([, text]) => text !== undefined)) as Files,
        source: `python_programs/${name}.py`,
        stub: await at(`python_programs/${name}.py`),
        reference: await at(`correct_python_programs/${name}.py`),
        testPath: `python_testcases/test_${name}.py`,
        tests: await at(`python_testcases/test_${name}.py`),
      };
    }),
  );
}

/** The corpus of this repository: a directory per exercise, with a manifest that names its files. */
async function readOwn(corpus: string): Promise<readonly Exercise[]> {
  const exercises: Exercise[] = [];
  for (const name of (await readdir(corpus)).sort()) {
    const at = (path: string): Promise<string> => readFile(join(corpus, name, path), 'utf8');
    const manifest = JSON.parse(await at('exercise.json')) as {
      language: ExerciseLanguage;
      source: string;
      tests: string;
      files: Files;
    };
    exercises.push({
      name,
      language: manifest.language,
      files: manifest.files,
      source: manifest.source,
      stub: await at('stub.txt'),
      reference: await at('reference.txt'),
      testPath: manifest.tests,
      tests: await at('tests.txt'),
    });
  }
  return exercises;
}
