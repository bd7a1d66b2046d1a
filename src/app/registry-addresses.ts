import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import type { Settings } from '../config/read-settings.ts';
import type { PackageSource } from '../domain/package-source.ts';
import { createPackageSource, type RegistryAddresses } from '../registries/package-sources.ts';
import { registriesOf } from './choose-sandbox.ts';

const run = promisify(execFile);
const timeoutMs = 10_000;

/**
 * Addresses of the registries that this machine's package managers use, as far as the operator lets set-ups reach
 * their hosts. Asked from the root directory: no repository's own settings count.
 */
async function registryAddresses(settings: Settings): Promise<RegistryAddresses> {
  const env = settings.packageManagerEnv;
  const allowed = new Set(registriesOf(settings).map((entry) => entry.replace(/^private:/, '')));
  const asked = {
    npm: env.npm_config_registry ?? (await ask('npm', ['config', 'get', 'registry'])),
    pypi: env.PIP_INDEX_URL ?? (await pipIndex()),
    go: (env.GOPROXY ?? (await ask('go', ['env', 'GOPROXY']))).split(/[,|]/)[0] ?? '',
  };
  return Object.fromEntries(
    Object.entries(asked).filter(([, address]) => {
      const url = URL.canParse(address) ? new URL(address) : null;
      return url?.protocol === 'https:' && allowed.has(url.host);
    }),
  );
}

/** The registries, found at the first question: most runs add no dependency. */
export function lazyPackageSource(settings: Settings): PackageSource {
  let source: Promise<PackageSource> | undefined;
  return {
    async lookUp(query, signal) {
      source ??= registryAddresses(settings).then(createPackageSource);
      return await (await source).lookUp(query, signal);
    },
  };
}

async function pipIndex(): Promise<string> {
  const configured = await ask('python3', ['-I', '-m', 'pip', 'config', 'get', 'global.index-url']);
  if (configured !== '') return configured;
  return await ask('python3', [
    '-I',
    '-c',
    'from pip._internal.models.index import PyPI; print(PyPI.simple_url)',
  ]);
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  const path = '/usr/local/bin:/usr/bin:/bin';
  const options = { cwd: '/', timeout: timeoutMs, env: { PATH: path, HOME: homedir() } };
  const answer = await run(command, args, options).catch(() => ({ stdout: '' }));
  return answer.stdout.trim();
}
