import type { Settings } from '../config/read-settings.ts';
import type { Gate } from '../domain/gate.ts';
import { createClaimsGate } from '../gates/claims-gate.ts';
import { createComplexityGate } from '../gates/complexity-gate.ts';
import { createCoverageGate } from '../gates/coverage-gate.ts';
import { createDependenciesGate } from '../gates/dependencies-gate.ts';
import { createDocsGate } from '../gates/docs-gate.ts';
import { createDuplicationGate } from '../gates/duplication-gate.ts';
import { createFactsReader } from '../gates/facts/facts-reader.ts';
import { createHallucinationGate } from '../gates/hallucination-gate.ts';
import { createIntegrityGate } from '../gates/integrity-gate.ts';
import { createLintGate } from '../gates/lint-gate.ts';
import { createParseGate } from '../gates/parse-gate.ts';
import { createPolicyGate } from '../gates/policy-gate.ts';
import { createSastGate } from '../gates/sast-gate.ts';
import { createSecretsGate } from '../gates/secrets-gate.ts';
import { createTestsGate } from '../gates/tests-gate.ts';
import { createOsvAdvisories } from '../registries/osv-advisories.ts';
import { registriesOf } from './choose-sandbox.ts';
import { lazyPackageSource } from './registry-addresses.ts';
import { systemClock } from './system-clock.ts';

/** The gates of one process; `close` ends the threads that read texts for them. */
export interface Gates {
  readonly gates: readonly Gate[];
  close(): Promise<void>;
}

/** In the order in which people see them: tests, security, quality. */
export function createGates(settings: Settings): Gates {
  const facts = createFactsReader();
  return {
    gates: [
      createTestsGate(),
      createIntegrityGate(),
      createCoverageGate(),
      createSecretsGate(),
      dependencies(settings),
      createSastGate({ facts }),
      createPolicyGate({ facts }),
      createLintGate(),
      createParseGate({ facts }),
      createComplexityGate({ facts }),
      createDuplicationGate({ facts }),
      createDocsGate({ facts }),
      createHallucinationGate({ facts }),
      createClaimsGate(),
    ],
    close: () => facts.close(),
  };
}

function dependencies(settings: Settings): Gate {
  const { OSV_URL } = settings;
  return createDependenciesGate({
    packages: lazyPackageSource(settings),
    advisories: OSV_URL === 'off' ? null : createOsvAdvisories(OSV_URL),
    trustedHosts: () => registriesOf(settings).map((entry) => entry.replace(/^private:/, '')),
    now: () => systemClock.now(),
  });
}
