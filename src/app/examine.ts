import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readSettings, type Settings } from '../config/read-settings.ts';
import { createAppLogger } from './app-logger.ts';
import { chooseSandbox, registriesOf } from './choose-sandbox.ts';
import { describeDependencyCache } from './dependency-cache.ts';
import { openDatabase } from './open-database.ts';

const execute = promisify(execFile);
const diskReserveBytes = 2 * 1024 ** 3;

/** One requirement. `missing` stops the bot, `optional` takes something away from it. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'optional' | 'missing';
  readonly found: string;
  /** What to do; null when nothing has to be done. */
  readonly fix: string | null;
}

/** Looks at everything that the bot needs from this machine, by really using it. */
export async function examine(): Promise<readonly Check[]> {
  const node: Check = { name: 'Node', state: 'ok', found: process.versions.node, fix: null };
  const settings = await readOrExplain();
  if ('check' in settings) return [node, settings.check];
  return [
    node,
    await git(),
    await sandbox(settings),
    registries(settings),
    await database(settings),
    disk(settings),
    await dependencies(settings),
    app(settings),
    models(settings),
  ];
}

async function readOrExplain(): Promise<Settings | { readonly check: Check }> {
  try {
    return readSettings();
  } catch (error) {
    return {
      check: {
        name: 'Settings',
        state: 'missing',
        found: messageOf(error),
        fix: 'see docs/configuration.md',
      },
    };
  }
}

async function git(): Promise<Check> {
  try {
    const { stdout } = await execute('/usr/bin/git', ['--version'], { env: {}, timeout: 10_000 });
    const version = /(\d+)\.(\d+)/.exec(stdout);
    const recent = Number(version?.[1]) > 2 || Number(version?.[2]) >= 38;
    return {
      name: 'git',
      state: recent ? 'ok' : 'missing',
      found: stdout.trim(),
      fix: recent ? null : 'git 2.38 or newer is needed',
    };
  } catch {
    return { name: 'git', state: 'missing', found: 'not found', fix: 'apt-get install git' };
  }
}

async function sandbox(settings: Settings): Promise<Check> {
  const name = 'Sandbox';
  try {
    const engine = await chooseSandbox(settings, { localMode: true, log: createAppLogger('silent') });
    const { version } = await engine.probe();
    if (engine.engine !== 'none')
      return { name, state: 'ok', found: `${engine.engine} ${version}`, fix: null };
    return { name, state: 'optional', found: 'none: no isolation', fix: 'for repositories of your own only' };
  } catch (error) {
    const fix = '`pullwright doctor --sandbox` tries each engine; docs/operations.md says how to get one';
    return { name, state: 'missing', found: messageOf(error), fix };
  }
}

function registries(settings: Settings): Check {
  const hosts = registriesOf(settings);
  const found =
    hosts.length === 0 ? 'none: set-up phases have no network' : `${hosts.length} hosts for set-up phases`;
  return { name: 'Package registries', state: hosts.length === 0 ? 'optional' : 'ok', found, fix: null };
}

async function database(settings: Settings): Promise<Check> {
  const name = 'PostgreSQL';
  try {
    const opened = await openDatabase(settings, createAppLogger('silent'));
    await opened.stop();
    return {
      name,
      state: 'ok',
      found: opened.embedded ? `embedded, in ${settings.stateDir}` : 'DATABASE_URL',
      fix: null,
    };
  } catch (error) {
    const fix = settings.DATABASE_URL === undefined ? 'see the message' : 'check DATABASE_URL';
    return { name, state: 'missing', found: messageOf(error), fix };
  }
}

function disk(settings: Settings): Check {
  const place = nearestDirectory(resolve(settings.stateDir));
  if (!isWritable(place)) {
    const fix = 'give this user rights to it, or set PULLWRIGHT_HOME to another directory';
    return { name: 'Disk', state: 'missing', found: `${place} cannot be written`, fix };
  }
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const enough = free > diskReserveBytes;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${settings.stateDir}`;
  return {
    name: 'Disk',
    state: enough ? 'ok' : 'missing',
    found,
    fix: enough ? null : 'at least 2 GiB are needed',
  };
}

async function dependencies(settings: Settings): Promise<Check> {
  const found = await describeDependencyCache(settings, createAppLogger('silent'));
  const state = settings.AGENT_DEPENDENCY_CACHE_GIB === 0 ? 'optional' : 'ok';
  return { name: 'Dependency cache', state, found, fix: null };
}

/** The directory itself, or what it would be made in. */
function nearestDirectory(path: string): string {
  return existsSync(path) ? path : nearestDirectory(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function app(settings: Settings): Check {
  const name = 'GitHub App';
  if (settings.credentials)
    return { name, state: 'ok', found: `id ${settings.credentials.appId}`, fix: null };
  return {
    name,
    state: 'optional',
    found: 'not set up',
    fix: '`npm start` opens the page that registers it',
  };
}

function models(settings: Settings): Check {
  const keys = [settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY].filter(
    (key) => key !== undefined,
  ).length;
  if (keys > 0)
    return {
      name: 'Models',
      state: 'ok',
      found: settings.AGENT_MODELS.join(', ') || 'the default chain',
      fix: null,
    };
  const fix = 'set ANTHROPIC_API_KEY or OPENAI_API_KEY for more than failing-test bugs';
  return {
    name: 'Models',
    state: 'optional',
    found: 'no key: the embedded repair engine does the implementing',
    fix,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
