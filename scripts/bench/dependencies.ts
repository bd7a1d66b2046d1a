import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { registriesOf } from '../../src/app/choose-sandbox.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';
import { setUpStage } from '../../test/support/set-up-stage.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { spread } from './percentiles.ts';

const run = promisify(execFile);
const fetches = 3;
const uses = 9;
const manifest = {
  name: 'bench',
  version: '1.0.0',
  dependencies: { pino: '10.4.0', zod: '4.6.7' },
  scripts: { test: 'node --test' },
};

/** The set-up phase of a Node repository: fetched from this machine's registries, and taken from the cache. */
export async function benchDependencies(): Promise<readonly string[]> {
  const registries = registriesOf(readSettings());
  const stage = await setUpStage((stateDir) => createBwrapSandbox({ stateDir, registries, log: silentLog }));
  try {
    await writeFile(join(stage.place.source, 'package.json'), JSON.stringify(manifest));
    // With the operator's environment: it may name a registry, a proxy or certificates.
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: stage.place.source });
    const treeId = await stage.change('true');
    const names = ['package.json', 'package-lock.json'];
    const texts = new Map(
      await Promise.all(
        names.map(async (name) => [name, await readFile(join(stage.place.source, name), 'utf8')] as const),
      ),
    );
    const { fetch } = await detectCommands({
      list: async () => names,
      read: async (path) => texts.get(path),
    });
    const timed = async (keeps: boolean, expected: 'made' | 'used'): Promise<number> => {
      if (keeps) await stage.cache.forget('all');
      const startMs = performance.now();
      const { ok, state, networked } = await stage.setUp({ treeId, fetch, keeps, registries });
      if (!ok || state !== expected || networked.length > 0 === (expected === 'used')) {
        throw new Error(`the set-up was not as it should be: ${state}, ${networked.length} with network`);
      }
      return performance.now() - startMs;
    };
    const fetched: number[] = [];
    const used: number[] = [];
    for (let at = 0; at < fetches; at++) fetched.push(await timed(true, 'made'));
    for (let at = 0; at < uses; at++) used.push(await timed(false, 'used'));
    const [layer] = await stage.cache.list();
    const packages = Object.keys(JSON.parse(texts.get('package-lock.json') ?? '{}').packages).length - 1;
    const { stdout: npm } = await run('npm', ['--version']);
    return [
      `npm ${npm.trim()} ci, ${packages} packages, layer of ${((layer?.bytes ?? 0) / 1024 ** 2).toFixed(1)} MiB, whole set-up of a fresh tree:`,
      `fetched from the registry and kept: ${spread(fetched)}`,
      `from the cache, without network:    ${spread(used)}`,
    ];
  } finally {
    await stage.close();
  }
}
