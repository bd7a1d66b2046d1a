/** Ecosystems of which packages are looked up. */
export type PackageEcosystem = 'npm' | 'pypi' | 'go';

/** What a registry says about a package; null where it does not say. */
export interface PackageFacts {
  readonly firstPublishedAt: Date | null;
  readonly versions: number | null;
  readonly latest: string | null;
  readonly hasInstallScript: boolean | null;
  /** An SPDX expression. */
  readonly licence: string | null;
}

export interface PackageQuery {
  readonly ecosystem: PackageEcosystem;
  readonly name: string;
}

/** A registry of the operator's. Never one that a repository names: it could say that anything exists. */
export interface PackageSource {
  /** `unavailable`: nobody answered, so nothing is known. Never throws but for an aborted signal. */
  lookUp(query: PackageQuery, signal: AbortSignal): Promise<PackageFacts | 'absent' | 'unavailable'>;
}

export interface Advisory {
  readonly id: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown';
  readonly summary: string;
}

export interface AdvisorySource {
  /** Advisories that hold for a version. */
  advisories(
    query: PackageQuery & { readonly version: string },
    signal: AbortSignal,
  ): Promise<readonly Advisory[] | 'unavailable'>;
}
