import { z } from 'zod';
import type { Advisory, AdvisorySource, PackageEcosystem } from '../domain/package-source.ts';
import { fetchJson } from './fetch-json.ts';

const names: Readonly<Record<PackageEcosystem, string>> = { npm: 'npm', pypi: 'PyPI', go: 'Go' };

const answerSchema = z.object({
  vulns: z
    .array(
      z.object({
        id: z.string(),
        summary: z.string().default(''),
        database_specific: z.object({ severity: z.string().optional() }).loose().optional(),
      }),
    )
    .default([]),
});

/** Advisories by https://google.github.io/osv.dev/post-v1-query/; `address` is that of the service. */
export function createOsvAdvisories(address: string): AdvisorySource {
  return {
    async advisories({ ecosystem, name, version }, signal) {
      const body = { version, package: { name, ecosystem: names[ecosystem] } };
      const fetched = await fetchJson(`${address.replace(/\/$/, '')}/v1/query`, signal, { body });
      if (typeof fetched === 'string') return 'unavailable';
      const answer = answerSchema.safeParse(fetched.json);
      if (!answer.success) return 'unavailable';
      return answer.data.vulns.map(({ id, summary, database_specific }) => ({
        id,
        summary,
        severity: severityOf(database_specific?.severity ?? ''),
      }));
    },
  };
}

/** GitHub's words, which the other databases that OSV reads have taken over. */
function severityOf(word: string): Advisory['severity'] {
  const known = {
    critical: 'critical',
    high: 'high',
    moderate: 'medium',
    medium: 'medium',
    low: 'low',
  } as const;
  const key = word.toLowerCase();
  return Object.hasOwn(known, key) ? known[key as keyof typeof known] : 'unknown';
}
