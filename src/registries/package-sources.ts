import type {
  PackageEcosystem,
  PackageFacts,
  PackageQuery,
  PackageSource,
} from '../domain/package-source.ts';
import { fetchJson } from './fetch-json.ts';

/** Base addresses of the operator's registries, as their package managers have them. */
export type RegistryAddresses = Readonly<Partial<Record<PackageEcosystem, string>>>;

const unknown: PackageFacts = {
  firstPublishedAt: null,
  versions: null,
  latest: null,
  hasInstallScript: null,
  licence: null,
};

/** Asks the registry of the package's ecosystem; without one nothing is known. */
export function createPackageSource(addresses: RegistryAddresses): PackageSource {
  return {
    async lookUp({ ecosystem, name }: PackageQuery, signal) {
      const base = addresses[ecosystem];
      if (base === undefined) return 'unavailable';
      return await asks[ecosystem](withSlash(base), name, signal);
    },
  };
}

type Ask = (base: string, name: string, signal: AbortSignal) => ReturnType<PackageSource['lookUp']>;

/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
const askNpm: Ask = async (base, name, signal) => {
  if (!/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name)) return 'absent';
  const fetched = await fetchJson(`${base}${name.replace('/', '%2f')}`, signal);
  if (typeof fetched === 'string') return fetched;
  const versions = recordAt(fetched.json, 'versions');
  const latest = stringAt(recordAt(fetched.json, 'dist-tags'), 'latest');
  const newest = latest === null ? {} : recordAt(versions, latest);
  const scripts = recordAt(newest, 'scripts');
  return {
    firstPublishedAt: dateOf(stringAt(recordAt(fetched.json, 'time'), 'created')),
    versions: Object.keys(versions).length,
    latest,
    hasInstallScript:
      newest['hasInstallScript'] === true ||
      ['preinstall', 'install', 'postinstall'].some((script) => Object.hasOwn(scripts, script)),
    licence: stringAt(newest, 'license'),
  };
};

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
const askPypi: Ask = async (base, name, signal) => {
  if (!/^[\w.-]+$/.test(name)) return 'absent';
  const normal = name.toLowerCase().replace(/[-_.]+/g, '-');
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.1';
  const fetched = await fetchJson(`${base}${normal}/`, signal, { accept });
  if (typeof fetched === 'string') return fetched;
  const files = arrayAt(fetched.json, 'files');
  const times = files.flatMap((file) => dateOf(stringAt(file, 'upload-time')) ?? []);
  const versions = arrayAt(fetched.json, 'versions').filter((version) => typeof version === 'string');
  const first = Math.min(...times.map((time) => time.getTime()));
  return {
    ...unknown,
    firstPublishedAt: Number.isFinite(first) ? new Date(first) : null,
    versions: versions.length > 0 ? versions.length : null,
    latest: versions.at(-1) ?? null,
  };
};

/** https://go.dev/ref/mod#goproxy-protocol */
const askGo: Ask = async (base, name, signal) => {
  const escaped = name.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  if (!/^[\w.~!-]+(?:\/[\w.~!-]+)*$/.test(escaped) || escaped.includes('..')) return 'absent';
  const fetched = await fetchJson(`${base}${escaped}/@latest`, signal);
  if (typeof fetched === 'string') return fetched;
  return { ...unknown, latest: stringAt(fetched.json, 'Version') };
};

const asks: Readonly<Record<PackageEcosystem, Ask>> = { npm: askNpm, pypi: askPypi, go: askGo };

function withSlash(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

function arrayAt(value: unknown, key: string): readonly unknown[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

function stringAt(value: unknown, key: string): string | null {
  const found = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === 'string' ? found : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dateOf(text: string | null): Date | null {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}
