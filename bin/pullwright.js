#!/usr/bin/env node
import { join } from 'node:path';
import { ensureDependencies, root, runNode } from './runtime.js';
import { ensurePackages, runtimePackages } from './system-packages.js';

const needSandbox = new Set(['start', 'demo', 'run']);

ensureDependencies();
const wantsHelp = process.argv.includes('--help') || process.argv.includes('-h');
if (needSandbox.has(process.argv[2] ?? '') && !wantsHelp) ensurePackages(runtimePackages);
process.exitCode = await runNode([
  '--disable-warning=ExperimentalWarning',
  join(root, 'src', 'cli', 'main.ts'),
  ...process.argv.slice(2),
]);
