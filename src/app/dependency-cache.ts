import type { Settings } from '../config/read-settings.ts';
import { openDependencyCache } from '../dependencies/open-dependency-cache.ts';
import type { DependencyCache } from '../domain/dependency-cache.ts';
import type { Logger } from '../domain/logger.ts';
import { systemClock } from './system-clock.ts';

const gibibyte = 1024 ** 3;
const dayMs = 24 * 60 * 60_000;

type CacheSettings = Pick<
  Settings,
  'stateDir' | 'AGENT_DEPENDENCY_CACHE_GIB' | 'AGENT_DEPENDENCY_CACHE_DAYS'
>;

/** The layers of this machine, to look at and to remove; also where the settings have none made. */
export function dependencyCacheOf(settings: CacheSettings, log: Logger): DependencyCache {
  return openDependencyCache({
    stateDir: settings.stateDir,
    totalBytesMax: settings.AGENT_DEPENDENCY_CACHE_GIB * gibibyte,
    ageMsMax: settings.AGENT_DEPENDENCY_CACHE_DAYS * dayMs,
    clock: systemClock,
    log,
  });
}

/** In words: how much there is of how much; for people. */
export async function describeDependencyCache(settings: CacheSettings, log: Logger): Promise<string> {
  const layers = await dependencyCacheOf(settings, log).list();
  const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  const limit = settings.AGENT_DEPENDENCY_CACHE_GIB;
  const most = limit === 0 ? 'switched off' : `at most ${limit} GiB`;
  return `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}, ${mebibytes(bytes)}, ${most}`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
