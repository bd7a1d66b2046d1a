#!/usr/bin/env node
import { join } from 'node:path';
import { ensureDependencies, root, runNode } from './runtime.js';
import { ensurePackages, packagesFor } from './system-packages.js';

const needSandbox = new Set(['start', 'demo', 'run']);

ensureDependencies();
const wantsHelp = process.argv.includes('--help') || process.argv.includes('-h');
if (needSandbox.has(process.argv[2] ?? '') && !wantsHelp) ensurePackages(packagesFor(sandboxEngine()));
process.exitCode = await runNode([
  '--disable-warning=ExperimentalWarning',
  join(root, 'src', 'cli', 'main.ts'),
  ...process.argv.slice(2),
]);

/** As asked for on the command line or in the environment; a `.env` is read later, by the settings. */
function sandboxEngine() {
  const at = process.argv.indexOf('--sandbox');
  return (at > 0 ? process.argv[at + 1] : undefined) ?? process.env.SANDBOX_ENGINE ?? 'auto';
}
