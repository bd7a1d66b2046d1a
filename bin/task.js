#!/usr/bin/env node
// The development tasks: node bin/task.js test|crash|crash-full|check|format|docs|bench|simulate|soak|outage. Each does its own set-up; `engine`
// is a set-up only: what the container engine's tests need, without which they say that they did not run. `engine-suite user|podman|podman-rootless`
// runs the container engine's suite as an ordinary user of a Docker, or with Podman.
import { join } from 'node:path';
import { ensureDependencies, root, runNode } from './runtime.js';
import { enginePackages, ensurePackages, testPackages } from './system-packages.js';

const tool = (...path) => join(root, 'node_modules', ...path);
const vitest = tool('vitest', 'vitest.mjs');
const crashSuite = ['--config', 'vitest.crash.config.ts'];
const hostileSuite = ['--config', 'vitest.hostile.config.ts'];
const biome = tool('@biomejs', 'biome', 'bin', 'biome');

const tasks = {
  test: (args) => [[vitest, 'run', ...args]],
  crash: (args) => [
    [join(root, 'scripts', 'crash.ts'), ...args],
    [vitest, 'run', ...crashSuite],
  ],
  'crash-full': (args) => [[join(root, 'scripts', 'crash.ts'), '--suite', 'full', ...args]],
  hostile: (args) => [[vitest, 'run', ...hostileSuite, ...args]],
  check: () => [
    [biome, 'ci', '--error-on-warnings', '.'],
    [tool('oxlint', 'bin', 'oxlint'), '--deny-warnings'],
    [tool('typescript', 'bin', 'tsc')],
    [tool('knip', 'bin', 'knip.js'), '--treat-config-hints-as-errors'],
  ],
  format: () => [[biome, 'check', '--write', '.']],
  engine: () => [],
  docs: () => [
    [join(root, 'scripts', 'generate-docs.ts')],
    [join(root, 'scripts', 'update-readme.ts')],
    [join(root, 'scripts', 'update-thread.ts')],
  ],
  'engine-suite': (args) => [[join(root, 'scripts', 'engine-suite.ts'), ...args]],
  bench: (args) => [[join(root, 'scripts', 'bench.ts'), ...args]],
  simulate: (args) => [[join(root, 'scripts', 'simulate.ts'), ...args]],
  'eval-gates': (args) => [[join(root, 'scripts', 'eval-gates.ts'), ...args]],
  'eval-clean': (args) => [[join(root, 'scripts', 'eval-clean.ts'), ...args]],
  'eval-sast': (args) => [[join(root, 'scripts', 'eval-sast.ts'), ...args]],
  'eval-secrets': (args) => [[join(root, 'scripts', 'eval-secrets.ts'), ...args]],
  soak: (args) => [[join(root, 'scripts', 'soak.ts'), ...args]],
  outage: (args) => [[join(root, 'scripts', 'outage.ts'), ...args]],
};

const needsPackages = new Set(['test', 'crash', 'crash-full', 'hostile', 'bench', 'eval-gates']);

const [name = '', ...args] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (!task) {
  process.stderr.write(`usage: node bin/task.js ${Object.keys(tasks).join('|')}\n`);
  process.exit(2);
}
process.chdir(root);
ensureDependencies();
if (needsPackages.has(name)) ensurePackages(testPackages);
if (name === 'engine') ensurePackages(enginePackages);
for (const command of task(args)) {
  const code = await runNode(command);
  if (code !== 0) process.exit(code);
}
