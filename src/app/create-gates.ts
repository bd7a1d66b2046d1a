import type { Gate } from '../domain/gate.ts';
import { createComplexityGate } from '../gates/complexity-gate.ts';
import { createDocsGate } from '../gates/docs-gate.ts';
import { createDuplicationGate } from '../gates/duplication-gate.ts';
import { createFactsReader } from '../gates/facts/facts-reader.ts';
import { createIntegrityGate } from '../gates/integrity-gate.ts';
import { createLintGate } from '../gates/lint-gate.ts';
import { createParseGate } from '../gates/parse-gate.ts';
import { createPolicyGate } from '../gates/policy-gate.ts';
import { createSecretsGate } from '../gates/secrets-gate.ts';
import { createTestsGate } from '../gates/tests-gate.ts';

/** The gates of one process; `close` ends the threads that read texts for them. */
export interface Gates {
  readonly gates: readonly Gate[];
  close(): Promise<void>;
}

/** In the order in which people see them: tests, security, quality. */
export function createGates(): Gates {
  const facts = createFactsReader();
  return {
    gates: [
      createTestsGate(),
      createIntegrityGate(),
      createSecretsGate(),
      createPolicyGate({ facts }),
      createLintGate(),
      createParseGate({ facts }),
      createComplexityGate({ facts }),
      createDuplicationGate({ facts }),
      createDocsGate({ facts }),
    ],
    close: () => facts.close(),
  };
}
